"""The small web server: links in messages lead here, and readers of feeds. It shows on GET and acts on POST.

To add a page: a handler and its route in `pages`, and its words in ``templates/web.html.j2``. What it needs
of the store is a method of `base.WebStore`. Headers, refusals and limits are the same for all, in `server`.
"""
