"""Numbers of list entries: read from every format that has them, and looked up however they are written."""

from dataclasses import replace
from io import BytesIO

import pytest

from monitor.lists import parse_list
from monitor.lists.diff import compare
from monitor.lists.find import find_number
from monitor.lists.identifiers import MAX_IDENTIFIERS, collect_identifiers, number_key
from monitor.lists.parsed import read_parties, to_line
from monitor.model import Identifier
from tests.lists.builders import party

KARVEL = party("1", "Ilo Karvel")
OFAC_XML = """<sdnList xmlns="x"><sdnEntry><uid>12345</uid><lastName>KARVEL</lastName><firstName>Ilo</firstName>
<sdnType>Individual</sdnType><idList><id><uid>1</uid><idType>Passport</idType><idNumber>D 9004878</idNumber>
<idCountry>Iran</idCountry></id><id><idType>Gender</idType><idNumber>Male</idNumber></id></idList></sdnEntry></sdnList>"""
OFAC_CSV = (
    '12345,"KARVEL, Ilo",individual,"[X]",-0-,-0-,-0-,-0-,-0-,-0-,-0-,"DOB 12 Jul 1980; nationality Iran; '
    'Passport D9004878 (Iran) expires 01 Jan 2030; alt. Tax ID No. 7704252261 (Russia); Identification Number IMO 9187629."\r\n'
)
UN = """<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>Ilo</FIRST_NAME><REFERENCE_NUMBER>KPi.033</REFERENCE_NUMBER>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>D9004878</NUMBER></INDIVIDUAL_DOCUMENT>
</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"""
EU = """<export xmlns="http://eu.europa.ec/fpi/fsd/export"><sanctionEntity euReferenceNumber="EU.42.99" logicalId="1">
<subjectType code="person"/><nameAlias wholeName="Ilo Karvel"/><identification number="D9004878"
identificationTypeDescription="Passport"/></sanctionEntity></export>"""
FTM = (
    '{"id": "NK-1", "schema": "Person", "caption": "Ilo Karvel", "target": true,'
    ' "properties": {"name": ["Ilo Karvel"], "passportNumber": ["D9004878"], "innCode": ["7704252261"]}}\n'
)
SECO = """<swiss-sanctions-list><target ssid="77" sanctions-set-id="1"><individual><identity main="true">
<name name-type="primary-name"><name-part name-part-type="family-name"><value>Karvel</value></name-part></name>
<identification-document document-type="passport"><number>D9004878</number></identification-document></identity>
</individual><modification modification-type="listed" effective-date="2022-01-01"/></target></swiss-sanctions-list>"""


@pytest.mark.parametrize(
    ("format", "document", "reference", "kinds"),
    [
        ("ofac-xml", OFAC_XML, "12345", ["Passport"]),
        ("ofac", OFAC_CSV, "12345", ["Passport", "Tax ID No.", "Identification Number IMO"]),
        ("un", UN, "KPi.033", ["Passport"]),
        ("eu-fsf", EU, "EU.42.99", ["Passport"]),
        ("ftm", FTM, "NK-1", ["passportNumber", "innCode"]),
        ("ch-seco", SECO, "77", ["passport"]),
    ],
)
def test_an_entry_is_found_by_its_reference_and_by_its_passport(
    format: str, document: str, reference: str, kinds: list[str]
) -> None:
    (found,) = parse_list(format, [BytesIO(document.encode())], "list", None)
    assert (found.id, [each.kind for each in found.identifiers]) == (reference, kinds)
    assert [each.identifier.kind for each in find_number("d-9004878", [found])] == [kinds[0]]
    by_reference = [each.identifier for each in find_number(reference.lower(), [found])]
    assert by_reference == ([Identifier(reference, "reference of the list")] if len(reference) > 2 else [])


def test_the_rows_of_a_party_in_the_uk_list_add_their_numbers() -> None:
    header = "Unique ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Regime Name,Designation Type,Passport number,IMO number"
    rows = "RUS0251,KARVEL,Ilo,,,,,Primary Name,,R,Individual,D9004878,\nRUS0251,KARVEL,Ilo,,,,,Primary Name,,R,Individual,(1) E55 7012 (2) F10001,\n"
    (found,) = parse_list("uk", [BytesIO(f"{header}\n{rows}".encode())], "uk", None)
    assert [each.number for each in found.identifiers] == ["D9004878", "E55 7012", "F10001"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("KPi.033", "kpi033", True),
        ("IMO 9187629", "9187629", True),
        ("imo: 9187629", "IMO9187629", True),
        ("D 900-4878", "D9004878", True),
        ("D9004878", "D9004879", False),
        ("12", "12", False),
        ("passport", "passport", False),
        ("", "", False),
    ],
)
def test_numbers_are_compared_without_signs(one: str, other: str, same: bool) -> None:
    assert (bool(number_key(one)) and number_key(one) == number_key(other)) is same


def test_a_number_is_never_matched_in_part() -> None:
    listed = replace(KARVEL, identifiers=(Identifier("D9004878"),))
    assert [*find_number("900487", [listed])] == []
    assert [*find_number("-", [listed])] == []


def test_each_number_of_an_entry_is_kept_once_and_not_too_many() -> None:
    assert collect_identifiers([("Passport", " A 1234"), ("ID", "a1234"), ("x", "none")]) == (
        Identifier("A 1234", "Passport"),
    )
    assert len(collect_identifiers(("x", f"A{n}00") for n in range(500))) == MAX_IDENTIFIERS


def test_numbers_are_stored_with_the_copy(tmp_path) -> None:
    listed = replace(KARVEL, list="l", identifiers=(Identifier("A1234", "ID"),))
    (tmp_path / "parties").write_text(f"{to_line(listed)}\n", "utf-8")
    assert [*read_parties(tmp_path / "parties", "l")] == [listed]


def test_a_change_of_numbers_alone_is_no_change_of_the_list() -> None:
    assert not compare([KARVEL], [replace(KARVEL, identifiers=(Identifier("A1234"),))])
