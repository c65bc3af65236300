import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.channels.webhook import canonical as posted
from monitor.model import Alert, Credibility, Decision, Digest, Event, Evidence, Mention, Placement, Verdict
from monitor.render import samples as sample
from monitor.render.environment import escapes
from monitor.render.renderer import MAX_DIGEST_SUBJECT, MAX_HTML_BYTES, Renderer
from monitor.resources import TEMPLATES
from tests.conftest import alert as plain_alert


def many(n: int) -> Digest:
    """A digest of n stories, of every severity, placement and topic."""
    alerts = tuple(
        replace(each, item=replace(each.item, guid=f"{each.item.guid}{i}"), story=f"s{i}", seq=i, kind="new")
        for i in range(n)
        for each in (sample.ALERTS[i % len(sample.ALERTS)],)
    )
    return replace(sample.DIGEST, alerts=alerts)


@pytest.mark.parametrize("form", ["mail", "files", "slack", "json", "text"])
@pytest.mark.parametrize("alert", sample.ALERTS, ids=lambda a: a.item.guid)
def test_every_form_says_the_headline_and_has_a_subject(alert: Alert, form: str) -> None:
    (message,) = Renderer().alert(alert, form)
    said = " ".join(f"{message.text} {message.html} {message.blocks} {message.data}".split())
    assert alert.item.title in said
    assert message.subject.startswith("[")
    assert "\n" not in message.subject


def test_each_form_has_what_its_channel_takes() -> None:
    said = {
        form: Renderer().alert(sample.TALKS, form)[0] for form in ("mail", "files", "slack", "json", "text")
    }
    has = {form: (bool(m.text), bool(m.html), bool(m.blocks), bool(m.data)) for form, m in said.items()}
    assert has == {
        "mail": (True, True, False, False),
        "files": (True, True, False, True),
        "slack": (True, False, True, False),
        "json": (False, False, False, True),
        "text": (True, False, False, False),
    }


def test_the_text_form_of_an_alert_is_a_few_lines_and_of_a_digest_the_whole() -> None:
    (alert,) = Renderer().alert(sample.TALKS, "text")
    assert alert.text.startswith("MEDIUM · Talks on relief from sanctions\n  Türkiye and the United States")
    assert len(alert.text.splitlines()) < 25
    (digest,) = Renderer().digest(sample.DIGEST, "text")
    assert digest.text.splitlines()[:2] == [digest.subject, "=" * len(digest.subject)]


def test_an_unknown_form_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="carrier pigeon"):
        Renderer().alert(sample.TALKS, "carrier pigeon")


@pytest.mark.parametrize("form", ["mail", "slack"])
def test_an_alert_says_all_that_it_must(form: str) -> None:
    (message,) = Renderer().alert(sample.TALKS, form)
    said = " ".join(f"{message.text} {message.html} {message.blocks}".split())
    for words in (
        *("Sample Wire", "wire or major paper", "· en", "23 Nov 2026 03:48", "23 Nov 2026 04:12"),
        *("talks on relief", "eases", "severity 3 of 5", "severity 3, credibility B"),
        *("the summary has", "“CAATSA”", "a sanctions programme by name", "against it: the summary has"),
        *("Türkiye, United States", "S-400", "US NS-MBS"),
        *("2017: contract – background", "$2.5bn", "2019: delivery – background"),
        *("80 of 100", "no primary document found", "the first alert of this story"),
        *(
            "an official notice raises credibility to A",
            "story 2f6c1e08",
            sample.TALKS.id,
            sample.TALKS.item.id,
        ),
        *("rules 5d1c9a70", "lexicon 0b77e2f4"),
        "Monitoring aid, not a screening verdict and not legal advice.",
    ):
        assert words.lower() in said.lower(), words


