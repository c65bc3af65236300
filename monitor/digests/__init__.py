"""Decide when digests are due, which overdue content they add, and who shares one rendering. Pure.

- `occasions`: the times at which digests are due
- `selection`: the alerts of a digest by its window, and the digest
- `overdue`: what a recipient did not receive in time, which the next digest adds
- `summary`: one message about the alerts of a storm, or about what a silence left open
- `wording`: one rendering for all recipients of the same content, and their deliveries
"""
