"""Locate the data files of the program, in the wheel or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
SEEDS = _ROOT / "seeds"
EXAMPLE_CONFIG = _ROOT / "config.example.toml"
