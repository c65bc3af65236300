"""What is posted to chat services: within every limit, and nothing in it that a feed could have made."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.model import Alert, Message
from monitor.render import samples as sample
from monitor.render.card import units
from monitor.render.forms import CARD_FORMS
from monitor.render.renderer import Renderer
from tests.conftest import alert as plain_alert
from tests.render.test_injection import CASES, hostile
from tests.render.test_renderer import many

RENDERER = Renderer()
FORMS = pytest.mark.parametrize("form", CARD_FORMS)


# ---------------------------------------------------------------- what each service takes


def check_teams(data: dict[str, Any]) -> list[str]:
    """Fail on what is no card or reads as more than text; return the texts."""
    assert len(json.dumps(data, ensure_ascii=False).encode()) <= 20_000
    (attachment,) = data["attachments"]
    card = attachment["content"]
    assert (data["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card.keys() <= {"$schema", "type", "version", "fallbackText", "msteams", "body", "actions"}
    assert card["msteams"] == {"width": "Full"}  # no entities, and so no mention
    runs = [run for element in card["body"] for run in element["inlines"]]
    for element in card["body"]:
        assert element["type"] == "RichTextBlock"  # a TextBlock would be read as Markdown
    assert all(run["type"] == "TextRun" and run["text"] for run in runs)
    for action in (*card.get("actions", ()), *(run["selectAction"] for run in runs if "selectAction" in run)):
        assert action["type"] == "Action.OpenUrl"
        assert action["url"].startswith(("https://", "http://"))
    texts = [
        card["fallbackText"],
        *("".join(run["text"] for run in each["inlines"]) for each in card["body"]),
    ]
    assert not [text for text in texts if "{{" in text or "${" in text]
    return [text.replace("\u2060", "") for text in texts]


#: All that may stand in an embed's text: what is escaped, what needs none, our bold and our links.
_WORDS = r"(?:\\[\\*_~`|>#\[\]()<@:+-]|(?!://)[^\\*_~`|>#\[\]()<@+-])"
_LINK = rf"\[{_WORDS}+\]\(<https?://[^<>()\s]+>\)"
_EMBED = re.compile(rf"(?:{_WORDS}|\*\*{_WORDS}+\*\*|{_LINK}|\*\*{_LINK}\*\*)*")


def check_discord(data: dict[str, Any]) -> list[str]:
    assert data.keys() == {"embeds", "allowed_mentions"}
    assert data["allowed_mentions"] == {"parse": []}
    texts, total = [], 0
    assert 0 < len(data["embeds"]) <= 10
    for embed in data["embeds"]:
        assert embed.keys() <= {"title", "description", "color", "footer"}  # an url would hide its like
        footer = embed.get("footer", {}).get("text", "")
        for text, most in ((embed.get("title", ""), 256), (embed["description"], 4096), (footer, 2048)):
            assert units(text) <= most
            total += units(text)
        assert _EMBED.fullmatch(embed.get("title", ""))
        assert _EMBED.fullmatch(embed["description"]), embed["description"]
        texts += [re.sub(r"\\(.)", r"\1", embed.get("title", "") + embed["description"]), footer]
    assert total <= 6000
    return texts


def check_telegram(data: dict[str, Any]) -> list[str]:
    assert data.keys() == {"text", "entities", "link_preview_options"}
    assert data["link_preview_options"] == {"is_disabled": True}
    units = data["text"].encode("utf-16-le")
    assert 0 < len(units) // 2 <= 4096
    assert len(data["entities"]) <= 100
    for entity in data["entities"]:
        start, stop = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        assert 0 <= start < stop <= len(units)
        units[start:stop].decode("utf-16-le")  # no half of a pair
        assert entity["type"] in {"bold", "text_link"}
        assert entity.get("url", "https://").startswith(("https://", "http://"))
    assert not re.search(r"(?<!\w)([@#/]\w|\$[A-Za-z])", data["text"])
    assert data["text"] == data["text"].lstrip()  # Telegram trims, and offsets would be wrong
    return [data["text"].replace("\u2060", "")]


def check_ntfy(data: dict[str, Any]) -> list[str]:
    assert data.keys() <= {"title", "message", "priority", "markdown", "click"}
    assert len(data["title"].encode()) <= 1024
    assert 0 < len(data["message"].encode()) <= 4000
    assert len(json.dumps(data, ensure_ascii=False).encode()) <= 7_500
    assert data["priority"] in range(1, 6)
    assert data["markdown"] is False
    assert data.get("click", "https://").startswith(("https://", "http://"))
    assert "\n" not in data["title"]
    return [data["title"], data["message"]]


def check_pagerduty(data: dict[str, Any]) -> list[str]:
    assert data["event_action"] in {"trigger", "resolve"}
    assert len(data["dedup_key"]) <= 255
    payload = data["payload"]
    assert 0 < len(payload["summary"]) <= 1024
    assert payload["severity"] in {"critical", "error", "warning", "info"}
    assert len(json.dumps(data, ensure_ascii=False).encode()) <= 512_000
    assert all(link["href"].startswith(("https://", "http://")) for link in data.get("links", ()))
    return [payload["summary"], *payload["custom_details"]["says"]]


def check_matrix(data: dict[str, Any]) -> list[str]:
    assert data.keys() == {"msgtype", "body", "format", "formatted_body", "m.mentions"}
    assert data["m.mentions"] == {}  # mentions nobody, whatever the text contains
    assert len(json.dumps(data, ensure_ascii=False).encode()) <= 50_000
    parser = Tags()
    parser.feed(data["formatted_body"])
    parser.close()
    assert parser.tags <= {"h4", "p", "br", "strong", "em", "a", "hr"}
    assert parser.attributes <= {"href"}
    assert all(link.startswith(("https://", "http://")) for link in parser.links)
    return [data["body"], "".join(parser.texts)]


def check_apprise(data: dict[str, Any]) -> list[str]:
    assert data.keys() == {"title", "body"}
    assert 0 < len(data["body"]) <= 3_500
    return [data["title"], data["body"]]


class Tags(HTMLParser):
    """Collects what a client would act upon, and what it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


