"""The web server: the desk, the API for programs, signed links in messages, the Atom feed, the health check.

GET only shows, POST changes. `server` starts and stops; `application` lists the routers of `pages` and sets
the middleware; `http` bounds connections and requests; `security` decides who may do what. `base.WebContext`
is what every page works with: it reads by ``await web.read(web.store.…)`` and writes by
``await web.write(web.jobs.store.…)``. `api` is an application of its own, mounted at ``/api/v1``.

To add a page: a module in `pages` with a `DeskRouter`, its router in `application._ROUTERS`, a template in
``templates/web`` that extends ``frame.html.j2``, and its address in `render.MENU` if it belongs there. A form
posts ``csrf``, and its function takes a parameter of the type `Form`, which checks role, site and token.
"""
