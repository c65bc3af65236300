"""The spotter keeps what words begin, and shares that between words that begin the same."""

import gc

from monitor.match.query.pattern import parse
from monitor.match.spotting import spotter_of
from monitor.text import tokenize


def test_numbers_met_for_the_first_time_take_no_memory_of_their_own() -> None:
    patterns = [(f"sum-{n}", parse(f"# word{n}")) for n in range(50)]
    spotter = spotter_of(patterns)
    spotter.spot("title", tokenize("1 word7"))
    gc.collect()
    before = len(gc.get_objects())
    for number in range(1000, 2000):
        spotter.spot("title", tokenize(f"{number} apples"))
    gc.collect()
    assert len(gc.get_objects()) - before < 100
    assert [span.tag for span in spotter.spot("title", tokenize("1234 word7"))] == ["sum-7"]
