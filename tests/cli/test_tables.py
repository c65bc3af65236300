"""Tables on terminals of different widths."""

from io import StringIO

from rich.console import Console

from monitor.cli.tables import new_table, print_table


def printed(width: int, terminal: bool = True) -> str:
    """Return a table of five columns as it is printed at this width."""
    table = new_table("feed", "tier", "health", "next poll", "reason")
    table.add_row("treasury", "official", "ok", "2026-11-23 08:00:00 UTC", "a long reason " * 5)
    out = StringIO()
    print_table(
        table,
        ("tier", "next poll"),
        Console(file=out, width=width, force_terminal=terminal, color_system=None),
    )
    return out.getvalue()


def test_a_wide_terminal_gets_every_column() -> None:
    assert "official" in printed(120)
    assert "left out" not in printed(120)


def test_a_narrow_terminal_gets_fewer_columns_and_is_told_so() -> None:
    assert "official" not in printed(72)
    assert "2026-11-23 08:00:00 UTC" in printed(72)
    assert "left out on this narrow terminal: tier; see --json" in printed(72)
    assert "left out on this narrow terminal: tier, next poll" in printed(50)
    assert "health" in printed(50)
    assert all(len(line) <= 72 for line in printed(72).splitlines())


def test_what_is_no_terminal_gets_every_column() -> None:
    assert "official" in " ".join(printed(72, terminal=False).split())
