"""Translations by an endpoint on loopback: what is asked, what is believed, and what a failure costs."""

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from monitor.config import load
from monitor.errors import ConfigError
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.translation.endpoint import Endpoint, EndpointKind
from monitor.translation.translator import (
    MAX_ANSWER_BYTES,
    MAX_TEXTS,
    MAX_TRANSLATION,
    PAUSE,
    EndpointTranslator,
)
from tests.conftest import FakeClock
from tests.support.servers import Reply, Request, Site

LIBRE, OPENAI = EndpointKind.LIBRETRANSLATE, EndpointKind.OPENAI
RADARS = "Польша покупает 12 радаров"


def answered(said: object, kind: EndpointKind = LIBRE) -> Reply:
    answer = {"translatedText": said} if kind is LIBRE else {"choices": [{"message": {"content": said}}]}
    return Reply(json.dumps(answer), headers={"Content-Type": "application/json"})


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": answered("Poland buys 12 radars")}) as site:
        yield site


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with client(Guard(["127.0.0.1"]), "sanctions-monitor/0") as http:
        yield http


@pytest.fixture
def translator(site: Site, http: httpx.AsyncClient, clock: FakeClock) -> Callable[..., EndpointTranslator]:
    def made(**changes: object) -> EndpointTranslator:
        plain = {"kind": LIBRE, "url": site.url("/"), "key": "hunter22", "time_limit_s": 10.0}
        return EndpointTranslator(Endpoint(**plain | changes), http, clock)

    return made


async def test_libretranslate_is_asked_for_the_headline_alone(site, translator):
    assert await translator()([RADARS]) == {RADARS: "Poland buys 12 radars"}
    assert json.loads(site.requests[0].body) == {
        "q": RADARS,
        "source": "auto",
        "target": "en",
        "format": "text",
        "api_key": "hunter22",
    }


async def test_a_server_with_the_api_of_openai_is_asked_by_chat(site, translator):
    site.routes["/"] = answered('"Poland buys 12 radars"\n', OPENAI)
    translate = translator(kind=OPENAI, model="small")
    assert await translate([RADARS]) == {RADARS: "Poland buys 12 radars"}
    (request,) = site.requests
    asked = json.loads(request.body)
    assert request.headers["authorization"] == "Bearer hunter22"
    assert (asked["model"], asked["messages"][1]) == ("small", {"role": "user", "content": RADARS})
    assert "into English" in asked["messages"][0]["content"]


async def test_a_headline_is_asked_for_once(site, translator):
    translate = translator()
    await translate([RADARS, RADARS])
    assert await translate([RADARS]) == {RADARS: "Poland buys 12 radars"}
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b"no", 500), "HTTP 500"),
        (Reply(b"moved", 302, {"Location": "http://other.example/"}), "HTTP 302"),
        (Reply(b"<html>"), "its answer cannot be read"),
        (Reply(b"{}"), "its answer cannot be read"),
        (answered(["x"]), "its answer cannot be read"),
        (Reply(b" " * (MAX_ANSWER_BYTES + 1)), "its answer cannot be read"),
        (Reply(raw=b""), "it cannot be reached"),
    ],
)
async def test_a_failure_is_no_error_and_the_endpoint_is_left_alone_for_a_while(
    site, translator, clock, reply, reason
):
    site.routes["/"] = reply
    translate = translator()
    assert await translate([RADARS]) == {}
    assert reason in translate.fault
    assert "hunter22" not in translate.fault
    asked = len(site.requests)
    site.routes["/"] = answered("Poland buys 12 radars")
    assert await translate([RADARS]) == {}
    assert len(site.requests) == asked
    clock.advance(seconds=PAUSE.total_seconds())
    assert await translate([RADARS]) == {RADARS: "Poland buys 12 radars"}
    assert translate.fault == ""


async def test_what_does_not_answer_costs_the_time_limit_and_keeps_what_came_before(site, translator):
    silent = Reply(wait=threading.Event())
    site.routes["/"] = lambda request: silent if "second" in request.body.decode() else answered("First")
    translate = translator(time_limit_s=2.0)
    assert await translate(["premier", "second"]) == {"premier": "First"}
    assert translate.fault == "it did not answer in time"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("One\n\nline", "One line"),
        ("word " * 500, ("word " * 500)[:MAX_TRANSLATION].strip()),
        (RADARS.upper(), ""),
        ("", ""),
    ],
)
async def test_an_answer_is_one_short_line_that_says_something_else(site, translator, said, shown):
    site.routes["/"] = answered(said)
    assert await translator()([RADARS]) == ({RADARS: shown} if shown else {})


async def test_one_poll_asks_for_so_many_headlines_and_no_more(site, translator):
    site.routes["/"] = lambda request: answered(said_in(request))
    found = await translator()([f"titre {number}" for number in range(3 * MAX_TEXTS)])
    assert len(found) == len(site.requests) == MAX_TEXTS


def said_in(request: Request) -> str:
    return f"title {json.loads(request.body)['q']}"


async def test_an_internal_endpoint_that_the_configuration_does_not_name_is_not_reached(site, clock):
    async with client(Guard(), "sanctions-monitor/0") as guarded:
        translate = EndpointTranslator(Endpoint(kind=LIBRE, url=site.url("/")), guarded, clock)
        assert await translate([RADARS]) == {}
    assert site.requests == []


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('kind = "deepl"\nurl = "https://t.example/"', "'libretranslate' or 'openai'"),
        ('kind = "openai"\nurl = "https://t.example/"', "model is needed"),
        ('kind = "libretranslate"\nurl = "https://t.example/"\nmodel = "x"', "model is needed"),
        ('kind = "libretranslate"\nurl = "http://t.example/"', "must begin with https://"),
        ('kind = "libretranslate"\nurl = "https://t.example/"\ntimeout = "1m"', "at most 15s"),
        ('kind = "libretranslate"\nurl = "https://t.example/"\ntarget = "English"', "target"),
    ],
)
def test_a_table_that_cannot_work_is_refused(tmp_path, table, words):
    path = tmp_path / "config.toml"
    path.write_text(f"[translation]\n{table}\n", "utf-8")
    with pytest.raises(ConfigError, match="translation") as caught:
        load(path)
    assert words in str(caught.value)


def test_without_a_table_nothing_is_translated(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("", "utf-8")
    assert load(path).translation is None
