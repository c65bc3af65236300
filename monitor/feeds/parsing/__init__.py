"""Turn the bytes of a document into items, in killable worker processes."""
