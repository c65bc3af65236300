"""The exact words. `pytest tests/alerts/test_golden.py --write-golden` writes them anew: read the difference."""

import json
from itertools import product
from pathlib import Path

import pytest

from monitor.model import Message
from monitor.render import samples as sample
from monitor.render.forms import CARD_FORMS
from monitor.render.renderer import Renderer

GOLDEN = Path(__file__).parent / "golden"
ALERTS = {"talks": sample.TALKS, "denial": sample.DENIAL, "possible": sample.POSSIBLE}
DIGESTS = {"digest": sample.DIGEST, "empty": sample.EMPTY_DIGEST}
NAMES = [*ALERTS, *DIGESTS, "health"]
FORMS = ("files", "slack", "text")
POSTED = [(name, form) for form in CARD_FORMS for name in ("talks", "digest", "health")]


def said_by(renderer: Renderer, name: str, form: str) -> tuple[Message, ...]:
    if name == "health":
        return renderer.health(sample.HEALTH, form)
    return renderer.alert(ALERTS[name], form) if name in ALERTS else renderer.digest(DIGESTS[name], form)


def files_of(name: str, form: str, messages: tuple[Message, ...]) -> dict[str, str]:
    """Return the rendered forms, by file name."""
    (message,) = messages
    if form == "slack":
        shown = {"text": message.text, "blocks": message.blocks}
        return {f"{name}.slack.json": json.dumps(shown, indent=1, ensure_ascii=False) + "\n"}
    if form == "text":
        return {f"{name}.console.txt": message.text}
    if form in CARD_FORMS:
        return {f"{name}.{form}.json": json.dumps(message.data, indent=1, ensure_ascii=False) + "\n"}
    data = json.dumps(message.data, indent=1, ensure_ascii=False) + "\n"
    text = f"Subject: {message.subject}\n\n{message.text}"
    files = {f"{name}.csv": each.text.replace("\r\n", "\n") for each in message.attachments}
    return {f"{name}.txt": text, f"{name}.html": message.html, f"{name}.json": data} | files


@pytest.mark.parametrize(("name", "form"), [*product(NAMES, FORMS), *POSTED])
def test_a_rendered_message_equals_its_golden_file(name: str, form: str, pytestconfig: pytest.Config) -> None:
    for file, words in files_of(name, form, said_by(Renderer(), name, form)).items():
        if pytestconfig.getoption("--write-golden"):
            (GOLDEN / file).write_text(words, "utf-8")
        assert words == (GOLDEN / file).read_text("utf-8"), f"{file} differs; see --write-golden"


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_keeps_to_78_columns_with_links_on_lines_of_their_own(name: str) -> None:
    for line in said_by(Renderer(), name, "mail")[0].text.splitlines():
        assert len(line) <= 78 or "://" in line
        assert "://" not in line or len(line.split()) == 1
        assert line == line.rstrip()
