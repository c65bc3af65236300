"""`search` and `preview`: what was read, and the exact message it makes."""

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from monitor.render.forms import CARD_FORMS
from tests.support.commands import Cli

FORMS = {
    "text": "Subject: [High] OFAC lists 14 shipping companies",
    "html": "<!doctype html>",
    "slack": '"type": "header"',
    "json": '"type": "alert"',
    "teams": '"type": "AdaptiveCard"',
    "discord": '"embeds": [',
    "telegram": '"entities": [',
    "ntfy": '"priority": ',
    "pagerduty": '"event_action": "trigger"',
    "matrix": '"msgtype": "m.text"',
    "apprise": '"body": ',
}


def sample_item(cli: Cli, words: str) -> str:
    """Return the id of the one item of the sample that has these words."""
    (found,) = cli("search", words, "--json").data
    return str(found["id"])


# ---------------------------------------------------------------- search


def test_everything_ever_read_is_found_flagged_or_not(sampled: Cli) -> None:
    answer = sampled("search", "S-400")
    assert answer.code == 0
    assert "sanctions+arms top" in answer.flat
    assert "– archive" in answer.flat
    assert "S-400 battery destroyed in overnight strike on Crimea" in answer.flat


def test_programs_get_items_with_their_verdicts(sampled: Cli) -> None:
    newest, oldest = sampled("search", "s-400", "--json").data
    assert (newest["feed"], newest["title"][:13]) == ("sample", "S-400 battery")
    assert set(oldest) == {"id", "feed", "title", "url", "lang", "first_seen_at", "published_at", "verdict"}
    assert oldest["verdict"]["event"]["type"] == "relief_talks"
    assert oldest["verdict"]["route"]["placement"] == "top"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["shipping", "iranian"], 1),
        (['"shipping companies"'], 1),
        (['"companies shipping"'], 0),
        (["compan*"], 1),
        (["Türkiye"], 1),
        (["turkiye"], 1),
        (["zeppelin"], 0),
    ],
)
def test_words_phrases_and_beginnings_are_understood(words: list[str], found: int, sampled: Cli) -> None:
    assert len(sampled("search", *words, "--json").data) == found


def test_nothing_found_is_said(sampled: Cli) -> None:
    assert sampled("search", "zeppelin").out == "nothing found\n"


def test_no_more_is_shown_than_asked_for(sampled: Cli) -> None:
    assert len(sampled("search", "sanctions", "--limit", "2", "--json").data) == 2


def test_every_verdict_can_be_explained_again(sampled: Cli) -> None:
    answer = sampled("search", "FIFA", "--explain")
    assert "Against -" in answer.flat
    assert "Goes to archive" in answer.flat


# ---------------------------------------------------------------- preview


@pytest.mark.parametrize(("form", "begin"), FORMS.items())
def test_the_message_of_an_alert_is_shown_in_every_form(form: str, begin: str, sampled: Cli) -> None:
    id = sample_item(sampled, "shipping")
    answer = sampled("preview", "alert", id[:10], "--as", form)
    assert answer.code == 0
    assert begin in answer.out
    assert sampled("preview", "alert", id, "--as", form, "--out", "message").out == "wrote message\n"
    assert Path("message").read_text("utf-8").strip() == answer.out.strip()


def test_what_was_sent_is_what_is_shown(sampled: Cli) -> None:
    id = sample_item(sampled, "shipping")
    shown = sampled("preview", "alert", id, "--as", "json").data
    folder = Path(sampled("outbox", "list", "--limit", "1", "--json").data[0]["note"]).parent
    assert shown in [json.loads(path.read_text("utf-8")) for path in folder.glob("*-alert-*.json")]


def test_an_item_that_raised_nothing_shows_what_it_would_have_said(sampled: Cli) -> None:
    answer = sampled("preview", "alert", sample_item(sampled, "FIFA"))
    assert answer.code == 0
    assert "FIFA sanctions club over unpaid transfer fees" in answer.out


@pytest.mark.parametrize(
    ("form", "begin"),
    {**FORMS, "text": "Subject: [Digest] ", "json": '"type": "digest"'}.items(),
)
def test_the_message_of_a_digest_is_shown_in_every_form(form: str, begin: str, sampled: Cli) -> None:
    day = sampled("search", "FIFA", "--json").data[0]["first_seen_at"][:10]
    answer = sampled("preview", "digest", day, "--as", form)
    assert answer.code == 0
    assert begin in answer.out
    expected = "more, not shown here" if form == "slack" else "OFAC lists 14 shipping companies"
    if form in CARD_FORMS:
        expected = "10 stories: 8 high, 2 medium"
    assert expected in " ".join(answer.out.split())
    assert sampled("preview", "digest", day, "--digest", "daily", "--as", form, "-o", "message").code == 0
    assert Path("message").stat().st_size > 1000


def test_a_day_without_alerts_has_a_digest_that_says_so(sampled: Cli) -> None:
    answer = sampled("preview", "digest", "2001-01-01")
    assert answer.code == 0
    assert "OFAC" not in answer.out


def test_preview_writes_nothing(sampled: Cli) -> None:
    before = sampled("outbox", "list", "--json").out
    sampled("preview", "digest", "today")
    sampled("preview", "alert", sample_item(sampled, "FIFA"))
    assert sampled("outbox", "list", "--json").out == before


def test_a_digest_is_shown_as_the_mail_and_the_table_that_go_out(sampled: Cli) -> None:
    day = sampled("search", "FIFA", "--json").data[0]["first_seen_at"][:10]
    assert sampled("preview", "digest", day, "--as", "eml", "-o", "digest.eml").code == 0
    mail = message_from_bytes(Path("digest.eml").read_bytes(), policy=policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"digest-{day}.csv"
    assert sampled("preview", "digest", day, "--as", "csv", "-o", "digest.csv").code == 0
    assert Path("digest.csv").read_bytes() == attached.get_payload(decode=True)


def test_an_alert_is_shown_as_a_terminal_shows_it_and_as_no_table(sampled: Cli) -> None:
    id = sample_item(sampled, "shipping")
    assert sampled("preview", "alert", id, "--as", "console").out.startswith("HIGH · OFAC lists 14")
    refused = sampled("preview", "alert", id, "--as", "csv")
    assert refused.code == 2
    assert "only a digest is a table" in " ".join(refused.err.replace("│", " ").split())


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["preview", "alert", "ffffffffff"], "no item 'ffffffffff'; see `sanctions-monitor search WORDS`"),
        (
            ["preview", "digest", "today", "--digest", "weekly"],
            "no digest 'weekly'; write one as [digests.daily]",
        ),
        (["preview", "digest", "yesterday"], "'yesterday' is no date; write 2026-11-23 or today"),
        (["preview", "alert", "ffffffffff", "--as", "fax"], "'fax' is not one of"),
        (["search", '"'], "column 1: this quotation mark is not closed"),
    ],
)
def test_what_names_nothing_is_a_mistake_of_usage(args: list[str], said: str, sampled: Cli) -> None:
    answer = sampled(*args)
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())


def test_a_file_that_cannot_be_written_is_named(sampled: Cli) -> None:
    answer = sampled("preview", "alert", sample_item(sampled, "shipping"), "--out", "no/such/folder")
    assert (answer.code, answer.err) == (1, "no/such/folder cannot be written: No such file or directory\n")
