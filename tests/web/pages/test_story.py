"""The page of a story: the act, its reasons and reports, what was done, and actions on it."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from monitor.errors import ConfigError
from monitor.jobs.evidence import VersionedRules
from monitor.model import Decision, Evidence, Judged, Placement, Role, RuleFile
from monitor.web.stories.marks import marked_summary, marked_title
from tests.conftest import alert, delivery, item, verdict
from tests.store.builders import ARCHIVED, raised
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless

pytestmark = pytest.mark.anyio


async def act(served: Served, **fields: str) -> str:
    token = await served.form_token("/stories/s1")
    answer = await served.http.post(
        "/stories/s1/actions", data={"csrf": token, "next": "/stories/s1", **fields}
    )
    assert answer.status_code == 303, answer.text
    return (await served.http.get(answer.headers["location"])).text


async def test_a_story_says_what_happened_why_it_is_shown_and_who_reported_it(served: Served) -> None:
    (one,) = raised(served.store, item())
    raised(
        served.store, item(guid="2", title="Howitzers: contract doubled"), kind="update", news="sum: $160m"
    )
    served.store.add_deliveries([delivery(ref=one.id, story="s1", recipient="a@example.org")])
    page = (await served.http.get("/stories/s1")).text
    assert "<mark" in page
    assert "orders 12 howitzers</mark>" in page
    assert "2 reports" in page
    assert "the first" in page
    assert "sum: $160m" in page
    assert "a@example.org" in page
    assert "owed" in page
    assert "severity 4, credibility B" in page
    assert (await served.http.get("/stories/s")).status_code == 200
    assert (await served.http.get("/stories/nowhere")).status_code == 404


async def test_a_story_is_there_as_json(served: Served) -> None:
    raised(served.store, item())
    data = (await served.http.get("/stories/s1.json")).json()
    assert (data["id"], data["severity"], len(data["alerts"])) == ("s1", 4, 1)


async def test_every_action_shows_on_the_page_and_can_be_undone(served: Served) -> None:
    raised(served.store, item())
    assert "1 story acknowledged." in await act(served, act="acknowledge")
    assert "call them" in await act(served, act="note", text="call them")
    assert "Assigned to" in await act(served, act="assign", text="ayse")
    assert "silenced" in await act(served, act="mute", text="we know", days="1")
    page = await act(served, act="wrong", kind="duplicate", text="see the other one")
    assert "duplicate see the other one" in page
    kinds = {each.kind for each in served.store.actions(alert().id)}
    assert kinds == {"acknowledge", "silence", "duplicate"}
    token = page.partition('name="token" value="')[2].partition('"')[0]
    csrf = await served.form_token("/stories/s1")
    await served.http.post("/undo", data={"csrf": csrf, "token": token, "next": "/stories/s1"})
    assert {each.kind for each in served.store.actions(alert().id)} == {"acknowledge", "silence"}
    assert [note.text for note in served.store.notes("s1")] == ["call them"]


async def test_a_story_is_relevant_for_a_reason_that_is_noted_and_undone_with_it(served: Served) -> None:
    raised(served.store, item())
    page = await act(served, act="relevant", text="it is our yard")
    assert "relevant: <bdi>it is our yard" in page
    assert [note.text for note in served.store.notes("s1")] == ["it is our yard"]
    token = page.partition('name="token" value="')[2].partition('"')[0]
    await served.post("/undo", token=token)
    assert served.store.notes("s1") == ()
    assert served.store.actions(alert().id) == ()


async def test_a_story_that_nobody_was_sent_although_it_is_urgent_leads_to_its_routes(served: Served) -> None:
    (one,) = raised(served.store, item())
    raised(served.store, item(guid="2"), story="s2", decision=Decision(Placement.DIGEST, "severity 2"))
    assert one.decision.placement is Placement.NOW
    page = (await served.http.get("/stories/s1")).text
    assert "None, though placed at once" in page
    assert 'href="/routes?item=s1"' in page
    assert "Not sent by itself: placed " in (await served.http.get("/stories/s2")).text


async def test_an_auditor_gets_everything_in_one_file_and_a_reader_without_addresses(served: Served) -> None:
    (one,) = raised(served.store, item())
    served.store.add_deliveries([delivery(ref=one.id, story="s1", recipient="a@example.org")])
    assert (await served.http.get("/stories/s1/evidence.zip")).status_code == 404
    served.change(rules_from=_lost_rules)
    answer = await served.http.get("/stories/s1/evidence.zip")
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as pack:
        assert any("a@example.org" in pack.read(name).decode("utf-8", "replace") for name in pack.namelist())
    add_user(served.store, "rita", Role.READ)
    await served.sign_in("rita")
    masked = await served.http.get("/stories/s1/evidence.zip")
    with ZipFile(BytesIO(masked.content)) as pack:
        assert pack.testzip() is None
        assert not any(
            "a@example.org" in pack.read(name).decode("utf-8", "replace") for name in pack.namelist()
        )


def _lost_rules(files: tuple[RuleFile, ...]) -> VersionedRules:
    raise ConfigError("no rules of this version are kept")


async def test_hostile_text_in_a_story_stays_text(served: Served) -> None:
    base = verdict()
    evidence = (Evidence(field="title", start=3, stop=15, quote=HOSTILE, because=HOSTILE, points=5),)
    mentions = tuple(replace(each, name=HOSTILE, lists=(HOSTILE,), because=HOSTILE) for each in base.entities)
    hostile = replace(
        base, evidence=evidence, entities=mentions, would_change=(HOSTILE,), versions={HOSTILE: HOSTILE}
    )
    one = item(title=HOSTILE, summary=HOSTILE * 9, url="javascript:alert(1)", lang='"><b>')
    raised(served.store, one, verdict=hostile, source=HOSTILE, news=HOSTILE, grouped_because=HOSTILE)
    await act(served, act="note", text=HOSTILE)
    await act(served, act="assign", text=HOSTILE[:80])
    assert_harmless((await served.http.get("/stories/s1?points=1")).text)


def test_evidence_is_marked_in_the_part_of_the_summary_that_has_it() -> None:
    summary = "word " * 100 + "orders howitzers now"
    at = summary.index("orders")
    found = verdict(
        event=None, evidence=(Evidence(field="summary", start=at, stop=at + 16, quote="", because="r"),)
    )
    pieces = marked_summary(Judged(item(summary=summary), found, ARCHIVED))
    assert [piece.text for piece in pieces if piece.marked] == ["orders howitzers"]
    assert pieces[0].text == "… "
    assert sum(len(piece.text) for piece in pieces) <= 204


def test_spans_that_overlap_or_lie_outside_lose_no_word() -> None:
    spans = [(0, 8), (5, 15), (200, 300)]
    evidence = tuple(Evidence(field="title", start=a, stop=b, quote="", because="r") for a, b in spans)
    pieces = marked_title(Judged(item(), verdict(event=None, evidence=evidence), ARCHIVED))
    assert "".join(piece.text for piece in pieces) == item().title
