"""The US Consolidated Screening List: rows of many publishers, some with an end."""

import io
from datetime import date

from monitor.lists import parse_list
from monitor.model import Entity

HEADER = "_id,source,type,programs,name,addresses,start_date,end_date,alt_names"
ISN = "Nonproliferation Sanctions (ISN) - State Department"


def entities(*rows: str, today: date | None = None) -> list[Entity]:
    return list(parse_list("us-csl", [io.BytesIO("\n".join((HEADER, *rows)).encode())], "csl", today))


def test_a_row_counts_until_its_end() -> None:
    rows = (f"1,{ISN},,,Zorva Plant,,2016-02-03,2018-02-03,", f"2,{ISN},,,Brenn Plant,,2016-02-03,,")
    assert [entity.ends_on for entity in entities(*rows)] == [date(2018, 2, 3), None]
    assert [entity.id for entity in entities(*rows, today=date(2018, 2, 3))] == ["1", "2"]
    assert [entity.id for entity in entities(*rows, today=date(2018, 2, 4))] == ["2"]


def test_remarks_and_joined_aliases_of_a_row_are_taken_apart() -> None:
    rows = (
        f'1,{ISN},,,"Zorva Carbon; and any successor, sub-unit, or subsidiary thereof",,,,',
        f'2,{ISN},,,Zorva Graphite,,,,"Zorva Carbon Works, Brenn Graphite Company, ZGC"',
        '3,Denied Persons List (DPL) - Bureau of Industry and Security,,,"ZORVAN, ILO",,,,',
    )
    assert [[name.text for name in entity.names] for entity in entities(*rows)] == [
        ["Zorva Carbon"],
        ["Zorva Graphite", "Zorva Carbon Works", "Brenn Graphite Company", "ZGC"],
        ["ILO ZORVAN", "ZORVAN ILO"],
    ]
