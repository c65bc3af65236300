"""Select, admit and extract the web pages behind items.

selection  which pages are worth reading in full                    (pure)
robots     whether robots.txt admits us; extra ``fulltext``         (pure)
extract    the text of an article; extra ``fulltext``
page_text  title and text of any page, for ``explain``              (pure)
"""
