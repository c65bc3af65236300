"""Wiring: settings and parts become one running program. Only `build` constructs adapters."""
