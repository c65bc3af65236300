"""Find who acts in a verdict: the authority, its regime, the countries, and names by entity id."""

from urllib.parse import urlsplit

from monitor.model import Alert, Mention, Tier, Verdict, iso_code

#: Regimes with a heading of their own, in reading order; codes of the authority's country.
REGIMES = ("UN", "EU", "US", "GB", "CH")

#: Ends of the hosts of authorities, by regime.
_HOSTS = (
    (".gov.uk", "GB"),
    (".europa.eu", "EU"),
    (".admin.ch", "CH"),
    (".un.org", "UN"),
    (".gov", "US"),
    (".mil", "US"),
)

_ACTORS = {"authority", "country"}


def authority_of(verdict: Verdict) -> Mention | None:
    """Return the authority that imposes or lifts; if the event names none, the first one in the text."""
    event = verdict.event
    if event and event.imposer:
        return next((each for each in verdict.entities if each.id == event.imposer), None)
    return next((each for each in verdict.entities if each.kind == "authority"), None)


def regime_of(verdict: Verdict) -> str:
    """Return the regime: a code of `REGIMES`, another country's name, or "" if no authority is named."""
    authority = authority_of(verdict)
    if authority is None or authority.kind not in _ACTORS:
        return ""
    country = iso_code(authority.countries[0]) if authority.countries else ""
    if country in REGIMES:
        return country
    named = (each.name for each in verdict.entities if each.kind == "country" and country in each.countries)
    return next(named, authority.name)


def regime_of_alert(alert: Alert) -> str:
    """Return the regime of an alert; of an official notice that names no authority that of its publisher."""
    regime = regime_of(alert.verdict)
    if regime or alert.tier != Tier.OFFICIAL:
        return regime
    host = f".{_host(alert.item.url)}"
    return next((code for end, code in _HOSTS if host.endswith(end)), "")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def countries_of(verdict: Verdict) -> tuple[str, ...]:
    """Return the codes of the countries named, each once, in the order of the text."""
    named = (each for each in verdict.entities if each.kind == "country")
    return tuple(dict.fromkeys(code for each in named for code in each.countries))


def named_as(verdict: Verdict, id: str) -> str:
    """Return the name of an entity by its id; if the verdict does not name it, the id without its kind."""
    named = (each.name for each in verdict.entities if each.id == id)
    return next(named, id.partition(":")[2] or id)
