"""Compiled templates that several environments share."""

from pathlib import Path

from monitor.render.catalogue import catalogue_of
from monitor.render.environment import EnvironmentPair, environment_pair, render_template
from monitor.render.language import Language
from monitor.resources import TEMPLATES


def in_language(folder: Path, code: str) -> EnvironmentPair:
    return environment_pair(folder, language=Language(catalogue_of(code)))


def test_a_template_is_compiled_once_for_all_languages() -> None:
    first, second = (
        in_language(TEMPLATES, code)[True].get_template("alert.html.j2") for code in ("en", "tr")
    )
    assert first.root_render_func is not second.root_render_func
    assert first.root_render_func.__code__ is second.root_render_func.__code__


def test_a_constant_is_written_in_the_language_of_each_environment(tmp_path: Path) -> None:
    (tmp_path / "note.txt.j2").write_text("{{ 'istanbul'|upper }}", "utf-8")
    texts = [render_template(in_language(tmp_path, code), "note.txt.j2", {}) for code in ("en", "tr")]
    assert texts == ["ISTANBUL", "İSTANBUL"]


def test_a_file_that_was_changed_is_compiled_again_by_new_environments(tmp_path: Path) -> None:
    path = tmp_path / "note.txt.j2"
    path.write_text("first", "utf-8")
    assert render_template(in_language(tmp_path, "en"), path.name, {}) == "first"
    path.write_text("other", "utf-8")
    assert render_template(in_language(tmp_path, "en"), path.name, {}) == "other"


def test_the_same_file_escapes_or_not_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "_macro.j2").write_text("{% macro said(x) %}{{ x }}{% endmacro %}", "utf-8")
    for name in ("note.html.j2", "note.txt.j2"):
        (tmp_path / name).write_text("{% import '_macro.j2' as m %}{{ m.said(x) }}", "utf-8")
    pair = in_language(tmp_path, "en")
    texts = [render_template(pair, name, {"x": "<"}) for name in ("note.html.j2", "note.txt.j2")]
    assert texts == ["&lt;", "<"]
