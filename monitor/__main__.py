"""``python -m monitor``: the same as the command `sanctions-monitor`."""

from monitor.cli import main

main()
