"""Rebuild ``seeds/traditional.txt``, the traditional Chinese characters and the simplified ones that they are folded to.

    pip install opencc==1.4.2
    python benchmarks/traditional.py

Only characters that one simplified character replaces are kept: a first line of traditional ones, a second of simplified ones.
"""

import sys

from opencc import OpenCC

from monitor.resources import SEEDS

HEADER = """\
# Traditional Chinese characters, and in the same order the simplified ones. Made by benchmarks/traditional.py; do not edit.
# Source: the character tables of OpenCC 1.4.2 (t2s), Apache License 2.0, https://github.com/BYVoid/OpenCC
"""
BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))


def main() -> int:
    """Write the file."""
    simplify = OpenCC("t2s").convert
    pairs = {}
    for code in (code for block in BLOCKS for code in block):
        simple = simplify(chr(code))
        if simple != chr(code) and len(simple) == 1 and simplify(simple) == simple:
            pairs[chr(code)] = simple
    text = f"{HEADER}{''.join(pairs)}\n{''.join(pairs.values())}\n"
    (SEEDS / "traditional.txt").write_text(text, "utf-8")
    print(f"{len(pairs)} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
