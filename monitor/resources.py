"""Where the files that ship with the program are: in the wheel's own folder, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
SEEDS = _ROOT / "seeds"
EXAMPLE_CONFIG = _ROOT / "config.example.toml"
