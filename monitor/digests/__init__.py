"""Decide when digests are due, which overdue content they add, and who shares one rendering. Pure.

`occasions` computes the times at which digests are due, `overdue` adds what a recipient did not receive,
`wording` renders a digest once for all recipients of the same content.
"""
