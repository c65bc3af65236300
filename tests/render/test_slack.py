from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from slack_sdk.models.blocks import Block

from monitor.model import Message
from monitor.render import samples as sample
from monitor.render import slack
from monitor.render.renderer import Renderer
from tests.render.test_renderer import many


def assert_accepted(message: Message) -> None:
    """Fail on anything Slack would refuse; its own models check a block, the limits of a message are ours."""
    assert 0 < len(message.blocks) <= 45
    assert slack.size(message.blocks) <= 12_000
    for block in message.blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None
        parsed.validate_json()
        assert parsed.to_dict() == block
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 2_900


@pytest.mark.parametrize("n", [0, 1, 120, 1000])
def test_a_digest_of_any_size_is_what_slack_takes(n: int) -> None:
    messages = Renderer().digest(many(n), "slack")
    assert len(messages) <= 3
    for message in messages:
        assert_accepted(message)
        assert message.text
    if len(messages) > 1:
        assert [m.subject[-5:] for m in messages] == [
            f"({i}/{len(messages)})" for i in range(1, len(messages) + 1)
        ]


@pytest.mark.parametrize("alert", sample.ALERTS, ids=lambda a: a.item.guid)
def test_every_alert_is_one_message_that_slack_takes(alert: Any) -> None:
    (message,) = Renderer().alert(alert, "slack")
    assert_accepted(message)


def test_the_longest_of_everything_still_fits() -> None:
    long = "<&> " * 3_000
    item = replace(sample.TALKS.item, title=long, summary=long)
    alert = replace(sample.TALKS, item=item, source=long, news=long)
    for message in (
        *Renderer().alert(alert, "slack"),
        *Renderer().digest(replace(sample.DIGEST, alerts=(alert,)), "slack"),
    ):
        assert_accepted(message)
        for block in message.blocks:
            if block["type"] == "section":
                text = block["text"]["text"].replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
                assert "&" not in text
                assert text.count("<") == text.count(">") - text.count("\n> ") - text.startswith("> ")


def test_without_blocks_the_words_remain_readable() -> None:
    text = Renderer().alert(sample.TALKS, "slack")[0].text
    assert (
        "Türkiye and the United States set up a working group on the S-400 https://news.example/working"
        in text
    )
    assert "<" not in text


PIECES = ["word", " ", "&", "<", ">", ";", "x" * 30, "\n", "&amp;"]


@given(st.lists(st.sampled_from(PIECES), min_size=60, max_size=300).map("".join), st.integers(40, 200))
@settings(max_examples=80, deadline=None)
def test_cutting_keeps_every_word_and_never_breaks_an_escape(text: str, most: int) -> None:
    words = str(escape(text))
    pieces = list(slack._pieces(words, most))
    assert all(len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())
    assert all("&" not in p.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "") for p in pieces)


def test_a_line_too_long_is_cut_before_a_link() -> None:
    line = "word " * 8 + "<https://news.example/1|a title of some length>"
    assert list(slack._pieces(line, 60)) == [
        ("word " * 8).strip(),
        "<https://news.example/1|a title of some length>",
    ]


def test_blocks_are_packed_in_order_within_both_limits() -> None:
    many_blocks = slack.blocks("".join(f"{slack.BLOCK_SIGNS['section']}{i} {'x' * 500}" for i in range(120)))
    packed = slack.pack(many_blocks)
    assert [block for message in packed for block in message] == list(many_blocks)
    assert all(len(message) <= 45 and slack.size(message) <= 12_000 for message in packed)
    assert len(packed) == 6


def test_a_link_that_is_none_leaves_its_words() -> None:
    assert slack.link("ftp://news.example/1", "A <title>") == "A &lt;title&gt;"
    assert slack.link("https://news.example/1", "") == "<https://news.example/1|(no title)>"


def test_a_block_without_words_is_none() -> None:
    marks = slack.BLOCK_SIGNS
    assert slack.blocks(f"{marks['section']} \n{marks['divider']}x{marks['header']}") == (
        {"type": "divider"},
    )


def test_a_link_longer_than_a_block_is_cut_for_want_of_better() -> None:
    pieces = list(slack._pieces("<https://news.example/" + "x" * 60, 40))
    assert "".join(pieces) == "<https://news.example/" + "x" * 60
    assert all(len(piece) <= 40 for piece in pieces)
