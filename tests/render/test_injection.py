"""Feed text is hostile: whatever a title, a link or a quote says, a message only shows it."""

import json
import re
import tomllib
from dataclasses import replace
from email import message_from_bytes, policy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitor.channels.smtp.mime import Heading, compose
from monitor.model import Alert, Event, Evidence, Mention, Message, StorySoFar
from monitor.render import samples as sample
from monitor.render.renderer import Renderer
from tests.conftest import delivery

CASES = tomllib.loads((Path(__file__).parent / "injection.toml").read_text("utf-8"))["case"]
ALLOWED_TAGS = set(
    "html head meta title style body div table tbody tr td p h1 h2 h3 a span bdi b i br".split()
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def hostile(title: str, url: str = "https://news.example/1", lang: str = "en") -> Alert:
    """An alert that says `title` wherever a feed or a list could make it say something."""
    item = replace(sample.TALKS.item, title=title, summary=title, url=url, lang=lang)
    event = Event(
        topic="arms",
        type="contract",
        stage="contract",
        polarity="acquire",
        severity=4,
        field="title",
        start=0,
        stop=4,
        quote=title,
        amounts=(title,),
        why=title,
        buyer=title,
        supplier="x",
        systems=("x", title),
        quantity=title,
        deadline=title,
        imposer="x",
    )
    verdict = replace(
        sample.TALKS.verdict,
        event=event,
        background=(event,),
        entities=(Mention(id="x", name=title, kind="weapon", quote=title, lists=(title,)),),
        evidence=(
            Evidence(field="title", start=0, stop=4, quote=title, because="event contract", points=60.0),
        ),
    )
    return replace(sample.TALKS, item=item, verdict=verdict, source=title, kind="update", news=title)


def messages(renderer: Renderer, alert: Alert) -> list[Message]:
    digest = replace(sample.DIGEST, alerts=(alert, replace(alert, kind="new", news="")))
    past = {alert.story: StorySoFar((alert.source,) * 2, sample.NOW, alert.item.title)}
    going_on = replace(digest, alerts=(replace(alert, decision=sample.ORDER.decision),), so_far=past)
    quiet = replace(digest, alerts=(replace(alert, decision=sample.POSSIBLE.decision),))
    digests = (digest, going_on, quiet)
    return [
        message
        for form in ("mail", "slack", "text")
        for said in (renderer.alert(alert, form), *(renderer.digest(each, form) for each in digests))
        for message in said
    ]


def mrkdwn(message: Message) -> list[str]:
    """All that Slack would read for markup: headers are plain text and are not."""
    texts = [
        each for block in message.blocks for each in (block.get("elements") or [block.get("text")]) if each
    ]
    return [each["text"] for each in texts if each["type"] == "mrkdwn"]


def headers(message: Message) -> list[Any]:
    return [block for block in message.blocks if block["type"] == "header"]


@cache
def messages_of(name: str) -> list[Message]:
    """Return all messages about a case, made once."""
    (case,) = [each for each in CASES if each["name"] == name]
    alert = hostile(case["title"], case.get("url", "https://news.example/1"), case.get("lang", "en"))
    return messages(Renderer(), alert)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_hostile_text_is_shown_and_does_nothing(case: dict[str, Any]) -> None:
    said = messages_of(case["name"])
    for message in said:
        markup = [message.html, *mrkdwn(message)]
        shown = [
            *markup,
            message.subject,
            message.text,
            *(block["text"]["text"] for block in headers(message)),
        ]
        assert not [never for never in case.get("never", ()) if any(never in text for text in markup)]
        assert not [gone for gone in case.get("gone", ()) if any(gone in text for text in shown)]
    assert any(case["html"] in message.html for message in said)
    assert any(case["slack"] in text for message in said for text in mrkdwn(message))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_tag_and_every_link_is_ours(case: dict[str, Any]) -> None:
    for message in messages_of(case["name"]):
        parser = Tags()
        parser.feed(message.html)
        assert parser.tags <= ALLOWED_TAGS
        assert all(re.match(r"https?://|#s\d+$", link) for link in parser.links)
        assert parser.attributes <= {
            *(
                "href",
                "dir",
                "lang",
                "class",
                "style",
                "role",
                "align",
                "name",
                "content",
                "charset",
                "xmlns",
                "id",
                "colspan",
            )
        }


class Tags(HTMLParser):
    """Collects what a mail client would act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_a_message_fetches_nothing(renderer: Renderer) -> None:
    for message in messages(renderer, sample.TALKS):
        for fetching in ("<img", "<script", "<link", "@import", "url(", "src=", "background="):
            assert fetching not in message.html


def test_text_that_no_encoder_takes_still_leaves(renderer: Renderer) -> None:
    lone = "A lone \ud800 surrogate"
    entities = (Mention(id="x", name=lone, kind="weapon", quote=lone),)
    alert = replace(sample.TALKS, source=lone, verdict=replace(sample.TALKS.verdict, entities=entities))
    for message in messages(renderer, alert):
        assert message.text.encode()
        assert message.html.encode() or not message.html
    data = renderer.alert(alert, "json")[0].data
    assert json.dumps(data, ensure_ascii=False).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_no_title_makes_a_header_of_a_mail(renderer: Renderer, case: dict[str, Any]) -> None:
    alert = hostile(case["title"])
    ours = set(names_of(sent(renderer.alert(sample.TALKS, "mail")[0])))
    digest = replace(
        sample.DIGEST,
        alerts=(alert,),
        subscription=replace(sample.DIGEST.subscription, attach=("csv", "json")),
    )
    for message in (*renderer.alert(alert, "mail"), *renderer.digest(digest, "mail")):
        raw = sent(message)
        mail = message_from_bytes(raw, policy=policy.default)
        assert set(names_of(raw)) <= ours
        assert mail["Bcc"] is None
        assert mail.defects == []
        assert [part.get_content_type() for part in mail.iter_attachments()] in (
            [],
            ["text/csv", "application/json"],
        )
        assert " ".join(str(mail["Subject"]).split()) == " ".join(message.subject.split())


def sent(message: Message) -> bytes:
    return compose(
        delivery(message=message, recipient="desk@desk.example"), Heading("Radar <radar@news.example>")
    )


def names_of(raw: bytes) -> list[bytes]:
    """Return the names of a mail's headers, without parsing what they hold."""
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    return [line.partition(b":")[0].lower() for line in head.split(b"\r\n")]