CHECKS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "teams": check_teams,
    "discord": check_discord,
    "telegram": check_telegram,
    "ntfy": check_ntfy,
    "pagerduty": check_pagerduty,
    "matrix": check_matrix,
    "apprise": check_apprise,
}


def said(form: str, alert: Alert) -> Iterator[tuple[Message, list[str]]]:
    """Yield what an alert makes, alone and in a digest, checked, and its texts."""
    digest = replace(sample.DIGEST, alerts=(alert,))
    for message in (*RENDERER.alert(alert, form), *RENDERER.digest(digest, form)):
        assert message.text
        json.dumps(message.data, ensure_ascii=False).encode()
        yield message, CHECKS[form](dict(message.data))


@FORMS
@pytest.mark.parametrize("alert", sample.ALERTS, ids=lambda a: a.item.guid)
def test_every_alert_is_one_message_that_the_service_accepts_with_the_story(form: str, alert: Alert) -> None:
    (_, texts), _ = said(form, alert)
    shown = " ".join(" ".join(texts).split())
    assert " ".join(alert.item.title.split())[:80] in shown
    assert f"alert {alert.id}" in shown
    assert ("UNCONFIRMED" in shown) == alert.decision.unconfirmed


@FORMS
@pytest.mark.parametrize("n", [0, 1, 300])
def test_a_digest_of_any_size_is_one_short_message_that_counts_all(form: str, n: int) -> None:
    (message,) = RENDERER.digest(many(n), form)
    shown = " ".join(" ".join(CHECKS[form](dict(message.data))).split())
    assert (f"{n} {'story' if n == 1 else 'stories'}: " if n else "Nothing flagged") in shown
    assert message.text.count("://") <= 5
    if n > 5:
        assert f"and {n - 5} more" in shown


@FORMS
def test_a_health_report_says_what_began_and_what_ended(form: str) -> None:
    for still_open in (3, 0):
        (message,) = RENDERER.health(replace(sample.HEALTH, still_open=still_open), form)
        assert "cannot be read" in " ".join(CHECKS[form](dict(message.data)))
        if form == "pagerduty":
            assert message.data["event_action"] == ("trigger" if still_open else "resolve")


LONG = ["<&> " * 3_000, "制裁" * 6_000, "💥" * 9_000, "\\*_" * 4_000, "x" * 20_000, "[a](b) " * 2_000]


@FORMS
@pytest.mark.parametrize("words", LONG, ids=lambda words: words[:3])
def test_the_longest_of_everything_still_fits(form: str, words: str) -> None:
    for message, texts in said(form, hostile(words)):
        if "left out" in message.text:
            assert message.text.rstrip().endswith("legal advice.")
        assert texts


# ---------------------------------------------------------------- hostile words

CHAT_CASES = [
    "[click](javascript:alert(1)) [x](https://evil.example)",
    "@everyone @here <@123> <@&5> <#7> <:x:1> <t:0:R> :smile: @room",
    "<at>Everyone</at> {{DATE(2026-01-01T00:00:00Z)}} ${title} {{{x}}} $${y}",
    "# Heading > quote >>> all - list -# small 1. one ||spoiler|| ~~gone~~ `code` ```block```",
    "**bold** __under__ *it* _it_ \\*not\\* \\\\",
    "/start@bot #tag $CASH @user me@here.example tg://user?id=1",
    "<b>x</b> <a href='tg://user?id=1'>y</a> &lt;b&gt; &amp; <img src=x onerror=alert(1)>",
    "<mx-reply>x</mx-reply> <font color=red>y</font> https://matrix.to/#/@user:evil.example",
    "X-Title: x\r\nActions: view, Evil, https://evil.example\r\n\r\nbody",
    "\x02bold\x03 \x04https://evil.example\x05label\x06 \x1eheader\x1f",
]


@FORMS
@pytest.mark.parametrize("title", CHAT_CASES)
def test_words_that_are_markup_elsewhere_are_shown_and_do_nothing(form: str, title: str) -> None:
    alert = hostile(title)
    for _, texts in said(form, alert):
        assert " ".join(re.sub("[\x00-\x1f]", " ", title).split())[:30] in " ".join(" ".join(texts).split())