@pytest.mark.parametrize(
    ("status", "words", "line"),
    [
        ("future", "talks on relief, announced, not done yet", "Relief from sanctions considered"),
        ("wished", "talks on relief, called for, not done", "Call for relief from sanctions"),
        ("threatened", "talks on relief, threatened, not done", "Dispute over relief from sanctions"),
        ("recalled", "talks on relief, an earlier act", "Earlier act: relief from sanctions"),
    ],
)
def test_an_event_that_has_not_happened_is_marked_in_every_readable_form(
    status: str, words: str, line: str
) -> None:
    event = sample.TALKS.verdict.event
    assert event
    verdict = replace(sample.TALKS.verdict, event=replace(event, status=status))
    for form in ("mail", "slack"):
        (message,) = Renderer().alert(replace(sample.TALKS, verdict=verdict), form)
        assert words in " ".join(message.text.split())
    (message,) = Renderer().alert(replace(sample.TALKS, verdict=verdict), "text")
    assert line in message.text.splitlines()[0]


def test_what_is_unconfirmed_says_so_in_every_form_a_person_reads() -> None:
    for form in ("mail", "slack", "text"):
        (message,) = Renderer().alert(sample.DENIAL, form)
        assert "UNCONFIRMED" in message.subject
        assert "unconfirmed" in f"{message.text}".lower()
        assert "unconfirmed" in (message.html or "unconfirmed").lower()
    assert "UNCONFIRMED" not in Renderer().alert(sample.TALKS, "mail")[0].subject


def test_an_amount_is_labelled_as_ceiling_or_contract() -> None:
    text = " ".join(Renderer().digest(sample.DIGEST, "mail")[0].text.split())
    assert "$900 million, ceiling (notification)" in text
    assert "€310 million, contract value" in text


def test_at_most_200_characters_of_a_summary_are_shown() -> None:
    summary = " ".join(f"word{i}" for i in range(400))
    alert = plain_alert(item=replace(sample.TALKS.item, summary=summary))
    digest = replace(sample.DIGEST, alerts=(alert,))
    for message in (*Renderer().alert(alert, "mail"), *Renderer().digest(digest, "mail")):
        for words in (message.text, message.html):
            assert 0 < len(" ".join(re.findall(r"word\d+", words))) <= 200


# ---------------------------------------------------------------- digests


@pytest.mark.parametrize("n", [0, 1, 120, 1000])
def test_a_digest_of_any_size_fits_and_counts_all(n: int) -> None:
    (message,) = Renderer().digest(many(n), "mail")
    assert len(message.html.encode()) <= MAX_HTML_BYTES
    assert message.html.count('class="card"') <= 55
    assert len(message.subject) <= MAX_DIGEST_SUBJECT
    if n:
        assert f"{n} {'story' if n == 1 else 'stories'}" in " ".join(message.text.split())
        shown = message.html.count(' id="s')
        left_out = [int(words.rsplit(" ", 1)[1]) for words in message.html.split(" more, not shown")[:-1]]
        assert shown + sum(left_out) == n
    else:
        assert "Nothing flagged" in message.html


def test_long_words_everywhere_still_fit() -> None:
    long = "x" * 5_000
    alerts = tuple(
        replace(
            each,
            item=replace(each.item, title=long, summary=long, url=f"https://e.example/{long}"),
            source=long,
            news=long,
        )
        for each in many(100).alerts
    )
    (message,) = Renderer().digest(replace(sample.DIGEST, alerts=alerts), "mail")
    assert len(message.html.encode()) <= MAX_HTML_BYTES


def test_the_subject_puts_the_gravest_first() -> None:
    subject = Renderer().digest(sample.DIGEST, "mail")[0].subject
    assert subject == "[Digest] 1 critical, 3 high · OFAC lists twelve… — 2 days: 21–23 Nov"


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_digest_says_what_would_change_a_top_item(form: str) -> None:
    (message,) = Renderer().digest(sample.DIGEST, "mail")
    said = " ".join(getattr(message, form).split())
    assert "What would change this: " in said


def test_an_empty_digest_is_proof_of_life() -> None:
    (message,) = Renderer().digest(sample.EMPTY_DIGEST, "mail")
    assert message.subject == "[Digest] Nothing flagged — 23 Nov (41 items read, 7/8 feeds answering)"
    assert "Nothing flagged." in message.text
    words = " ".join(message.text.split())
    assert "7 of 8 feeds answering (not answering: Ministry notices)" in words
    assert "Tue 24 Nov 08:00 Europe/Istanbul (24 Nov 05:00 UTC)" in message.text


