"""Types of parameters and fields that several resources share."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from monitor.render.sanitize import without_surrogates
from monitor.web.stories.filters import DEFAULT_LIMIT, MAX_LIMIT


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("no text has the character NUL")
    return text


def _moment(given: object) -> object:
    """Return a date or a date with time as a moment, in UTC where it names no zone."""
    if not isinstance(given, str):
        return given
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("it is out of the calendar") from error


def _encodable(given: object) -> object:
    return without_surrogates(given) if isinstance(given, str) else given


#: Text of a feed or a list in a response; what cannot be encoded is replaced.
Text = Annotated[str, BeforeValidator(_encodable)]

#: How bodies of requests are read: a field that is not known, or of another type, is a mistake.
BODY = ConfigDict(extra="forbid", strict=True)

#: Text in a request; PostgreSQL stores no NUL.
GivenText = Annotated[str, AfterValidator(_without_nul)]

#: A moment in the body of a request.
Moment = Annotated[datetime, BeforeValidator(_moment)]

#: A short value of a filter.
Word = Annotated[GivenText, Field(min_length=1, max_length=200)]

#: An id in a path, or the beginning of one that only one has.
Id = Annotated[
    GivenText, Path(min_length=1, max_length=80, description="The id, or its beginning if only one has it.")
]

#: A name in a path.
Name = Annotated[GivenText, Path(min_length=1, max_length=200, description="The name.")]

_AGE = r"^[0-9]{1,4}[hd]$"

#: A moment in the past: an age, a date, or a date with time.
When = Annotated[
    GivenText,
    Field(min_length=1, max_length=40),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _AGE},
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ],
            "examples": ["12h", "7d", "2026-11-27", "2026-11-27T08:00:00Z"],
        }
    ),
]

Since = Annotated[When | None, Field(description="Not older: 12h, 7d, a date, or a date with time.")]
Until = Annotated[When | None, Field(description="Older than this: 12h, 7d, a date, or a date with time.")]
After = Annotated[GivenText, Field(max_length=400, description="`next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT, description=f"Most entries of a page; {DEFAULT_LIMIT}.")]
Search = Annotated[
    GivenText,
    Field(max_length=300, description='In the language of rules: words, "a phrase", NEAR/8, @name.'),
]
Severity = Annotated[int, Field(ge=0, le=5, description="Of this severity or more.")]
