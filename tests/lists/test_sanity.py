"""Which copy of a list may replace the last one."""

import pytest

from monitor.lists.sanity import Count, refusal_reason

LAST = Count(1000, 3000)


@pytest.mark.parametrize(
    ("found", "last", "at_least", "said"),
    [
        (Count(1000, 3000), LAST, 0, ""),
        (Count(800, 2400), LAST, 0, ""),
        (Count(5000, 9000), LAST, 900, ""),
        (Count(1, 1), None, 0, ""),
        (Count(0, 0), None, 0, "holds no entry"),
        (Count(799, 3000), LAST, 0, "shrank from 1,000 to 799 entries"),
        (Count(1000, 2399), LAST, 0, "shrank from 3,000 to 2,399 names"),
        (Count(899, 3000), None, 900, "holds 899 entries, and cannot have fewer than 900"),
    ],
)
def test_a_copy_that_shrank_or_is_too_short_is_refused(
    found: Count, last: Count | None, at_least: int, said: str
) -> None:
    assert refusal_reason(found, last, at_least) == said


def test_what_an_operator_accepts_may_be_short_but_not_empty() -> None:
    assert refusal_reason(Count(1, 1), LAST, 900, accepted=True) == ""
    assert refusal_reason(Count(0, 0), LAST, 900, accepted=True) == "holds no entry"


@pytest.mark.parametrize(
    ("last", "removed", "said"),
    [
        (Count(5, 5), 5, "holds 0 of the 5 entries of the last copy: is it another file?"),
        (Count(1000, 3000), 801, "holds 199 of the 1,000 entries of the last copy: is it another file?"),
        (Count(1000, 3000), 800, ""),
        (Count(2, 2), 2, ""),
        (None, 0, ""),
    ],
)
def test_a_copy_without_the_entries_of_the_last_is_another_file(
    last: Count | None, removed: int, said: str
) -> None:
    assert refusal_reason(Count(1000, 3000), last, 0, removed=removed) == said
    assert refusal_reason(Count(1000, 3000), last, 0, removed=removed, accepted=True) == ""