def test_an_empty_digest_of_many_feeds_keeps_its_subject_short() -> None:
    counts = replace(sample.EMPTY_DIGEST.counts, read=12_345, feeds=1_064)
    subject = Renderer().digest(replace(sample.EMPTY_DIGEST, counts=counts), "mail")[0].subject
    assert subject == "[Digest] Nothing flagged — 23 Nov (12345 read, 1063/1064 feeds)"


def test_a_late_digest_says_so() -> None:
    text = " ".join(Renderer().digest(sample.DIGEST, "mail")[0].text.split())
    assert "Delivered 3 h late. Covers 2 days: 21–23 Nov." in text
    assert "late" not in Renderer().digest(sample.EMPTY_DIGEST, "mail")[0].text


COVERED = [
    ("2026-11-22T08:00+03:00", "2026-11-23T08:00+03:00", 1, "23 Nov"),
    ("2026-11-20T08:00+03:00", "2026-11-23T08:00+03:00", 3, "3 days: 20–23 Nov"),
    ("2026-11-29T08:00+03:00", "2026-12-02T08:00+03:00", 3, "3 days: 29 Nov–2 Dec"),
    ("2026-12-30T08:00+03:00", "2027-01-02T08:00+03:00", 3, "3 days: 30 Dec–2 Jan"),
    ("2026-11-22T23:30+00:00", "2026-11-24T00:30+03:00", 2, "2 days: 23–24 Nov"),
]


@pytest.mark.parametrize(("since", "due", "covered", "days"), COVERED)
def test_a_digest_of_several_days_names_them_in_its_subject(
    since: str, due: str, covered: int, days: str
) -> None:
    moment = datetime.fromisoformat(due)
    dates = tuple(f"{moment - timedelta(days=ago):%Y-%m-%d}" for ago in reversed(range(covered)))
    occasion = replace(sample.DIGEST.occasion, due_at=moment.astimezone(UTC), covers=dates)
    digest = replace(sample.DIGEST, occasion=occasion, since=datetime.fromisoformat(since).astimezone(UTC))
    assert Renderer().digest(digest, "text")[0].subject.endswith(f" — {days}")


def test_a_digest_of_one_topic_says_so_and_its_subject_has_the_gravest_act() -> None:
    short = tuple(
        replace(each, item=replace(each.item, title=title))
        for each, title in ((sample.LISTING, "EU adds 4 vessels"), (sample.SALE, "OFAC GL 8"))
    )
    sub = replace(sample.DIGEST.subscription, topics=("sanctions",))
    occasion = replace(sample.DIGEST.occasion, covers=("2026-11-23",))
    digest = replace(sample.DIGEST, alerts=short, subscription=sub, occasion=occasion)
    subject = Renderer().digest(digest, "mail")[0].subject
    assert subject == "[Sanctions] 1 critical, 1 high · OFAC makes new listings — 23 Nov"


def test_slack_shows_the_first_five_and_where_the_others_are() -> None:
    (message,) = Renderer().digest(many(1000), "slack")
    assert message.text.count(" · credibility ") == 5
    assert "995 more, not shown here; of all 1000" in message.text
    assert "preview digest 2026-11-23" in message.text
    assert "not shown here" not in Renderer().digest(many(4), "slack")[0].text


def test_what_is_silenced_is_counted_only_where_something_can_be() -> None:
    def said(silenced: int | None) -> str:
        counts = replace(sample.DIGEST.counts, silenced=silenced)
        return Renderer().digest(replace(sample.DIGEST, counts=counts), "mail")[0].text

    assert "silence" not in said(None)
    assert "3 silenced" in said(3)
    assert "silences hide 3" in said(3)


def test_a_digest_names_the_hash_of_the_json_that_goes_along() -> None:
    sub = replace(sample.DIGEST.subscription, attach=("csv", "json"))
    (message,) = Renderer().digest(replace(sample.DIGEST, subscription=sub), "files")
    csv, data = message.attachments
    assert (csv.name, data.name) == ("digest-2026-11-23.csv", "digest-2026-11-23.json")
    assert json.loads(data.text) == message.data
    assert hashlib.sha256(data.text.encode()).hexdigest() in message.text
    assert data.text.encode() == posted(message.data)
    assert "Attached: digest-2026-11-23.csv, digest-2026-11-23.json" in " ".join(message.text.split())


