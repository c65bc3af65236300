import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.feedback import RulePrecision


@pytest.mark.parametrize(
    ("relevant", "noise", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 0, 0.722, 1.0), (5, 5, 0.237, 0.763), (81, 19, 0.722, 0.875)],
)
def test_the_interval_of_a_precision_is_wilsons(relevant: int, noise: int, low: float, high: float) -> None:
    interval = RulePrecision("a", relevant=relevant, noise=noise).interval
    assert interval == pytest.approx((low, high), abs=0.001)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_precision_and_stays_in_range(relevant: int, noise: int) -> None:
    found = RulePrecision("a", relevant=relevant, noise=noise)
    if found.precision is None:
        assert found.interval is None
        return
    assert found.interval
    low, high = found.interval
    assert 0 <= low <= found.precision + 1e-9
    assert found.precision - 1e-9 <= high <= 1
