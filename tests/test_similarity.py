import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.similarity import link_key, same_page, similarity, title_key, without_figures
from tests.conftest import item

PAGE = "https://news.example/2026/sanctions"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/2026/sanctions",
        "https://www.news.example/2026/sanctions/",
        "https://m.news.example/2026/sanctions",
        "https://amp.news.example/2026/sanctions",
        "https://news.example/2026/sanctions/amp/",
        "https://news.example/amp/2026/sanctions",
        "https://news.example/2026/sanctions.amp".replace(".amp", "?outputType=amp"),
        "https://news.example/2026/sanctions;jsessionid=AB12",
        "https://news.example/2026/sanctions?PHPSESSID=ab12",
        "https://news.example/2026/sanctions?sid=0123456789abcdef01",
        "https://news.example/2026/sanctions#comments",
        "https://news.example/2026/%73anctions",
    ],
)
def test_one_page_has_one_name_however_it_is_linked(url):
    assert link_key(url) == link_key(PAGE)
    assert same_page(url, PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/2026/sanctions?id=2",
        "https://news.example/2026/sanctions?sid=2",
        "https://news.example/2026/Sanctions-2",
        "https://news.example/2026",
        "https://news.example/",
        "",
    ],
)
def test_other_pages_have_other_names(url):
    assert link_key(url) != link_key(PAGE)
    assert not same_page(url, PAGE)


def test_a_page_that_moved_to_another_host_is_the_same_page_under_another_name():
    moved = PAGE.replace("news.example", "gov.example")
    assert same_page(moved, PAGE)
    assert link_key(moved) != link_key(PAGE)


def test_the_order_of_a_query_does_not_count():
    assert link_key("https://e.example/n?a=1&b=2") == link_key("https://e.example/n?b=2&a=1")


@pytest.mark.parametrize(
    "path", ["", "/", "/en", "/en/", "/pt-br/", "/index.html", "/en/default.aspx", "/home"]
)
def test_a_front_page_is_no_page_of_an_item(path):
    url = f"https://ministry.example{path}"
    assert link_key(url) == ""
    assert not same_page(url, url)


@pytest.mark.parametrize("url", ["", "no address", "https://[x", "javascript:1"])
def test_what_is_no_address_is_no_page(url):
    assert link_key(url) == ""


def test_titles_are_named_by_their_folded_words():
    assert title_key(item(title="Türkiye’s S-400: “talks”")) == title_key(item(title="TURKIYE'S S 400 talks"))
    assert title_key(item(title="S-400")) != title_key(item(title="S-500"))


def test_an_item_without_title_is_named_by_its_summary():
    assert title_key(item(title="", summary="a b")) == title_key(item(title="a b"))
    assert title_key(item(title="", summary="")) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU adopts 18th package of sanctions", "EU adopts its 18th sanctions package against Russia"),
        ("Türkiye S-400 anlaşması", "TÜRKİYE S-400 ANLAŞMASI: yeni açıklama"),
        ("Совет ЕС продлил санкции", "Совет ЕС продлил санкции на полгода"),
        ("欧盟宣布新一轮制裁", "欧盟宣布新一轮对俄制裁"),
        ("米国、新たな制裁を発表", "米国が新たな制裁を発表"),
        ("สหภาพยุโรปประกาศคว่ำบาตรรัสเซีย", "สหภาพยุโรปประกาศคว่ำบาตรรัสเซียรอบใหม่"),
        ("الاتحاد الأوروبي يفرض عقوبات", "الاتحاد الأوروبي يفرض عقوبات جديدة"),
    ],
)
def test_a_title_and_its_edit_are_similar_in_any_script(one, other):
    assert similarity(one, other) >= 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU adopts 18th package of sanctions", "Navy orders four frigates from local yard"),
        ("Statement", "Statement on sanctions"),
        ("欧盟宣布新一轮制裁", "海军订购四艘护卫舰"),
        ("สหภาพยุโรปประกาศคว่ำบาตร", "กองทัพเรือสั่งซื้อเรือรบ"),
        ("", "Statement"),
    ],
)
def test_titles_of_two_events_are_not_similar(one, other):
    assert similarity(one, other) < 0.5


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_symmetric_and_between_0_and_1(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1


def test_figures_are_left_out_of_words():
    assert without_figures("1,204 views · 5 minutes ago: S-400") == ("views", "minutes", "ago", "s")
