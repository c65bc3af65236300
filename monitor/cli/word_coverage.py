"""Print how much of each language's usage the words of each class of frames cover, for `rules coverage`."""

from rich.text import Text

from monitor.match.lexicon import LANGUAGES
from monitor.resources import SEEDS

from .common import print_json, stdout
from .tables import new_table

#: A class is thin where its words are rarer than this share of the median of all languages.
THIN = 0.1


def print_word_coverage(as_json: bool) -> None:
    """Print the occurrences in a million words of each class, by language; thin classes stand out."""
    rows = _rows()
    if as_json:
        print_json({"per_million": rows})
        return
    table = new_table("class", *LANGUAGES, right=LANGUAGES)
    for name, row in rows.items():
        median = sorted(row.values())[len(row) // 2]
        cells = (
            Text(f"{row[lang]:.0f}", "yellow" if row[lang] < THIN * median else "") for lang in LANGUAGES
        )
        table.add_row(name, *cells)
    stdout.print(table)
    stdout.print("occurrences in a million words; phrases of several words are not counted")


def _rows() -> dict[str, dict[str, float]]:
    lines = (SEEDS / "frequencies.txt").read_text("utf-8").splitlines()
    rows = {}
    for line in lines:
        if not line.startswith("#"):
            name, *cells = line.split(" ")
            pairs = (cell.split("=") for cell in cells)
            rows[name] = {lang: float(share) for lang, share in pairs}
    return rows