@pytest.mark.parametrize("title", CHAT_CASES)
def test_an_independent_parser_of_markdown_finds_nothing_but_ours(title: str) -> None:
    for message in (*RENDERER.alert(hostile(title), "discord"),):
        for embed in message.data["embeds"]:
            found = [
                token
                for block in MarkdownIt("commonmark").enable("strikethrough").parse(embed["description"])
                for token in (block, *(block.children or ()))
            ]
            assert {token.type.rsplit("_", 1)[0] for token in found} <= {
                *("paragraph", "inline", "text", "softbreak", "text_special", "strong", "link")
            }
            links = [token.attrs["href"] for token in found if token.type == "link_open"]
            assert links == ["https://news.example/1"]


@given(st.text(max_size=300), st.text(max_size=100))
@settings(max_examples=25)
def test_whatever_a_feed_says_is_what_every_service_takes(title: str, url: str) -> None:
    alert = hostile(title, f"https://news.example/{url}")
    for form in CARD_FORMS:
        assert [texts for _, texts in said(form, alert)]


@FORMS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_does_nothing_in_mail_does_nothing_here(form: str, case: dict[str, Any]) -> None:
    alert = hostile(case["title"], case.get("url", "https://news.example/1"), case.get("lang", "en"))
    for message, texts in said(form, alert):
        posted = json.dumps(message.data, ensure_ascii=False)
        for gone in case.get("gone", ()):
            assert gone not in posted
            assert not any(gone in text for text in texts if gone not in "\r\n")


def test_the_only_link_of_an_alert_is_the_items() -> None:
    alert = hostile("[x](https://evil.example) https://evil.example <https://evil.example>")
    found = {
        form: set(
            re.findall(r'"(?:url|href|click)": "([^"]+)"', json.dumps(RENDERER.alert(alert, form)[0].data))
        )
        for form in CARD_FORMS
    }
    item = {"https://news.example/1"}
    assert found == {
        "teams": item,
        "telegram": item,
        "ntfy": item,
        "pagerduty": item,
        "discord": set(),
        "matrix": set(),
        "apprise": set(),
    }


# ---------------------------------------------------------------- what it says


@FORMS
def test_at_most_200_characters_of_a_summary_are_shown(form: str) -> None:
    summary = " ".join(f"word{i}" for i in range(400))
    alert = plain_alert(item=replace(sample.TALKS.item, summary=summary))
    for _, texts in said(form, alert):
        for text in texts:
            assert len(" ".join(re.findall(r"word\d+", text))) <= 200


def test_updates_of_a_story_join_its_incident_and_severity_decides_how_loud_it_is() -> None:
    update = replace(sample.TALKS, kind="update", news="a date was set")
    events = [RENDERER.alert(alert, "pagerduty")[0].data for alert in (sample.TALKS, update, sample.LISTING)]
    assert events[0]["dedup_key"] == events[1]["dedup_key"] == "sanctions-monitor/2f6c1e08"
    assert events[0]["dedup_key"] != events[2]["dedup_key"]
    assert [event["payload"]["severity"] for event in events] == ["warning", "warning", "critical"]
    loud = [RENDERER.alert(alert, "ntfy")[0].data["priority"] for alert in (sample.LISTING, sample.TALKS)]
    assert loud == [5, 3]


def test_an_operators_template_is_used_and_a_broken_one_is_not(tmp_path: Path) -> None:
    notes: list[str] = []
    (tmp_path / "alert.card.j2").write_text(
        "{{ header }}Ours {{ section }}{{ link(alert.item.url, 'there') }}"
    )
    renderer = Renderer(tmp_path, notes.append)
    for form, check in CHECKS.items():
        assert "there" in " ".join(check(dict(renderer.alert(sample.TALKS, form)[0].data)))
    (tmp_path / "alert.card.j2").write_text("{{ header }}{{ alert.colour }}")
    renderer = Renderer(tmp_path, notes.append)
    for form in CARD_FORMS:
        assert renderer.alert(sample.TALKS, form) == RENDERER.alert(sample.TALKS, form)
    assert ["the built-in template was used" in note for note in notes] == [True]


def test_a_mistake_in_a_template_is_reported_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "alert.card.j2").write_text("{{ header }}\n{{ alert.colour }}")
    assert any("alert.card.j2: line 2" in mistake for mistake in Renderer(tmp_path).check())


@pytest.mark.parametrize(
    "words",
    [
        "{{ subject }}",
        "{{ divider }} ",
        "{{ bold('a') }}\x02 b \x04https://x.example",
        "{{ divider }}" * 30 + "x",
    ],
    ids=["no marks", "no words", "no end", "too many"],
)
def test_a_template_without_marks_or_without_end_still_makes_a_message(words: str, tmp_path: Path) -> None:
    (tmp_path / "alert.card.j2").write_text(words)
    renderer = Renderer(tmp_path)
    for form, check in CHECKS.items():
        (message,) = renderer.alert(sample.TALKS, form)
        assert isinstance(check(dict(message.data)), list), form
        assert sample.TALKS.item.title in message.subject
