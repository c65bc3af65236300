"""The list of stories over real HTTP: filters, actions with undo, saved views, the first run, hostile text."""

import re
from dataclasses import replace

import pytest

from monitor.model import Role
from tests.conftest import item, verdict
from tests.store.builders import feed, raised
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless, serving

pytestmark = pytest.mark.anyio


async def post(served: Served, path: str, **fields: object) -> int:
    token = await served.form_token("/stories?view=all")
    answer = await served.http.post(path, data={"csrf": token, **fields})
    served.last = answer  # type: ignore[attr-defined]
    return answer.status_code


async def test_the_list_states_each_act_with_its_severity_source_and_age(served: Served) -> None:
    raised(served.store, item())
    served.clock.advance(minutes=44)
    page = (await served.http.get("/stories")).text
    assert 'href="/stories/s1?list="' in page
    assert "high" in page
    assert "arms · buys" in page
    assert "44 min" in page
    assert (await served.http.get("/")).text.count("data-id=") == 1


async def test_a_line_that_names_nobody_has_the_headline_beside_it(served: Served) -> None:
    raised(served.store, item(title="Ministry orders something"))
    page = (await served.http.get("/stories")).text
    assert re.search(r'<p class="more">.*Ministry orders something', page)


async def test_a_story_without_an_act_is_named_by_its_headline(served: Served) -> None:
    raised(served.store, item(title="Ministry says nothing new"), verdict=verdict(event=None))
    page = (await served.http.get("/stories?view=all")).text
    assert re.search(r"<h3><a [^>]*><bdi[^>]*>Ministry says nothing new</bdi></a>", page)
    assert re.search(r'<p class="more">Mentions [a-z ]+; no new act found', page)


async def test_filters_in_the_address_choose_and_a_mistake_is_named(served: Served) -> None:
    raised(served.store, item())
    raised(
        served.store,
        item(guid="2", title="Tanks delivered"),
        story="s2",
        verdict=verdict(topics=("sanctions",)),
    )
    assert (await served.http.get("/stories", params={"topic": "arms"})).text.count("data-id=") == 1
    assert (await served.http.get("/stories", params={"q": "tanks"})).text.count("data-id=") == 1
    page = (await served.http.get("/stories", params={"topic": "arms", "since": "soon"})).text
    assert "since: write 12h" in page
    assert page.count("data-id=") == 1
    assert "No story fits this filter" in (await served.http.get("/stories", params={"q": "submarine"})).text


async def test_the_same_list_is_there_as_json_with_a_cursor(served: Served) -> None:
    for number in range(3):
        raised(served.store, item(guid=str(number)), story=f"s{number}")
    page = (await served.http.get("/stories.json", params={"limit": 2})).json()
    assert [each["id"] for each in page["items"]] == ["s2", "s1"]
    assert page["count"] == {"n": 3, "more": False}
    rest = (await served.http.get("/stories.json", params={"limit": 2, "after": page["next"]})).json()
    assert [each["id"] for each in rest["items"]] == ["s0"]
    assert rest["next"] is None
    assert (await served.http.get("/stories.json", params={"colour": "red"})).status_code == 422


async def test_several_stories_are_acknowledged_at_once_and_that_is_undone(served: Served) -> None:
    for number in range(3):
        raised(served.store, item(guid=str(number)), story=f"s{number}")
    assert (
        await post(served, "/stories/actions", act="acknowledge", story=["s0", "s2"], next="/stories") == 303
    )
    location = served.last.headers["location"]  # type: ignore[attr-defined]
    page = (await served.http.get(location)).text
    assert "2 stories acknowledged." in page
    assert page.count("data-id=") == 1
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    assert await post(served, "/undo", token=token[1]) == 303
    assert (await served.http.get("/stories")).text.count("data-id=") == 3
    assert await post(served, "/undo", token=token[1]) == 410
    assert {entry.what for entry in served.store.audit()} == {"acknowledge", "undo"}


