"""What programs change by the API: each change is the desk's own, and stands in the audit log."""

import pytest

from monitor.model import ActionKind, DeliveryState
from tests.web.api.conftest import Api, assert_problem, dead, stories

pytestmark = pytest.mark.anyio


async def test_a_story_is_acknowledged_and_that_is_undone(api: Api) -> None:
    stories(api.served, 1)
    done = (await api.post("/stories/s1/actions", {"action": "acknowledge"})).json()
    assert done["words"] == "1 story acknowledged."
    assert (await api.get("/stories", view="open")).json()["items"] == []
    assert (await api.post("/undo", {"token": done["undo"]})).status_code == 200
    assert len((await api.get("/stories", view="open")).json()["items"]) == 1
    assert_problem(await api.post("/undo", {"token": done["undo"]}), 404)
    assert [(each.who, each.what) for each in api.store.audit()] == [
        ("token:program", "undo"),
        ("token:program", "acknowledge"),
    ]


async def test_feedback_assignment_and_mute_are_the_desks_own(api: Api) -> None:
    stories(api.served, 1)
    for body in (
        {"action": "wrong", "kind": "noise", "text": "a drill"},
        {"action": "assign", "text": "zoe"},
        {"action": "mute", "text": "too many", "days": 2},
    ):
        assert (await api.post("/stories/s1/actions", body)).status_code == 200
    story = (await api.get("/stories/s1")).json()
    assert story["assigned"] == "zoe"
    kinds = {each.kind for each in api.store.actions(story["alerts"][0]["id"])}
    assert kinds == {ActionKind.NOISE, ActionKind.SILENCE}
    (silence,) = (await api.get("/silences")).json()["items"]
    assert (silence["story"], silence["who"], silence["expires_at"]) == (
        *("s1", "token:program"),
        "2026-11-25T09:00:00Z",
    )


async def test_an_action_without_what_it_needs_is_refused(api: Api) -> None:
    stories(api.served, 1)
    for body in ({"action": "note"}, {"action": "wrong"}, {"action": "mute"}, {"action": "dance"}, {}):
        assert_problem(await api.post("/stories/s1/actions", body), 422)
    assert_problem(await api.post("/stories/none/actions", {"action": "acknowledge"}), 404)
    assert_problem(await api.post("/stories/s1/actions", {"action": "acknowledge", "who": "me"}), 422)
    assert api.store.audit() == ()


async def test_a_silence_says_what_it_would_have_suppressed_and_is_ended(api: Api) -> None:
    stories(api.served, 3)
    api.served.clock.advance(minutes=10)
    made = await api.post("/silences", {"reason": "a drill", "hours": 2, "words": "howitzers"})
    assert made.status_code == 201
    found = made.json()
    assert (found["would_have_suppressed"], found["alerts"]) == (3, 3)
    silence = found["silence"]
    assert (await api.get("/silences/" + silence["id"])).json() == silence
    assert made.headers["location"].endswith(silence["id"])
    ended = (await api.post(f"/silences/{silence['id']}/end")).json()
    assert ended["active"] is False
    assert_problem(await api.post(f"/silences/{silence['id']}/end"), 404)
    assert [each.what for each in api.store.audit()] == ["silence ended", "silence"]


async def test_a_silence_needs_a_criterion_a_reason_and_an_end(api: Api) -> None:
    for body in (
        {"reason": "x", "hours": 1},
        {"reason": "x", "words": "x"},
        {"hours": 1, "words": "x"},
        {"reason": " ", "hours": 1, "words": "x"},
        {"reason": "x", "hours": 0, "words": "x"},
        {"reason": "x", "hours": 99_999, "words": "x"},
    ):
        assert_problem(await api.post("/silences", body), 422)
    assert api.store.silences() == ()


async def test_a_dead_delivery_is_retried_once(api: Api) -> None:
    dead(api.served)
    again = await api.post("/deliveries/" + "d" * 20 + "/retry")
    assert (again.json()["delivery"]["state"], again.json()["delivery"]["attempts"]) == ("owed", 0)
    assert [(each.who, each.what) for each in api.store.audit()] == [("token:program", "delivery retried")]
    assert_problem(await api.post("/deliveries/none/retry"), 404)
    (leased,) = api.store.lease("mail", api.served.clock(), api.served.clock())
    api.store.close_delivery(leased, api.served.clock(), state=DeliveryState.SENT)
    assert_problem(await api.post("/deliveries/" + "d" * 20 + "/retry"), 409)
