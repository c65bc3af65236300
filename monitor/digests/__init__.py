"""When digests are due, what they say once for all recipients, and what was overdue. Pure."""
