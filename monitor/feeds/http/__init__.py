"""Fetch documents over HTTP: guarded, bounded, conditional."""
