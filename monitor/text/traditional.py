"""Know the simplified Chinese character for each traditional one.

The table is ``seeds/traditional.txt``, which ``benchmarks/traditional.py`` makes from the tables of OpenCC.
"""

from monitor.resources import SEEDS


def _read_table() -> dict[str, str]:
    lines = (SEEDS / "traditional.txt").read_text("utf-8").splitlines()
    traditional, simplified = (line for line in lines if not line.startswith("#"))
    return dict(zip(traditional, simplified, strict=True))


SIMPLIFIED = _read_table()
