"""Classify refusals by tables, one module for each protocol: one row per answer, the first match wins."""
