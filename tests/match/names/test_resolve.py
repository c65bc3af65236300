"""Names of lists in an item: which count, with what evidence, and how the verdict shows them."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.errors import ConfigError
from monitor.match import engine
from monitor.match.lexicon import MANY, indexed, watched
from monitor.match.names.building import WATCH, build
from monitor.match.names.index import from_buffer, to_bytes
from monitor.match.names.resolve import MAX_PARTIES, Names
from monitor.model import Entity, EntityKind, Name, Strength, Tier
from tests.conftest import item
from tests.match.seeds import LEXICAL, NOW, SCORING, texts
from tests.support.engines import engine_of

TABLE = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))


def parties():
    for number, row in enumerate(TABLE["party"]):
        names = (
            Name(row["name"], Strength.PRIMARY),
            *(Name(each) for each in row.get("aliases", ())),
            *(Name(each, Strength.WEAK) for each in row.get("weak", ())),
        )
        programmes = tuple(row.get("programmes", ()))
        yield Entity(
            id=str(number),
            list="sdn",
            kind=EntityKind(row["kind"]),
            names=names,
            countries=tuple(row.get("countries", ())),
            programmes=programmes,
        )


def names_of(entities) -> Names:
    statistics = word_statistics()
    return Names(from_buffer(memoryview(b"".join(to_bytes("v1", build(entities, statistics))))), statistics)


def engine_with(names, watch=None):
    return engine_of(LEXICAL, texts("rules"), SCORING, watch, has_index=True).with_names(names)


ENGINE = engine_with(names_of(parties()))


def judge(title, summary="", by=ENGINE):
    return by.judge(item(title=title, summary=summary, first_seen_at=NOW, published_at=NOW), Tier.WIRE)


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["says"])
def test_names_are_resolved_by_spelling_place_and_context(case):
    doc = ENGINE.annotate(case["title"], case.get("summary", ""))
    assert [doc.quote(each.span) for each in doc.named] == case["stands"]
    assert [doc.quote(span) for span in doc["listed"] if span.tag == "listed"] == case["stands"]
    assert any(case.get("because", "") in each.because for each in doc.named) or not case["stands"]


@pytest.mark.parametrize("field", ["title", "summary"])
def test_the_verdict_names_an_entity_with_its_list_its_grade_and_the_reason(field):
    verdict = judge(
        **{"title": "", field: "New sanctions package hits Rosoboronexport. Rosoboronexport is calm"}
    )
    (mention,) = [each for each in verdict.entities if "sdn" in each.lists]
    assert mention.quote == "Rosoboronexport"
    assert mention.grade == "B"
    assert mention.because.startswith('grade B, a single word; near "')
    (described, *_) = [each for each in verdict.evidence if each.because.startswith("on sdn: grade B")]
    assert (described.field, described.quote, described.points) == (field, "Rosoboronexport", 0.0)
    assert verdict.versions["lists"] == "v1"


def test_an_entity_known_only_from_a_list_is_named_by_its_main_name():
    (mention,) = [each for each in judge("Court hears Igor Zubkovsky").entities if each.kind == "person"]
    assert (mention.id, mention.name, mention.quote) == (
        "sdn:7",
        "Igor Sergeevich Zubkovsky",
        "Igor Zubkovsky",
    )
    assert (mention.lists, mention.grade) == (("sdn",), "A")


def test_an_entity_of_lexicon_and_lists_appears_once_with_all_lists():
    mentions = judge("Russia's Rosoboronexport under new sanctions").entities
    described = [each for each in mentions if each.quote == "Rosoboronexport"]
    assert [each.id.partition(":")[0] for each in described] == ["maker"]
    assert "sdn" in described[0].lists


def test_a_name_of_too_many_entities_gives_candidates():
    many = [
        Entity(
            id=str(n), list="sdn", kind=EntityKind.PERSON, names=(Name("Karim Zubkovsky"),), countries=("IQ",)
        )
        for n in range(MAX_PARTIES + 1)
    ]
    (mention,) = judge("Karim Zubkovsky speaks", by=engine_with(names_of(many))).entities
    assert (mention.kind, mention.name) == ("candidates", "Karim Zubkovsky")
    assert mention.because.endswith(f"{MAX_PARTIES + 1} candidates")
    (mention,) = judge("Karim Zubkovsky speaks", by=engine_with(names_of(many[1:]))).entities
    assert (mention.kind, mention.id) == ("person", "sdn:1")


@pytest.mark.parametrize(
    "title", ["Igоr Zubkovsкy speaks", "Igor Zub\u200fkovsky speaks", "Igοr Zubkοvsκy speaks"]
)
def test_a_name_in_lookalike_letters_or_with_invisible_characters_is_found(title):
    (mention,) = judge(title).entities
    assert mention.lists == ("sdn",)


def test_a_rule_may_ask_for_what_is_listed():
    rule = '[rule.listed]\ntopic = "sanctions"\npoints = 40\nwhen = "@listed"\nbecause = "a listed party"\n'
    rules = {
        **texts("rules"),
        "own.toml": rule + 'yes = ["Court hears Igor Zubkovsky"]\nno = ["Court hears a case"]\n',
    }
    own = engine_of(LEXICAL, rules, SCORING, has_index=True).with_names(names_of(parties()))
    assert "listed" in judge("Court hears Igor Zubkovsky", by=own).rules
    assert engine.mistaken_examples(own) == ()


LONG = {"own": (*(f"Firma{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]} Zub{'uvwxyz'[n % 6]}{n // 100}" for n in range(MANY)), "Ünal Kardeşler", "gadget*", "QX-77")}  # fmt: skip


def test_a_long_watch_list_is_found_through_the_index_and_its_patterns_as_ever():
    left = list(indexed(LONG))
    assert {entity.list for entity in left} == {f"{WATCH}own"}
    own = engine_with(names_of([*left, *parties()]), LONG)
    for title, quote in (
        ("Boss of Unal Kardesler speaks", "Unal Kardesler"),
        ("New gadgetry", "gadgetry"),
        ("A QX77 flew", "QX77"),
    ):
        doc = own.annotate(title)
        assert [doc.quote(span) for span in doc["watch:own"]] == [quote]
        assert [doc.quote(span) for span in doc["watch"]] == [quote]
        assert doc["listed"] == ()
        assert [m.id for m in judge(title, by=own).entities if m.kind == "watch"] == ["watch:own"]


def test_a_short_watch_list_or_one_without_an_index_stays_with_the_patterns():
    short = {"own": ("Ünal Kardeşler",)}
    assert list(indexed(short)) == []
    assert watched(short, True) == watched(short)
    assert len(watched(LONG)["watch:own"].patterns) > len(LONG["own"])
    with pytest.raises(ConfigError, match=r"watch\.own\.names"):
        watched({"own": (*LONG["own"], "*")}, True)


PIECES = "Rosoboronexport|Ali Hassan|ALI|Road|Igor|Zubkovsky|tanker|Sea Fortune|sanctions|Iraq|. |, |-|PKZQ|Qa'idat|Brigade|Russia's|Zubby"


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=12).map(" ".join), st.text(max_size=30))
def test_resolved_names_index_the_original_and_leave_no_name_tag(title, summary):
    doc = ENGINE.annotate(title, summary)
    assert not any(tag.startswith("#") for tag in doc.spans)
    for each in doc.named:
        assert each.grade in {"A", "B"}
        assert each.parties
        assert doc.quote(each.span)
        assert (
            doc.texts[each.span.field]
            .raw[doc.texts[each.span.field].starts[each.span.start] :]
            .startswith(doc.quote(each.span))
        )
    for one, other in zip(doc.named, doc.named[1:], strict=False):
        assert one.span.field != other.span.field or one.span.stop <= other.span.start
