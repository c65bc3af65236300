"""Group items that report the same act, and find what is new in a retelling. Pure."""
