"""Count the listed names that no text could match, because a publisher wrote more into them than a name.

    CORPORA=folder python benchmarks/list_names.py

The folder holds ``fixtures/sanctions``: real list files of several publishers. For each file it prints how many entries there are,
and how many of them hold a name with a label ("original script:", "a.k.a."), with a remark ("; and any successor"), with a
semicolon, and with a comma that turns the name round or joins several ("SURNAME, Given", "First Ltd, Second Plant, Third").
Commas before legal forms and in enumerations are not counted: texts have those too.
"""

import gzip
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.lists import parse_list
from monitor.model import Entity, EntityKind

FILES = (
    ("ofac", "ofac/sdn_2024-05-03.csv", "ofac/alt_2026-08-02.csv", "ofac/sdn_comments_2026-08-02.csv"),
    ("ofac", "ofac/cons_prim.csv", "ofac/cons_alt.csv"),
    ("ofac-xml", "ofac/consolidated_2025-05-25.xml"),
    ("us-csl", "us/csl_consolidated_2025-02-27.csv.gz"),
    ("un", "un/un_consolidated_2026-08-02.xml"),
    ("un", "un/un_consolidated_2018-10-30.xml"),
    ("ca", "ca/canada_autonomous_2025-05-25.xml"),
    ("eu-fsf", "eu/eu_fsf_2016-02.xml"),
    ("plain", "eu/journal_consolidated_2026-08-22/*.csv"),
    ("opensanctions", "opensanctions/targets.simple_com480_2026.csv"),
    ("opensanctions", "opensanctions/targets.simple_zainab_2026-03.csv"),
    ("ftm", "opensanctions/entities.ftm_2024-03.json"),
    ("au", "au/dfat_2026-08-02.xlsx"),
    ("ofsi", "uk/ofsi_conlist_2016-02.csv"),
    ("plain", "cn/cn_sanctions_2026-08-22.csv"),
    ("plain", "us/bis_dpl.txt"),
)
LABEL = re.compile(
    r"original script|\b[afn]\.k\.a\b|\b[afn]/k/a\b|\baka\b|\b(?:also|formerly|previously) (?:known|listed)\b|\balias(?:es)?\b"
    r"|\b(?:arabic|belarus+ian|chinese|korean|persian|russian|ukrainian)(?: spelling)? ?:|affiliated entity:|(?:^|[\s,;(])[b-h]\)",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"\bany successor|[,;(] ?born\b|\bd\.?o\.?b\b|\b(?:date|place) of (?:birth|issue)\b|\bpassport n|\blocated\b|\blocation only\b"
    r"|\bof preceding\b|\bwas part of\b|\bindividual in\b|\bincluding the\b|https?://",
    re.IGNORECASE,
)
SEMICOLON = re.compile("[;；]")
INVERTED = re.compile(r"^[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]*(?: [\w'’.-]+)?$")
FORM = re.compile(r",\s*(?:[A-Z]\.?)*[^\W\d_]{0,7}\.?(?:\s+(?:de\s+)?[A-Z.]+)*(?=,|$)", re.IGNORECASE)
FORMS = frozenset("AO INC JR. LLC OAO OOO PAO ZAO".split())
CONNECTED = re.compile(
    r",\s*(?:and|or|of|for|de|y|et|und|i|и|no|\d)\b|\b(?:and|y|e|et|und|i|и)\s", re.IGNORECASE
)


def has_comma(name: str, kind: EntityKind, is_alias: bool) -> bool:
    """Say whether a comma in a name turns it round, or joins several."""
    if kind is EntityKind.PERSON:
        return ", " in name
    if kind is EntityKind.OTHER and INVERTED.match(name) and name.split(", ")[1] not in FORMS:
        return not FORM.search(name) or (name.isupper() and "." not in name)
    return is_alias and len(FORM.sub("", name).split(", ")) > 2 and not CONNECTED.search(name)


def faults(entity: Entity) -> Iterator[str]:
    """Yield each thing that keeps a name of an entity from being matched."""
    for number, name in enumerate(entity.names):
        if LABEL.search(name.text):
            yield "label"
        if REMARK.search(name.text):
            yield "remark"
        if SEMICOLON.search(name.text):
            yield "semicolon"
        if has_comma(name.text, entity.kind, number > 0):
            yield "comma"


def entities_of(folder: Path, format: str, patterns: Iterable[str]) -> Iterator[Entity]:
    """Yield the entities of a list whose documents match these patterns."""
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    bodies = [path.read_bytes() for path in paths]
    plain = [gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body for body in bodies]
    if plain:
        yield from parse_list(format, [io.BytesIO(body) for body in plain], "list")


def main() -> None:
    """Print the counts of every file that is there."""
    folder = Path(os.environ.get("CORPORA", "../shared"), "fixtures/sanctions")
    kinds = ("label", "remark", "semicolon", "comma")
    print(f"{'':56} entries" + "".join(f"{kind:>10}" for kind in kinds))
    for format, *patterns in FILES:
        found = [(entity, set(faults(entity))) for entity in entities_of(folder, format, patterns)]
        if found:
            counts = (sum(kind in said for _, said in found) for kind in kinds)
            print(f"{patterns[0]:56} {len(found):>7,}" + "".join(f"{count:>10,}" for count in counts))


if __name__ == "__main__":
    main()
