"""The page of performance is written from the kept measurements, and is not stale."""

from benchmarks.report import PAGE, page


def test_the_page_has_the_kept_measurements() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m benchmarks.report`"
