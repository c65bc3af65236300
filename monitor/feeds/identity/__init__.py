"""Recognise the entries of a document as stored items, new items or revisions. Pure.

naming     the guid of each entry, and the naming in use for its feed
recognise  which entries are stored items, under the same guid or another
matching   stored items that a document lists under new guids
edits      what an edit of a stored item changed
cache      the item of each span of the last document of each feed
"""
