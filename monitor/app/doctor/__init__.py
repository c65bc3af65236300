"""Examine an installation: what is wrong, where, and what to do about it; nothing is changed or sent.

`base` has the values; each other module examines one area and yields its findings. To add an area: write a
module with a function that takes an `Examination` and yields `Finding`s, and name it in `examine.AREAS`, or
in `examine.NETWORK_AREAS` if it connects to anything.
"""
