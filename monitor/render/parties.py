"""Who acts in a verdict, by name: the authority that imposes, the buyer, the supplier."""

from monitor.model import Mention, Verdict

#: Whose sanctions have a heading of their own, in its order; by the country of the authority.
REGIMES = ("UN", "EU", "US", "UK", "CH")

_ACTORS = {"authority", "country"}


def authority_of(verdict: Verdict) -> Mention | None:
    """Return who imposes or lifts; where the sentence does not tell, the authority named first."""
    event = verdict.event
    if event and event.imposer:
        return next((each for each in verdict.entities if each.id == event.imposer), None)
    return next((each for each in verdict.entities if each.kind == "authority"), None)


def regime_of(verdict: Verdict) -> str:
    """Return whose sanctions they are: a code of `REGIMES`, another country's name, "" where none is told."""
    authority = authority_of(verdict)
    if authority is None or authority.kind not in _ACTORS:
        return ""
    country = authority.countries[0] if authority.countries else ""
    if country in REGIMES:
        return country
    named = (each.name for each in verdict.entities if each.kind == "country" and country in each.countries)
    return next(named, authority.name)


def countries_of(verdict: Verdict) -> tuple[str, ...]:
    """Return the codes of the countries named, each once, in the order of their naming."""
    named = (each for each in verdict.entities if each.kind == "country")
    return tuple(dict.fromkeys(code for each in named for code in each.countries))


def named_as(verdict: Verdict, id: str) -> str:
    """Return the name of an entity of the verdict; of one that it does not name, what its id says."""
    named = (each.name for each in verdict.entities if each.id == id)
    return next(named, id.partition(":")[2] or id)