def test_files_are_attached_only_where_files_can_be_and_only_to_a_digest_with_alerts() -> None:
    for form, attached in {"mail": 1, "files": 1, "slack": 0, "json": 0, "text": 0}.items():
        assert len(Renderer().digest(sample.DIGEST, form)[0].attachments) == attached
    assert Renderer().digest(sample.EMPTY_DIGEST, "mail")[0].attachments == ()


def test_archived_alerts_are_in_no_digest() -> None:
    archived = replace(sample.TALKS, decision=replace(sample.TALKS.decision, placement=Placement.ARCHIVE))
    (message,) = Renderer().digest(replace(sample.DIGEST, alerts=(archived,)), "mail")
    assert "Nothing flagged" in message.text
    assert sample.TALKS.item.title not in message.text + message.html


texts = st.text(max_size=30)
events = st.builds(
    Event,
    topic=texts,
    type=texts,
    stage=texts,
    polarity=texts,
    severity=st.integers(-1, 9),
    quote=texts,
    why=texts,
    field=st.sampled_from(["title", "summary", "body", ""]),
    start=st.integers(0, 400),
    stop=st.integers(0, 400),
    hedged=st.booleans(),
    negated=st.booleans(),
    year=st.none() | st.integers(0, 3000),
    amounts=st.lists(texts, max_size=2).map(tuple),
)
quotes = st.lists(
    st.builds(
        Evidence,
        field=texts,
        start=st.just(0),
        stop=st.just(9),
        quote=texts,
        because=texts,
        points=st.floats(-99, 99),
    ),
    max_size=2,
)
verdicts = st.builds(
    Verdict,
    topics=st.lists(st.sampled_from(["sanctions", "arms", "else"]), max_size=2).map(tuple),
    possible=st.just(("sanctions",)),
    relevance=st.dictionaries(st.sampled_from(["sanctions", "arms"]), st.integers(0, 100)),
    event=st.none() | events,
    background=st.lists(events, max_size=2).map(tuple),
    entities=st.lists(
        st.builds(Mention, id=texts, name=texts, kind=texts, quote=texts, lists=st.just(("SDN",))), max_size=2
    ).map(tuple),
    evidence=quotes.map(tuple),
    penalties=quotes.map(tuple),
    credibility=st.builds(Credibility, texts, st.integers(0, 100), st.lists(texts, max_size=2).map(tuple)),
    rules=st.lists(texts, max_size=2).map(tuple),
    versions=st.dictionaries(texts, texts, max_size=2),
)


@given(verdicts, texts, texts, st.sampled_from(Placement), st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_a_verdict_holds_it_can_be_said(
    verdict: Verdict, title: str, story: str, placement: Placement, unconfirmed: bool
) -> None:
    item = replace(sample.TALKS.item, title=title, summary=title, url=title, published_at=None)
    decision = Decision(placement, title, unconfirmed)
    alert = replace(sample.TALKS, item=item, verdict=verdict, decision=decision, story=story, source=title)
    for form in ("files", "slack", "text"):
        assert Renderer().alert(alert, form)
        assert Renderer().digest(replace(sample.DIGEST, alerts=(alert,)), form)


# ---------------------------------------------------------------- the operator's own templates


def test_html_and_slack_are_escaped_by_name_and_nothing_else() -> None:
    escaped = {path.name for path in TEMPLATES.glob("*.j2") if escapes(path.name)}
    assert {"alert.html.j2", "digest.html.j2", "page.html.j2", "parts.html.j2", "digest.slack.j2"} <= escaped
    assert not escaped & {"alert.txt.j2", "digest.txt.j2", "alert.subject.j2", "words.j2"}


def test_a_macro_of_an_unescaped_file_is_escaped_where_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "_mine.j2").write_text("{% macro said(alert) %}{{ alert.item.title }}{% endmacro %}")
    (tmp_path / "alert.html.j2").write_text('{% import "_mine.j2" as mine %}{{ mine.said(alert) }}')
    alert = replace(sample.TALKS, item=replace(sample.TALKS.item, title="<b>bold</b>"))
    assert Renderer(tmp_path).alert(alert, "mail")[0].html == "&lt;b&gt;bold&lt;/b&gt;\n"


