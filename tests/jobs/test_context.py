"""A run keeps the policy it began with; what a replaced policy holds is closed when its last run has ended."""

import pytest

from monitor.jobs.context import Close, CurrentPolicy
from tests.support.policies import policy


class Closed(list[str]):
    """The names of the policies that were closed, in order."""

    def when(self, name: str) -> Close:
        async def close() -> None:
            self.append(name)

        return close


@pytest.fixture
def closed() -> Closed:
    return Closed()


@pytest.fixture
def current(closed: Closed) -> CurrentPolicy:
    return CurrentPolicy(policy(), closed.when("first"))


async def test_a_run_reads_one_policy_from_its_beginning_to_its_end(
    current: CurrentPolicy, closed: Closed
) -> None:
    second = policy(health_channels=("desk",))
    with current.use() as before:
        current.replace(second, closed.when("second"))
        assert before is not second
        with current.use() as after:
            assert after is second
    assert current.value is second


async def test_a_replaced_policy_is_closed_after_the_last_run_that_reads_it(
    current: CurrentPolicy, closed: Closed
) -> None:
    with current.use(), current.use():
        current.replace(policy(), closed.when("second"))
        await current.close_retired()
        assert closed == []
    await current.close_retired()
    assert closed == ["first"]
    await current.close_retired()
    assert closed == ["first"]


async def test_a_run_that_fails_lets_go_of_its_policy(current: CurrentPolicy, closed: Closed) -> None:
    with pytest.raises(RuntimeError), current.use():
        raise RuntimeError
    current.replace(policy(), closed.when("second"))
    await current.close_retired()
    assert closed == ["first"]


async def test_the_end_of_the_program_closes_every_policy(current: CurrentPolicy, closed: Closed) -> None:
    with current.use():
        current.replace(policy(), closed.when("second"))
        await current.close()
    assert closed == ["first", "second"]
