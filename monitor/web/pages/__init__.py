"""Pages and feeds, one module per address; `router` of each module is included by `application`."""
