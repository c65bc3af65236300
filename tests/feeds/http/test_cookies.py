import httpx
import pytest

from monitor.feeds.http.cookies import MAX_COOKIES, ChainCookies

URL = httpx.URL("https://news.example/feeds/all.xml")


@pytest.mark.parametrize(
    ("headers", "url", "sent"),
    [
        (["a=1"], "https://news.example/feeds/other.xml", "a=1"),
        (["a=1"], "https://news.example/", ""),
        (["a=1; Path=/"], "https://news.example/", "a=1"),
        (["a=1; Path=/feed"], "https://news.example/feeds/", ""),
        (["a=1; Path=/feeds"], "https://news.example/feeds/x", "a=1"),
        (["a=1; Path=/", "b=2; Path=/"], "https://news.example/", "a=1; b=2"),
        (["a=1; Path=/", "a=2; Path=/"], "https://news.example/", "a=2"),
        (["a=1; Path=/", "a=; Path=/; Max-Age=0"], "https://news.example/", ""),
        (["a=1; Path=/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "https://news.example/", ""),
        (["a=1; Path=/; Max-Age=60; Expires=sometime"], "https://news.example/", "a=1"),
        (["a=1; Path=/; Secure"], "http://news.example/", ""),
        (["a=1; Path=/; Domain=.example"], "https://other.example/", ""),
        (["a=x=y; Path=/"], "https://news.example/", "a=x=y"),
        (["no pair", "=1", "a=\x01; Path=/", "a=" + "x" * 5_000], "https://news.example/", ""),
    ],
)
def test_a_cookie_is_sent_where_it_belongs(headers: list[str], url: str, sent: str):
    cookies = ChainCookies()
    cookies.store(URL, headers)
    assert cookies.header(httpx.URL(url)) == sent


def test_a_flood_of_cookies_is_cut():
    cookies = ChainCookies()
    cookies.store(URL, [f"n{number}=1; Path=/" for number in range(1_000)])
    assert len(cookies.names) == MAX_COOKIES
