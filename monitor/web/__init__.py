"""The web server: signed links in messages, the Atom feed and the health check.

GET only shows, POST changes. To add a page: a method and its route in `views.WebViews`, and its words in
``templates/web.html.j2``. What it needs of the store is a method of `base.WebStore`. `server` sets the
headers of all responses; `views.explained` limits their time and turns refusals into pages.
"""
