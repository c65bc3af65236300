"""``python -m monitor``: the same as the command `sanctions-monitor`."""

from .cli import main

main()
