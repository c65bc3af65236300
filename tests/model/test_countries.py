"""Country codes: other codes in use stand for those of ISO 3166-1."""

import pytest

from monitor.model import COUNTRY_ALIASES, iso_code, iso_id


@pytest.mark.parametrize(
    ("code", "iso"), [("UK", "GB"), ("EL", "GR"), ("ZR", "CD"), ("GB", "GB"), ("XK", "XK"), ("EU", "EU")]
)
def test_an_alias_stands_for_the_iso_code(code, iso):
    assert iso_code(code) == iso


def test_only_ids_of_countries_are_changed():
    assert iso_id("country:UK") == "country:GB"
    assert iso_id("weapon:UK") == "weapon:UK"
    assert iso_id("UK") == "UK"


def test_no_alias_is_the_code_of_another_country():
    assert COUNTRY_ALIASES.keys().isdisjoint(COUNTRY_ALIASES.values())
