"""Compiled functions of sanctions-monitor: the same results as its pure ones, sooner."""

#: What the functions take and return; `monitor.text.compiled` uses only a build of its own number.
INTERFACE = 3
