import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.render.card import MAX_LINE, Block, Run, blocks, bold, fitted, link, plain
from monitor.render.slack import BLOCK_SIGNS

HEADER, SECTION, CONTEXT = (BLOCK_SIGNS[kind] for kind in ("header", "section", "context"))

LINES = [
    ("plain", (Run("plain"),)),
    (f"a {bold('b')} c", (Run("a "), Run("b", bold=True), Run(" c"))),
    (link("https://a.example/1", "there"), (Run("there", "https://a.example/1"),)),
    (bold(link("https://a.example/1", "there")), (Run("there", "https://a.example/1", bold=True),)),
    (link("javascript:alert(1)", "there"), (Run("there"),)),
    (link("https://a.example/1", ""), (Run("(no title)", "https://a.example/1"),)),
    ("  a \t  b  ", (Run("a b"),)),
    ("\x02 never ended", (Run(" never ended", bold=True),)),
    ("\x04https://never.example", ()),
]


@pytest.mark.parametrize(("said", "runs"), LINES)
def test_a_line_is_runs_of_one_style_each(said: str, runs: tuple[Run, ...]) -> None:
    assert blocks(said) == ((Block("section", (runs,)),) if runs else ())


def test_marks_begin_blocks_and_empty_ones_are_none() -> None:
    said = f"before{HEADER}one\ntwo{SECTION} \n{BLOCK_SIGNS['divider']}{CONTEXT}three"
    kinds = [(block.kind, len(block.lines)) for block in blocks(said)]
    assert kinds == [("section", 1), ("header", 2), ("divider", 0), ("context", 1)]


def test_a_line_is_cut_at_its_limit_in_the_middle_of_a_run() -> None:
    ((line,),) = (
        block.lines for block in blocks(f"{bold('a ' * 400)}{'b ' * 400}{link('https://a.example', 'c')}")
    )
    assert sum(len(run.text) for run in line) <= MAX_LINE
    assert len(line) == 1


def test_words_alone_show_where_links_lead() -> None:
    said = blocks(f"{HEADER}Title{SECTION}{link('https://a.example/1', 'there')} and\nback")
    assert plain(said) == "Title\n\nthere https://a.example/1 and\nback"


def card(*lines: int) -> tuple[Block, ...]:
    body = "".join(
        SECTION + "\n".join(f"line {n}.{i}" for i in range(count)) for n, count in enumerate(lines)
    )
    return blocks(f"{HEADER}head{body}{CONTEXT}foot")


@given(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 200))
def test_a_shortened_card_keeps_its_begin_and_end_and_counts_what_is_left_out(
    lines: list[int], room: int
) -> None:
    whole = card(*lines)
    shown = fitted(whole, lambda some: len(plain(some)) <= room)
    if len(plain(whole)) <= room:
        assert shown == whole
        return
    text = plain(shown)
    assert text.startswith("head")
    if text == "head":  # not even the foot has room
        return
    assert len(text) <= room
    assert text.endswith("foot")
    kept = text.count("line ")
    left = sum(lines) - kept
    assert f"… {left} {'line' if left == 1 else 'lines'} left out" in text


def test_a_card_of_one_block_or_none_is_cut_to_a_line() -> None:
    assert fitted((), lambda some: False) == ()
    assert plain(fitted(blocks(f"{HEADER}one\ntwo"), lambda some: False)) == "one"
