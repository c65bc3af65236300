"""Templates of operators keep working when something that they use is renamed."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.signed_links import ActionRequest
from monitor.model import Action, Counts, Polarity, StorySoFar, Subscription
from monitor.render import aliases, terms
from monitor.render import samples as sample
from monitor.render.environment import environment_pair
from monitor.render.renderer import Renderer
from monitor.resources import TEMPLATES
from monitor.web.actions import Question

CLASSES = {
    each.__name__: each for each in (Action, ActionRequest, Counts, Question, StorySoFar, Subscription)
}

OLD_NAMES = [
    ("digest.subject.j2", "{{ digest.counts.retold }} repeated", "5 repeated", "retold", "duplicates"),
    ("digest.subject.j2", "{{ late or 'on time' }}", "3", "late", "hours_late"),
    ("alert.subject.j2", "{{ answer('answer', id) or 'no link' }}", "no link", "answer", "action_link"),
    (
        "digest.subject.j2",
        "{{ layout.entries|map(attribute='so_far.told_at')|select|list|length }} developing",
        "2 developing",
        "told_at",
        "sent_at",
    ),
    (
        "alert.subject.j2",
        "{% import 'words.j2' as words %}{{ words.ACTS.noise }}",
        "Noise",
        "ACTS",
        "ACTIONS",
    ),
]


def subject(renderer: Renderer, template: str) -> str:
    """Return the subject that a template gives to the sample of its kind."""
    if template.startswith("alert"):
        return renderer.alert(sample.TALKS, "text")[0].subject
    return renderer.digest(sample.DIGEST, "text")[0].subject


@pytest.mark.parametrize(("template", "text", "shown", "old", "new"), OLD_NAMES)
def test_an_old_name_still_works_and_is_reported_once(
    template: str, text: str, shown: str, old: str, new: str, tmp_path: Path
) -> None:
    (tmp_path / template).write_text(text, "utf-8")
    notes = list[str]()
    renderer = Renderer(tmp_path, notes.append)
    assert subject(renderer, template) == subject(renderer, template) == shown
    assert notes == [f"{tmp_path.name}/{template}: `{old}` is now called `{new}`; please rename it"]
    assert renderer.faults() == ()
    assert renderer.warnings() == tuple(notes)


def test_check_finds_old_names_without_calling_them_mistakes(tmp_path: Path) -> None:
    (tmp_path / "alert.subject.j2").write_text("{{ answer('answer', id) }}{{ subject }}", "utf-8")
    renderer = Renderer(tmp_path)
    assert renderer.check() == []
    (warning,) = renderer.warnings()
    assert "`answer` is now called `action_link`" in warning


def test_a_copy_of_a_template_that_others_import_may_define_old_names(tmp_path: Path) -> None:
    text = (TEMPLATES / "words.j2").read_text("utf-8")
    for old, new in aliases.MACROS["words.j2"].items():
        text = text.replace(f"set {new} ", f"set {old} ").replace(f"macro {new}(", f"macro {old}(")
    (tmp_path / "words.j2").write_text(text, "utf-8")
    notes = list[str]()
    renderer = Renderer(tmp_path, notes.append)
    assert renderer.digest(sample.DIGEST, "mail") == Renderer().digest(sample.DIGEST, "mail")
    assert {note.partition(":")[0] for note in notes} == {f"{tmp_path.name}/words.j2"}
    assert any("`untold` is now called `not_sent`" in note for note in notes)


def test_a_name_that_never_existed_is_still_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "digest.subject.j2").write_text("{{ digest.counts.repeated }}", "utf-8")
    notes = list[str]()
    renderer = Renderer(tmp_path, notes.append)
    assert renderer.digest(sample.DIGEST, "text") == Renderer().digest(sample.DIGEST, "text")
    (note,) = notes
    assert note.endswith("has no attribute 'repeated'; the built-in template was used")


def test_built_in_templates_use_no_old_name() -> None:
    notes = list[str]()
    renderer = Renderer(TEMPLATES, notes.append)
    assert renderer.check() == []
    assert notes == []


def test_templates_and_other_messages_use_the_same_words() -> None:
    words: Any = environment_pair(TEMPLATES)[False].get_template("words.j2").module
    assert tuple(words.SEVERITIES[number] for number in range(6)) == terms.SEVERITIES
    assert words.DIRECTIONS == terms.DIRECTIONS
    assert words.EVENTS == terms.EVENTS
    assert words.FIELDS == terms.FIELDS
    assert terms.DIRECTIONS.keys() == set(Polarity) - {Polarity.NONE}


def test_every_kind_of_incident_has_words_and_is_documented() -> None:
    words: Any = environment_pair(TEMPLATES)[False].get_template("words.j2").module
    document = (TEMPLATES.parent / "docs" / "monitoring.md").read_text("utf-8")
    section = document[document.index("## Incidents") : document.index("## Prometheus")]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert sorted(documented) == sorted(words.INCIDENTS)


def test_every_new_name_of_a_field_exists_and_no_old_one_does() -> None:
    assert CLASSES.keys() == aliases.FIELDS.keys()
    for name, renamed in aliases.FIELDS.items():
        known = {each.name for each in fields(CLASSES[name])}
        assert set(renamed.values()) <= known
        assert not renamed.keys() & known
