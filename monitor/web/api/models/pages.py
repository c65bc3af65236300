"""Pages of lists."""

from pydantic import BaseModel, Field


class Page(BaseModel):
    """A page of a list, newest or first entries first.

    A page may have fewer entries than asked for, or none, while `next` is not null: the search for entries
    that fit is bounded for each request.
    """

    next: str | None = Field(description="The value of `after` for the next page; null after the last page.")
