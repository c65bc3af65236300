"""Recognise the entries of a document as stored items, new items or revisions. Pure."""
