"""Around the list of stories over real HTTP: files of it, a closer look, neighbours of a story, and the theme."""

import csv
import io
import json
from dataclasses import replace

import pytest

from monitor.channels import Channel, OnPhase
from monitor.errors import DeliveryError
from monitor.model import ChannelTarget, Delivery, MessageForm, Role
from tests.conftest import item, verdict
from tests.store.builders import raise_stories, raised
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless

pytestmark = pytest.mark.anyio


@pytest.fixture
def listed(served: Served) -> Served:
    for number in range(1, 6):
        raised(served.store, item(guid=str(number), title=f"Story number {number}"), story=f"s{number}")
    return served


async def test_the_list_is_a_csv_in_which_no_cell_is_a_formula(served: Served) -> None:
    raised(served.store, item(title='=HYPERLINK("http://evil.example")'), story="s1")
    raised(
        served.store,
        item(guid="2", title="Tanks"),
        story="s2",
        verdict=replace(verdict(), topics=("sanctions",)),
    )
    answer = await served.http.get("/stories.csv", params={"view": "all"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="stories-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 2
    cells = [cell for row in rows for cell in row.values()]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    only = (await served.http.get("/stories.csv", params={"view": "all", "topic": "sanctions"})).text
    assert "Tanks" in only
    assert "HYPERLINK" not in only


async def test_the_list_is_json_lines_of_every_page_of_the_filter(served: Served) -> None:
    numbers = range(260)
    raise_stories(served.store, {f"s{n}": item(guid=str(n), title=f"Story {n}") for n in numbers})
    answer = await served.http.get("/stories.jsonl", params={"limit": "10"})
    records = [json.loads(line) for line in answer.text.splitlines()]
    assert len(records) == 260
    assert records[0]["story"] == "s259"
    assert (await served.http.get("/stories.csv", params={"severity": "9"})).status_code == 422


async def test_a_row_says_why_without_being_opened(listed: Served) -> None:
    page = (await listed.http.get("/stories")).text
    assert page.count('<details class="peek">') == 5
    assert "Story number 5" in page


async def test_a_story_knows_the_way_back_and_its_neighbours_in_the_list(listed: Served) -> None:
    page = (await listed.http.get("/stories?topic=arms&limit=2")).text
    assert 'href="/stories/s4?list=topic%3Darms%26limit%3D2"' in page
    page = (await listed.http.get("/stories/s4", params={"list": "topic=arms&limit=2"})).text
    assert '<a href="/stories?topic=arms&amp;limit=2">← Stories</a>' in page
    assert 'href="/stories/s5?list=topic%3Darms%26limit%3D2" id="newer-story"' in page
    assert 'href="/stories/s3?list=topic%3Darms%26limit%3D2%26after%3D' in page
    last = (await listed.http.get("/stories/s1", params={"list": ""})).text
    assert "older-story" not in last
    assert 'href="/stories/s2?list=" id="newer-story"' in last
    assert "newer-story" not in (await listed.http.get("/stories/s3")).text
    assert_harmless((await listed.http.get("/stories/s3", params={"list": HOSTILE})).text)


async def test_an_answered_story_still_leads_to_the_next_one(listed: Served) -> None:
    await listed.post("/stories/s4/actions", act="acknowledge")
    page = (await listed.http.get("/stories/s4", params={"list": ""})).text
    assert 'href="/stories/s3?list=" id="older-story"' in page
    assert 'href="/stories/s5?list=" id="newer-story"' in page


async def test_a_theme_is_chosen_by_a_form_and_kept_in_a_cookie(listed: Served) -> None:
    assert "data-theme" not in (await listed.http.get("/stories")).text
    answer = await listed.post("/theme", theme="dark", next="/stories?view=all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/stories?view=all")
    assert "HttpOnly" in answer.headers["set-cookie"]
    page = (await listed.http.get("/stories")).text
    assert '<html lang="en" data-theme="dark">' in page
    assert 'value="dark" aria-pressed="true"' in page
    await listed.post("/theme", theme="system")
    assert "data-theme" not in (await listed.http.get("/stories")).text
    assert (await listed.post("/theme", theme="pink")).status_code == 422
    assert (await listed.http.post("/theme", data={"theme": "dark"})).status_code == 403
    away = await listed.post("/theme", theme="dark", next="https://evil.example")
    assert away.headers["location"] == "/"


class Scripted:
    """A channel that gives one answer, and remembers what it was sent."""

    def __init__(self, answer: str | DeliveryError) -> None:
        self.answer, self.sent = answer, list[Delivery]()

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        self.sent.append(delivery)
        if isinstance(self.answer, DeliveryError):
            raise self.answer
        return self.answer


def channels(served: Served, channel: Channel) -> None:
    target = ChannelTarget("mail", MessageForm.MAIL, ("a@example.org", "b@example.org"))
    alerts = replace(served.server.context.policy.alerts, channel_targets={"mail": target})
    served.change(channels={"mail": channel}, alerts=alerts)


async def test_a_channel_is_tested_with_one_real_message_and_that_is_audited(served: Served) -> None:
    channel = Scripted("250 queued as 7")
    channels(served, channel)
    assert "Send a real test message" in (await served.http.get("/deliveries")).text
    page = (await served.post("/channels/mail/test", recipient="b@example.org")).text
    assert "✓ accepted" in page
    assert "250 queued as 7" in page
    (sent,) = channel.sent
    assert (sent.recipient, sent.kind) == ("b@example.org", "test")
    assert sent.message.subject.startswith("[TEST]")
    (entry,) = served.store.audit()
    assert (entry.what, entry.subject, entry.detail) == ("channel tested", "mail", "250 queued as 7")


async def test_a_channel_that_refuses_a_test_says_why(served: Served) -> None:
    channels(served, Scripted(DeliveryError("550 " + HOSTILE, permanent=True)))
    page = (await served.post("/channels/mail/test", recipient="a@example.org")).text
    assert "▲ not accepted" in page
    assert_harmless(page)


async def test_only_editors_test_channels_and_only_known_recipients(served: Served) -> None:
    channel = Scripted("ok")
    channels(served, channel)
    assert (await served.post("/channels/mail/test", recipient="c@example.org")).status_code == 422
    assert (await served.post("/channels/none/test", recipient="")).status_code == 404
    assert (
        await served.http.post("/channels/mail/test", data={"recipient": "a@example.org"})
    ).status_code == 403
    add_user(served.store, "rita", Role.READ)
    await served.sign_in("rita")
    assert "a real test message" not in (await served.http.get("/deliveries")).text
    refused = await served.http.post("/channels/mail/test", data={"csrf": "", "recipient": "a@example.org"})
    assert refused.status_code == 403
    assert channel.sent == []
