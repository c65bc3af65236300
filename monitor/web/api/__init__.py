"""The API for programs at ``/api/v1``: an application of its own beside the pages, with the same readers.

`application` lists the routers of `resources`; `models` are what requests and responses hold; `access`
decides who a request is from and how many are allowed; `problems` makes every refusal. A resource reads by
``await answer(web, collect, …)``, which makes a model and its JSON in a thread for reading.

To add a resource: a module in `resources` with a router, its models in `models`, its name in
`application._ROUTERS`, a line in ``docs/api.md``. Parameters are a model with ``extra="forbid"``; a list has
`limit` and `after`, whose cursors `cursors` makes; a function that changes something takes `Editing`.
"""

#: Where the API is mounted.
PATH = "/api/v1"
