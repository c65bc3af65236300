"""The protocols of the store: one per kind of caller; one method is one transaction."""