def test_one_file_of_the_operator_replaces_one_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "alert.subject.j2").write_text("WATCH {{ alert.item.title }}")
    mine, ours = (
        Renderer(tmp_path).alert(sample.LISTING, "mail")[0],
        Renderer().alert(sample.LISTING, "mail")[0],
    )
    assert mine.subject == f"WATCH {sample.LISTING.item.title}"
    assert mine.text == ours.text


def test_the_operator_may_change_the_words_for_a_code(tmp_path: Path) -> None:
    words = (TEMPLATES / "words.j2").read_text("utf-8")
    words = words.replace('set EVENTS = word_table("events")', 'set EVENTS = {"imposed": "Listung"}')
    (tmp_path / "words.j2").write_text(words, "utf-8")
    assert "Listung" in Renderer(tmp_path).alert(sample.LISTING, "mail")[0].html


def test_the_operator_may_change_the_words_of_a_language(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "en.toml").write_text('[events]\nimposed = "Listung"\n', "utf-8")
    assert "Listung" in Renderer(tmp_path).alert(sample.LISTING, "mail")[0].html


def test_the_operator_may_add_a_language(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "xx.toml").write_text('[text]\nwhy_flagged = "Warum"\n', "utf-8")
    (message,) = Renderer(tmp_path).alert(sample.LISTING, "mail", "xx")
    assert "WARUM" in message.text
    assert "OFAC lists twelve shipping firms and 19 vessels" in message.text


