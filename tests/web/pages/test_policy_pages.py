"""Silences, digests, lists and routes over real HTTP."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.alerts.routing import Route
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.records import ListDocument
from monitor.model import (
    Action,
    ActionKind,
    Alert,
    DeliveryKind,
    DigestPlan,
    Identifier,
    Occasion,
    Placement,
    Subscription,
)
from monitor.store import SqlStore
from monitor.web.silences import MAX_ALERTS
from tests.conftest import NOW, delivery, item, verdict
from tests.lists.builders import party
from tests.store.builders import raised
from tests.web.conftest import HOSTILE, Served, assert_harmless

pytestmark = pytest.mark.anyio

DAILY = Subscription(name="daily", at="08:00", zone="Europe/Istanbul", channels=())


async def post(served: Served, path: str, **fields: str) -> int:
    token = await served.form_token("/silences?words=howitzers")
    return (await served.http.post(path, data={"csrf": token, **fields})).status_code


async def test_a_silence_says_what_it_would_have_hidden_before_it_is_saved(served: Served) -> None:
    base = verdict()
    assert base.event
    grave = replace(base, event=replace(base.event, severity=5))
    first, *_ = raised(served.store, item())
    raised(served.store, item(guid="2", title="Howitzers again"), story="s2", verdict=grave)
    raised(served.store, item(guid="3", title="Tanks"), story="s3")
    served.store.add_action(Action(first.id, ActionKind.RELEVANT, "", "ayse", NOW))
    served.clock.advance(days=1)
    page = (await served.http.get("/silences", params={"words": "howitzers"})).text
    assert "It would have hidden 1 of 3 alerts" in page
    assert "1 high" in page
    assert "1 of them you called relevant" in page
    assert "1 more fit, but break through" in page
    assert served.store.silences() == ()


def repeat(store: SqlStore, one: Alert, times: int) -> None:
    """Store an alert so many times more, in a hundredth of the time that raising takes."""
    copies = text(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times)"
        " INSERT INTO alerts (id, item, story, raised_at, alert)"
        " SELECT id || n, item, story, raised_at, alert FROM alerts, numbers WHERE id = :id"
    )
    with store.database.write_transaction() as connection:
        connection.execute(copies, {"times": times, "id": one.id})


async def test_a_preview_of_a_silence_reads_the_newest_alerts_and_says_how_far_back(served: Served) -> None:
    raised(served.store, item(guid="old", title="Howitzers of old"), story="old")
    served.clock.advance(days=1)
    (newest,) = raised(served.store, item(guid="n", title="Howitzers"), raised_at=served.clock())
    repeat(served.store, newest, MAX_ALERTS - 1)
    page = (await served.http.get("/silences", params={"words": "howitzers"})).text
    assert "the newest ones, since" in page


async def test_a_silence_is_saved_with_a_reason_and_an_end_and_ended(served: Served) -> None:
    raised(served.store, item())
    assert await post(served, "/silences", words="howitzers") == 422
    assert await post(served, "/silences", reason="we know") == 422
    assert await post(served, "/silences", words="howitzers", reason="we know", lasts="1d") == 303
    (silence,) = served.store.silences(served.clock())
    assert (silence.words, silence.reason, silence.expires_at - NOW) == (
        "howitzers",
        "we know",
        timedelta(days=1),
    )
    assert "words howitzers" in (await served.http.get("/silences")).text
    assert await post(served, f"/silences/{silence.id}/end") == 303
    assert await post(served, f"/silences/{silence.id}/end") == 404
    assert served.store.silences(served.clock()) == ()
    assert {entry.what for entry in served.store.audit()} == {"silence", "silence ended"}


def planned(served: Served, html: str = "<p style='color:red'>A digest</p><script>alert(1)</script>") -> str:
    """A digest that was planned and delivered by mail; its id."""
    served.store.subscribe([DAILY], NOW)
    message = replace(delivery().message, subject="Sanctions, morning", html=html)
    plan = DigestPlan(
        id="g" * 20,
        occasion=Occasion("daily", "2026-11-23", NOW),
        planned_at=NOW,
        from_seq=0,
        to_seq=0,
        alert_seqs=(),
        deliveries=(delivery(kind=DeliveryKind.DIGEST, ref="g" * 20, message=message),),
    )
    assert served.store.plan_each([plan]) == (True,)
    return plan.id


async def test_a_past_digest_is_shown_exactly_as_it_was_sent_and_runs_nothing(served: Served) -> None:
    id = planned(served)
    assert f"/digests/{id}" in (await served.http.get("/digests")).text
    page = (await served.http.get(f"/digests/{id}")).text
    assert "Sanctions, morning" in page
    assert f'src="/digests/{id}/mail"' in page
    mail = await served.http.get(f"/digests/{id}/mail")
    assert mail.text == "<p style='color:red'>A digest</p><script>alert(1)</script>"
    policy = mail.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    for path in ("/digests/nothing", "/digests/nothing/mail", "/digests/next/nothing"):
        assert (await served.http.get(path)).status_code == 404


async def test_the_next_digest_is_shown_as_it_would_be_sent_now_and_nothing_is_written(
    served: Served,
) -> None:
    served.change(subscriptions=(DAILY,))
    served.store.subscribe([DAILY], NOW - timedelta(days=1))
    raised(served.store, item())
    assert "1 alert waits" in (await served.http.get("/digests")).text
    assert "Preview" in (await served.http.get("/digests/next/daily")).text
    assert "howitzers" in (await served.http.get("/digests/next/daily/mail")).text
    assert served.store.past_digests() == ()


async def test_lists_say_that_none_is_configured(served: Served) -> None:
    assert "No list is configured" in (await served.http.get("/lists")).text
    assert "is on none of the lists" in (await served.http.get("/lists", params={"find": "Rosneft"})).text


async def test_an_entry_is_looked_up_by_number_and_similar_names_are_set_apart(
    served: Served, tmp_path: Path
) -> None:
    own = SanctionsList(name="own", title="Our list", format="plain", urls=("https://lists.example/own",))
    cache = ListCache(tmp_path)
    ship = replace(party("7", "Sea Lantern"), identifiers=(Identifier("IMO 9187629", "ship <b>"),))
    document = ListDocument(url=own.urls[0], sha256="0", size=1, proved_at=NOW)
    cache.save(own, [b"x"], [document], [ship], NOW)
    served.change(lists={"own": own}, list_cache=cache)
    by_number = (await served.http.get("/lists", params={"find": "imo9187629"})).text
    assert "Sea Lantern" in by_number
    assert "ship &lt;b&gt;" in by_number
    similar = (await served.http.get("/lists", params={"find": "Sea Lantenr"})).text
    assert "is on none of the lists" in similar
    assert similar.index("Similar names, which are not matches") < similar.index("Sea Lantern</bdi>")


async def test_routes_show_their_conditions_and_the_path_of_a_story(served: Served) -> None:
    (one,) = raised(served.store, item())
    fits = Route("grave", ("desk",), min_severity=4)
    refuses = Route("sanctions", ("slack",), topics=("sanctions",), at_least=Placement.DIGEST)
    context = served.server.context.policy.alerts
    served.change(alerts=replace(context, routes=(refuses, fits)), subscriptions=(DAILY,))
    page = (await served.http.get("/routes", params={"item": one.item.id})).text
    assert "✗ refused" in page
    assert "✓ taken" in page
    assert "severity 4 or more" in page
    assert "topics: sanctions" in page
    assert (await served.http.get("/routes", params={"item": "s1"})).status_code == 200
    assert (await served.http.get("/routes", params={"item": "nothing"})).status_code == 404


async def test_a_list_whose_state_is_damaged_is_named_on_the_page(served: Served, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "list.json").write_text("{", "utf-8")
    own = SanctionsList(name="own", title="Our list", format="plain", urls=("https://lists.example/own",))
    served.change(lists={"own": own}, list_cache=ListCache(tmp_path))
    for params in ({}, {"find": "Rosneft"}):
        page = await served.http.get("/lists", params=params)
        assert page.status_code == 200
        assert "is damaged" in page.text


async def test_hostile_text_on_the_pages_of_policy_stays_text(served: Served) -> None:
    raised(served.store, item(title=HOSTILE, summary=HOSTILE), source=HOSTILE)
    assert await post(served, "/silences", words="script", reason=HOSTILE) == 303
    params = {"words": HOSTILE, "entity": HOSTILE, "feed": HOSTILE, "story": HOSTILE}
    assert_harmless((await served.http.get("/silences", params=params)).text)
    assert_harmless((await served.http.get("/silences?words=script")).text)
    assert_harmless((await served.http.get("/routes", params={"item": "s1"})).text)
    assert_harmless((await served.http.get("/lists", params={"find": HOSTILE})).text)
