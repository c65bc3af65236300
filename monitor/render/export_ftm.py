"""Turn items and list entries into FollowTheMoney entities, the format of OpenSanctions and Aleph.

An item becomes an ``Article``; each party of a list that it names an entity, and a ``Documentation`` of both.

Source: followthemoney.tech, schemata Article, Documentation, LegalEntity and those that extend it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.model import Entity, ExportKind, Judged, Mention, Strength, key_of

from .sanitize import href, sanitize

#: The kinds of records that have a form in FollowTheMoney.
FTM_KINDS = (ExportKind.ITEMS, ExportKind.ENTRIES)

_SCHEMATA = {
    "person": "Person",
    "organisation": "Organization",
    "agency": "PublicBody",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "other": "LegalEntity",
}


def ftm_entities(record: Judged | Entity) -> Iterator[Mapping[str, Any]]:
    """Yield the entities of an item, or the one of a list entry."""
    if isinstance(record, Entity):
        yield _entry(record)
        return
    article = _article(record)
    yield article
    for mention in record.verdict.entities:
        if mention.lists:
            party = _party(mention)
            yield party
            yield _documentation(article, party, record)


def _entity(id: str, schema: str, caption: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity; properties without a value are left out, and every value is text in a list."""
    found = {}
    for name, value in properties.items():
        values = [sanitize(str(each)) for each in (value if isinstance(value, tuple) else (value,)) if each]
        if values:
            found[name] = list(dict.fromkeys(values))
    return {"id": id, "caption": sanitize(caption), "schema": schema, "properties": found}


def _entry(entity: Entity) -> dict[str, Any]:
    names = entity.names[1:]
    properties = {
        "name": entity.name,
        "alias": tuple(name.text for name in names if name.strength is not Strength.WEAK),
        "weakAlias": tuple(name.text for name in names if name.strength is Strength.WEAK),
        "country": tuple(code.lower() for code in entity.countries),
        "programId": entity.programmes,
        "topics": "sanction",
    }
    schema = _SCHEMATA[entity.kind.value]
    return _entity(f"{entity.list}-{entity.id}", schema, entity.name, properties) | {"target": True}


def _article(judged: Judged) -> dict[str, Any]:
    item, verdict = judged.item, judged.verdict
    properties = {
        "title": item.title,
        "summary": item.summary,
        "sourceUrl": href(item.url),
        "publisher": item.feed,
        "language": item.lang.partition("-")[0],
        "publishedAt": item.published_at.isoformat() if item.published_at else "",
        "retrievedAt": item.first_seen_at.isoformat(),
        "keywords": (*verdict.topics, *((verdict.event.type,) if verdict.event else ())),
    }
    return _entity(f"item-{item.id}", "Article", item.title, properties)


def _party(mention: Mention) -> dict[str, Any]:
    properties = {"name": mention.name, "country": tuple(code.lower() for code in mention.countries)}
    return _entity(mention.id, _SCHEMATA.get(mention.kind, "LegalEntity"), mention.name, properties)


def _documentation(article: Mapping[str, Any], party: Mapping[str, Any], judged: Judged) -> dict[str, Any]:
    properties = {
        "document": article["id"],
        "entity": party["id"],
        "date": judged.item.first_seen_at.date().isoformat(),
    }
    id = f"documentation-{key_of(str(article['id']), str(party['id']))}"
    return _entity(id, "Documentation", "", properties)