BROKEN = {
    "a name that is not given": ("{{ id }}\n\n{{ oops }}", "line 3: 'oops' is undefined"),
    "a missing attribute": ("\n{{ alert.item.headline }}", "line 2: "),
    "a syntax mistake": ("one\n{% if %}", "line 2: Expected an expression"),
    "an unclosed block": ("{% for x in [] %}", "line 1: Unexpected end of template"),
    "an unknown filter": ("{{ 1|shout }}", "line 1: No filter named 'shout'"),
    "a wrong type": ("{{ 1 + 'a' }}", "line 1: unsupported operand"),
    "a division by zero": ("{{ 1 / 0 }}", "line 1: division by zero"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", "line 1: access to attribute '__class__'"),
    "a loop without end": ("{{ range(10**9)|list }}", "line 1: Range too big"),
    "endless recursion": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 1: "),
    "a missing include": ("{% include '_none.j2' %}", "_none.j2"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template_loses_no_alert_and_is_reported_once(case: str, tmp_path: Path) -> None:
    template, mistake = BROKEN[case]
    (tmp_path / "alert.txt.j2").write_text(template)
    notes: list[str] = []
    renderer = Renderer(tmp_path, notes.append)
    assert renderer.alert(sample.TALKS, "mail") == Renderer().alert(sample.TALKS, "mail")
    renderer.alert(sample.TALKS, "text")
    (note,) = notes
    assert note.startswith(f"{tmp_path.name}/alert.txt.j2: {mistake}") or mistake in note
    assert note.endswith("; the built-in template was used")


@pytest.mark.parametrize("case", list(BROKEN)[:5])
def test_check_finds_what_is_broken_before_it_matters(case: str, tmp_path: Path) -> None:
    template, mistake = BROKEN[case]
    (tmp_path / "digest.txt.j2").write_text(template.replace("{{ id }}", "").replace("alert.item", "digest"))
    (found,) = Renderer(tmp_path).check()
    assert found.startswith(f"{tmp_path.name}/digest.txt.j2: ")
    assert mistake in found


def test_a_mistake_in_a_shared_file_is_found_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "words.j2").write_text("{% set SEVERITIES = {} %}\n{% macro oops( %}")
    found = Renderer(tmp_path).check()
    assert {each.partition(": ")[0] for each in found} == {f"{tmp_path.name}/words.j2"}
    assert "line 2" in found[0]


def test_a_file_that_is_not_text_is_reported_not_raised(tmp_path: Path) -> None:
    (tmp_path / "alert.html.j2").write_bytes(b"\xff\xfe\x00")
    assert Renderer(tmp_path).alert(sample.TALKS, "mail")[0].html.startswith("<!doctype html>")
    assert Renderer(tmp_path).check()[0].startswith(f"{tmp_path.name}/alert.html.j2: ")


def test_check_names_misspelt_files_and_empty_templates(tmp_path: Path) -> None:
    (tmp_path / "alert.text.j2").write_text("Hello")
    (tmp_path / "digest.html.j2").write_text("{# nothing #}")
    (tmp_path / "_mine.j2").write_text("included by others")
    (tmp_path / "README.md").write_text("not a template")
    stranger, empty = Renderer(tmp_path).check()
    assert stranger.startswith(f"{tmp_path.name}/alert.text.j2: never used; known names are alert.card.j2, ")
    assert empty == f"{tmp_path.name}/digest.html.j2: renders to nothing for a sample digest"


def test_check_is_content_with_our_own_templates_and_with_copies_of_them(tmp_path: Path) -> None:
    for path in TEMPLATES.glob("*.j2"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert Renderer().check() == Renderer(tmp_path).check() == []


def test_check_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert Renderer(tmp_path / "mine").check() == [
        "mine: no such folder of templates; create it or drop the setting"
    ]


def test_a_new_renderer_reads_the_templates_again(tmp_path: Path) -> None:
    path = tmp_path / "alert.subject.j2"
    path.write_text("one")
    first = Renderer(tmp_path)
    assert first.alert(sample.TALKS, "mail")[0].subject == "one"
    path.write_text("two")
    assert first.alert(sample.TALKS, "mail")[0].subject == "one"
    assert Renderer(tmp_path).alert(sample.TALKS, "mail")[0].subject == "two"


def test_a_digest_costs_in_proportion_to_its_stories() -> None:
    """`benchmarks/digest.py` says how long each form takes."""
    renderer = Renderer()
    renderer.digest(many(10), "mail")  # compiles the templates
    calls = [python_calls(partial(renderer.digest, many(stories), "mail")) for stories in (30, 60)]
    assert calls[1] < 2.3 * calls[0]


def python_calls(function: Callable[[], object]) -> int:
    """Return how many functions of Python a call calls."""
    count = 0

    def observe(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(observe)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("stories", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_day_of_thousands_of_alerts_fits_into_a_mail(stories: int) -> None:
    (mail,) = Renderer().digest(many(stories), "mail")
    assert len(mail.html.encode()) <= MAX_HTML_BYTES
    assert f"{stories} stories" in mail.text
    assert mail.attachments[0].text.count("\r\n") == stories + 1


@pytest.mark.parametrize("form", ["mail", "slack"])
def test_a_summary_of_a_storm_says_why_it_was_sent_and_announces_no_digest(form: str) -> None:
    occasion = replace(sample.DIGEST.occasion, key="storm")
    (message, *_) = Renderer().digest(replace(sample.DIGEST, occasion=occasion), form)
    said = f"{message.text} {message.html} {message.blocks}"
    assert "So many alerts came within minutes" in " ".join(said.split())
    assert "Next digest" not in said
    assert "Subscription" not in said


def test_a_window_in_utc_is_given_once() -> None:
    in_utc = replace(sample.DIGEST, subscription=replace(sample.DIGEST.subscription, zone="UTC"))
    (message, *_) = Renderer().digest(in_utc, "mail")
    (window,) = re.findall(r"^Window: .*?(?=^Items)", message.text, re.M | re.S)
    assert window.count("UTC") == 1


def test_a_top_item_whose_line_names_nobody_is_headed_by_its_headline() -> None:
    event = sample.LISTING.verdict.event
    assert event
    bare = replace(event, targets=(), imposer="", amounts=(), systems=())
    vague = replace(
        sample.LISTING,
        item=replace(sample.LISTING.item, title="Ministers act again", lang="en"),
        verdict=replace(sample.LISTING.verdict, event=bare, entities=()),
        decision=Decision(Placement.NOW, ""),
    )
    (message, *_) = Renderer().digest(replace(sample.DIGEST, alerts=(vague,)), "mail")
    assert re.search(r"^ +1\. \[.*\] Ministers act again$", message.text, re.M)
    assert re.search(r'<a href="#s1"><bdi>Ministers act again</bdi>', message.html)
