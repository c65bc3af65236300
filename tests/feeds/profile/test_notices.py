import pytest

from monitor.feeds.profile.notices import notice_title
from tests.conftest import item

ABOUT_THE_FEED = [
    ("This RSS feed has moved", "Please update your reader."),
    ("Feed discontinued", ""),
    ("Our feed is deprecated and will be removed", ""),
    ("Dieser RSS-Feed wird eingestellt", ""),
    ("Лента RSS перенесена на новый адрес", ""),
    ("RSS akışı kapatıldı", ""),
    ("RSS订阅已停止更新", ""),
    ("Test post", "Lorem"),
    ("test", ""),
]
NEWS = [
    ("Ministry moves missiles north", "They had been replaced in 2019."),
    ("Cattle feed exports banned", "The ban is part of new sanctions."),
    ("Test of a new missile", "The test was a success."),
    ("Video feed of the drone shows the strike", ""),
    ("Russia's channel in Berlin was closed", "Its television licence had been withdrawn in March."),
]


@pytest.mark.parametrize(("title", "summary"), ABOUT_THE_FEED)
def test_an_item_about_the_feed_itself_is_noticed(title, summary):
    assert notice_title([item(title="News", summary=""), item(title=title, summary=summary)]) == title


@pytest.mark.parametrize(("title", "summary"), NEWS)
def test_news_is_not(title, summary):
    assert notice_title([item(title=title, summary=summary)]) == ""


def test_a_long_report_about_somebodys_feed_is_none():
    assert (
        notice_title(
            [item(title="Agency closes", summary="Its RSS feed was discontinued. " + "More words. " * 40)]
        )
        == ""
    )
