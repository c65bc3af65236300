"""Recipients with their own preferences, from the configuration or from a separate file."""

from pathlib import Path

import pytest

from monitor.app import derive
from monitor.config import Settings, load
from monitor.errors import ConfigError

DESK = """
recipients_file = "{file}"
[channels.desk]
type = "email"
host = "smtp.example.org"
sender = "monitor@example.org"
to = ["desk@example.org"]
[recipients.ayse]
to = {{ desk = "ayse@x.example" }}
cadence = "now"
"""


def read(tmp_path: Path, name: str, content: str) -> Settings:
    (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "config.toml").write_text(DESK.format(file=tmp_path / name), "utf-8")
    return load(tmp_path / "config.toml")


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_of_a_spreadsheet_is_read(tmp_path: Path, between: str) -> None:
    rows = [
        ["\ufeffName", "address", "zone", "format", "topics", "min_severity", "cadence", "at_once"],
        ["bo", "bo@x.example", "Europe/Berlin", "text", "arms sanctions", "3", "daily at 07:30", "yes"],
        ["cem", "cem@x.example", "", "", "", "", "", ""],
    ]
    settings = read(tmp_path, "people.csv", "\n".join(between.join(row) for row in rows) + "\n")
    assert set(settings.recipients) == {"ayse", "bo", "cem"}
    recipients = {recipient.name: recipient for recipient in derive.recipients_of(settings)}
    assert recipients["bo"].addresses == (("desk", "bo@x.example"),)
    assert (recipients["bo"].plain, recipients["bo"].immediate, recipients["bo"].min_severity) == (
        True,
        True,
        3,
    )
    assert (recipients["ayse"].immediate, recipients["cem"].immediate) == (True, False)
    subs = {sub.name: sub for sub in derive.subscriptions_of(settings)}
    assert set(subs) == {"recipient:bo", "recipient:cem"}
    assert (subs["recipient:bo"].at, subs["recipient:bo"].zone) == ("07:30", "Europe/Berlin")


def test_toml_has_the_tables_of_the_configuration(tmp_path: Path) -> None:
    settings = read(tmp_path, "people.toml", '[recipients.bo]\nto = { desk = "bo@x.example" }\n')
    assert set(settings.recipients) == {"ayse", "bo"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,mail\nbo,bo@x.example", ["line 1: a column address is expected among the headings"]),
        ("name,address,zone\nbo,b@x.example,Mars\nbo,b@x.example,\nB o,b@x.example,", [
            "line 2: zone: no such zone; write an IANA name such as Europe/Istanbul",
            "line 4: name: names are of small letters, digits, single - and _",
        ]),
        ("name,address\nbo,b@x.example\nbo,b@x.example", ["line 3: name: bo is there twice"]),
        ("name,address,zonne\nbo,b@x.example,UTC", ["line 2: zonne: no such key"]),
    ],
)  # fmt: skip
def test_mistakes_are_reported_by_line(tmp_path: Path, content: str, said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "people.csv", content)
    assert str(caught.value).split("\n") == [f"{tmp_path / 'people.csv'}: {line}" for line in said]


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"recipients_file: bo.to.desk: "):
        read(tmp_path, "people.csv", "name,address\nbo,nobody")
