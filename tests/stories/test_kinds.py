"""Questions, explainers, opinion, live pages and videos are told from reports."""

from dataclasses import replace

import pytest

from monitor.stories.kinds import ReportKind, kind_of
from tests.conftest import item, verdict


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Denmark orders 16 jets", ReportKind.REPORT),
        ("Will Denmark order more jets?", ReportKind.QUESTION),
        ("¿Comprará Dinamarca más aviones?", ReportKind.QUESTION),
        ("هل تشتري الدنمارك طائرات؟", ReportKind.QUESTION),
        ("What to know about the Danish jets", ReportKind.EXPLAINER),
        ("Why Denmark wants more jets", ReportKind.EXPLAINER),
        ("Danish jets ordered: why it matters", ReportKind.EXPLAINER),
        ("Почему Дания закупает самолеты", ReportKind.EXPLAINER),
        ("Opinion: Denmark needs no jets", ReportKind.OPINION),
        ("Kommentar: Dänemark braucht keine Jets", ReportKind.OPINION),
        ("Talks on jets live: Denmark signs", ReportKind.LIVE),
        ("The Latest: Denmark orders jets", ReportKind.LIVE),
        ("Watch: Danish jets take off", ReportKind.VIDEO),
        ("Minister: Denmark orders jets", ReportKind.REPORT),
    ],
)
def test_a_title_shows_what_an_item_is(title: str, kind: ReportKind) -> None:
    assert kind_of(item(title=title), verdict(event=None)) is kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("news/2026/jets", ReportKind.REPORT),
        ("opinions/2026/jets", ReportKind.OPINION),
        ("news/liveblog/2026/jets", ReportKind.LIVE),
        ("video/newsfeed/2026/jets", ReportKind.VIDEO),
    ],
)
def test_a_link_shows_what_an_item_is(path: str, kind: ReportKind) -> None:
    one = replace(item(title="Denmark orders jets"), url=f"https://news.example/{path}?utm=video")
    assert kind_of(one, verdict(event=None)) is kind
