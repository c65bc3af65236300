"""Feeds at the desk without HTTP: add one by its address, and show what an address answers with."""
