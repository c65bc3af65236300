"""Every parser of foreign input takes any bytes: some hundred inputs here, millions by `make fuzz`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import documents
from tests.fuzz.targets import TARGETS, Target, all_targets

#: Inputs that once broke or delayed a parser, a folder for each target. A long run adds what it finds.
CORPUS = Path(__file__).parent / "corpus"
FOUND = sorted(path for path in CORPUS.rglob("*") if path.is_file())
NAMES = [*TARGETS, "web", "config"]


def assert_taken(target: Target, data: bytes) -> None:
    """Fail if an input breaks the parser, or a promise about what it returns."""
    target.run(data)


@pytest.fixture(scope="module")
def targets() -> Iterator[dict[str, Target]]:
    with all_targets() as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_a_parser_takes_any_bytes(targets: dict[str, Target], name: str, data: st.DataObject) -> None:
    target = targets[name]
    assert_taken(target, data.draw(documents(target.seeds, target.tokens)))


def test_inputs_that_once_broke_a_parser_are_taken(targets: dict[str, Target]) -> None:
    for path in FOUND:
        assert_taken(targets[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_the_good_documents_of_a_target_are_taken(targets: dict[str, Target], name: str) -> None:
    for seed in targets[name].seeds[:8]:
        assert_taken(targets[name], seed)