async def test_another_process_undoes_what_was_done(served: Served) -> None:
    raised(served.store, item())
    await post(served, "/stories/actions", act="acknowledge", story="s1")
    back = served.last.headers["location"]  # type: ignore[attr-defined]
    async with serving(served.store, served.clock) as other:
        assert "1 story acknowledged." in (await other.http.get(back)).text
        answer = await other.post("/undo", token=back.partition("undo=")[2])
        assert answer.status_code == 303
        assert "1 story acknowledged." not in (await other.http.get(back)).text
        assert (await other.http.get("/stories")).text.count("data-id=") == 1


async def test_after_ten_minutes_nothing_can_be_undone(served: Served) -> None:
    raised(served.store, item())
    await post(served, "/stories/actions", act="acknowledge", story="s1")
    token = served.last.headers["location"].partition("undo=")[2]  # type: ignore[attr-defined]
    served.clock.advance(minutes=10)
    assert await post(served, "/undo", token=token) == 410


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "acknowledge"}, 422),
        ({"act": "explode", "story": "s1"}, 422),
        ({"act": "mute", "story": "s1"}, 422),
        ({"act": "wrong", "story": "s1"}, 422),
        ({"act": "wrong:noise", "story": "s1"}, 303),
        ({"act": "mute", "story": "s1", "text": "we know", "days": "30"}, 303),
        ({"act": "assign", "story": "s1", "text": "ayse"}, 303),
        ({"act": "note", "story": "s1", "text": ""}, 422),
        ({"act": "note", "story": "s1", "text": "call them"}, 303),
    ],
)
async def test_an_action_says_what_it_needs(served: Served, fields: dict[str, str], status: int) -> None:
    raised(served.store, item())
    assert await post(served, "/stories/actions", **fields) == status


async def test_a_muted_story_is_silenced_for_as_long_as_was_chosen(served: Served) -> None:
    raised(served.store, item())
    await post(served, "/stories/actions", act="mute", story="s1", text="we know", days="30")
    (silence,) = served.store.silences(served.clock())
    assert (silence.story, silence.reason, silence.who) == ("s1", "we know", "desk")
    assert (silence.expires_at - silence.created_at).days == 30


async def test_a_reader_sees_everything_and_changes_nothing(served: Served) -> None:
    raised(served.store, item())
    add_user(served.store, "rita", Role.READ)
    await served.sign_in("rita")
    page = (await served.http.get("/stories")).text
    assert "data-id=" in page
    assert 'class="tool"' not in page
    assert await post(served, "/stories/actions", act="acknowledge", story="s1") == 403


async def test_a_view_is_saved_under_a_name_shown_and_deleted(served: Served) -> None:
    raised(served.store, item())
    assert await post(served, "/views", name="Grave", query="severity=5&colour=red&undo=x") == 303
    assert [(each.name, each.query) for each in served.store.views()] == [("Grave", "severity=5")]
    assert 'href="/stories?severity=5"' in (await served.http.get("/stories")).text
    assert await post(served, "/views", name="Grave", remove="1") == 303
    assert served.store.views() == ()


async def test_before_the_first_story_the_page_says_what_happens(served: Served) -> None:
    assert "No feed is configured" in (await served.http.get("/")).text
    served.store.enrol([feed()], served.clock())
    page = (await served.http.get("/")).text
    assert "0 of 1 feeds polled" in page
    assert "not yet read" in page


async def test_hostile_text_in_every_field_stays_text(served: Served) -> None:
    base = verdict()
    assert base.event
    hostile = replace(
        base,
        event=replace(
            base.event, quote=HOSTILE, amounts=(HOSTILE,), quantity=HOSTILE, buyer="country:" + HOSTILE
        ),
        entities=tuple(replace(each, name=HOSTILE, id=HOSTILE, quote=HOSTILE) for each in base.entities),
    )
    one = item(title=HOSTILE, summary=HOSTILE, url="javascript:alert(1)", lang='xx"><b>')
    raised(served.store, one, verdict=hostile, source=HOSTILE, news=HOSTILE, kind="update", story="s1")
    for path in ("/stories", "/stories?q=" + "%22%3E%3Cscript%3E", "/stories?party=%3Cb%3E&view=all"):
        page = (await served.http.get(path)).text
        assert_harmless(page)
