"""Build entities for the tests from a line of names."""

from datetime import date

from monitor.model import Entity, EntityKind, Name, Strength


def party(
    id: str,
    names: str,
    *programmes: str,
    kind: EntityKind = EntityKind.ORGANISATION,
    countries: tuple[str, ...] = (),
    listed_on: date | None = None,
) -> Entity:
    """Return a party whose names are separated by ``|``, the main one first."""
    main, *more = names.split("|")
    all_of = (Name(main, Strength.PRIMARY), *map(Name, more))
    return Entity(
        id=id,
        list="sample",
        kind=kind,
        names=all_of,
        countries=countries,
        programmes=programmes,
        listed_on=listed_on,
    )
