import pytest

from monitor.render.headline import headline_of


@pytest.mark.parametrize(
    ("title", "source", "tier", "shown"),
    [
        ("Norway hits banks with new sanctions - Reuters", "", "", "Norway hits banks with new sanctions"),
        ("EU plans sanctions - reuters.com", "", "", "EU plans sanctions"),
        ("EU plans sanctions | Example Daily", "Example Daily", "", "EU plans sanctions"),
        ("EU plans sanctions - The Small Paper", "News", "aggregator", "EU plans sanctions"),
        ("EU plans sanctions - The Small Paper", "News", "wire", "EU plans sanctions - The Small Paper"),
        ("Iran - talks on sanctions resume", "", "", "Iran - talks on sanctions resume"),
        ("S-400 - Reuters", "", "", "S-400 - Reuters"),
        ("S-400", "", "aggregator", "S-400"),
    ],
)
def test_a_headline_loses_its_publisher_and_nothing_else(title, source, tier, shown):
    assert headline_of(title, source, tier) == shown
