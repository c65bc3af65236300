import pytest

from monitor.render.wrapping import FSI, PDI, isolated, width, wrap


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        (
            "美国对中国三家炼油厂实施制裁，周一宣布",
            12,
            ["美国对中国三", "家炼油厂实施", "制裁，周一宣", "布"],
        ),
        ("averylongwordthatcannotbreak end", 10, ["averylongwordthatcannotbreak", "end"]),
        ("", 10, [""]),
    ],
)
def test_lines_keep_to_the_columns_that_characters_take(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns=columns).split("\n") == lines


def test_the_first_line_and_the_others_begin_as_asked() -> None:
    assert wrap("one two three", "- ", "  ", 9) == "- one two\n  three"


def test_text_from_right_to_left_stands_between_isolates_and_others_do_not() -> None:
    assert isolated("تحریم‌های تازه") == f"{FSI}تحریم‌های تازه{PDI}"
    assert isolated("new sanctions") == "new sanctions"


def test_isolates_that_a_line_end_would_break_begin_again_on_the_next_line() -> None:
    lines = wrap(f"Also: {isolated('یک دو سه چهار پنج')} (daily)", columns=16).split("\n")
    assert len(lines) > 1
    assert all(line.count(FSI) == line.count(PDI) for line in lines)


def test_marks_take_no_column_and_wide_characters_two() -> None:
    assert width(f"{FSI}é{PDI}e\u0301中") == 4
