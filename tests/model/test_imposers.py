"""Who acts in an event, alone or together with others."""

import pytest

from monitor.model import Mention, imposers_of
from tests.conftest import event, item, verdict

STATES = (
    Mention(id="country:US", name="United States", kind="country", quote="US"),
    Mention(id="country:UK", name="United Kingdom", kind="country", quote="UK"),
)


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("US and UK sanction network", ("country:US", "country:UK")),
        ("US, UK sanction network", ("country:US", "country:UK")),
        ("US sanction network of UK traders", ("country:US",)),
        ("After UK talks, US sanction network", ("country:US",)),
    ],
)
def test_those_named_side_by_side_before_an_act_do_it_together(title, ids):
    start = title.index("sanction")
    act = event(imposer="country:US", field="title", start=start, stop=start + 8, quote="sanction")
    assert imposers_of(item(title=title), verdict(event=act, entities=STATES)) == ids


def test_without_an_event_there_is_no_imposer():
    assert imposers_of(item(title="US and UK sanction network"), verdict(event=None, entities=STATES)) == ()
