"""The resources of the API, one module for each; `router` of each is included by `application`."""
