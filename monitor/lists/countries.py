"""Codes of countries from the names by which lists call them, in English."""

import difflib
import re
from functools import cache, lru_cache

from monitor.model import iso_code
from monitor.text import words

_SEVERAL = re.compile(r"[;；/]|\(\d+\)")
_PARTS = re.compile(r",|&|\band\b")
_EMPTY = frozenset({"the", "of", "and", "region"})

#: ISO 3166-1 codes, XK beside them, each with its names.
_NAMES = """
AD Andorra; AE United Arab Emirates | UAE; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL
Albania; AM Armenia; AO Angola; AQ Antarctica; AR Argentina; AS American Samoa; AT Austria; AU
Australia; AW Aruba; AX Åland Islands; AZ Azerbaijan; BA Bosnia and Herzegovina; BB Barbados; BD
Bangladesh; BE Belgium; BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint
Barthelemy; BM Bermuda; BN Brunei | Brunei Darussalam; BO Bolivia | Plurinational State of Bolivia; BQ
Caribbean Netherlands; BR Brazil; BS Bahamas; BT Bhutan; BV Bouvet Island; BW Botswana; BY Belarus |
Republic of Belarus; BZ Belize; CA Canada; CC Cocos Islands; CD Democratic Republic of the Congo | DR
Congo | Congo Kinshasa; CF Central African Republic; CG Republic of the Congo | Congo | Congo
Brazzaville; CH Switzerland; CI Ivory Coast | Côte d'Ivoire | Cote d Ivoire; CK Cook Islands; CL Chile;
CM Cameroon; CN China | People's Republic of China; CO Colombia; CR Costa Rica; CU Cuba; CV Cape Verde |
Cabo Verde; CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czechia | Czech Republic; DE Germany; DJ
Djibouti; DK Denmark; DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt;
EH Western Sahara; ER Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands; FM
Micronesia; FO Faroe Islands; FR France; GA Gabon; GB United Kingdom | United Kingdom of Great Britain
and Northern Ireland | Great Britain | UK; GD Grenada; GE Georgia | Republic of Georgia; GF French
Guiana; GG Guernsey; GH Ghana; GI Gibraltar; GL Greenland; GM Gambia | Gambia; GN Guinea; GP Guadeloupe;
GQ Equatorial Guinea; GR Greece; GS South Georgia; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana;
HK Hong Kong; HM Heard Island; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland |
Republic of Ireland; IL Israel; IM Isle of Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR
Iran | Islamic Republic of Iran; IS Iceland; IT Italy; JE Jersey; JM Jamaica; JO Jordan; JP Japan; KE
Kenya; KG Kyrgyzstan | Kyrgyz Republic; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis
| St Kitts and Nevis;
KP North Korea | Democratic People's Republic of Korea | DPRK; KR South Korea | Republic of Korea; KW
Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos | Lao People's Democratic Republic; LB Lebanon; LC
Saint Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg; LV
Latvia; LY Libya | Libyan Arab Jamahiriya; MA Morocco; MC Monaco; MD Moldova | Republic of Moldova; ME
Montenegro; MF Saint Martin; MG Madagascar; MH Marshall Islands; MK North Macedonia | Republic of North
Macedonia | Macedonia; ML Mali; MM Myanmar | Burma | Myanmar (Burma); MN Mongolia; MO Macau | Macao; MP
Northern Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV
Maldives; MW Malawi; MX Mexico; MY Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF
Norfolk Island; NG Nigeria; NI Nicaragua; NL Netherlands | Kingdom of the Netherlands; NO Norway; NP
Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG Papua New
Guinea; PH Philippines; PK Pakistan; PL Poland; PM Saint Pierre and Miquelon; PN Pitcairn; PR Puerto
Rico; PS Palestine | Palestinian | State of Palestine | Gaza | West Bank | Occupied Palestinian
Territories; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO Romania; RS Serbia; RU Russia
| Russian Federation; RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE
Sweden; SG Singapore; SH Saint Helena; SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia | Slovak
Republic; SL Sierra Leone; SM San Marino; SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST Sao
Tome and Principe; SV El Salvador; SX Sint Maarten; SY Syria | Syrian Arab Republic; SZ Eswatini |
Swaziland; TC Turks and Caicos Is; TD Chad; TF French Southern Territories; TG Togo; TH Thailand; TJ
Tajikistan; TK Tokelau; TL East Timor | Timor-Leste; TM Turkmenistan; TN Tunisia; TO Tonga; TR Türkiye |
Turkey | Turkiye; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan | Taiwan, Province of China; TZ Tanzania
| United Republic of Tanzania; UA Ukraine | Crimea; UG Uganda; UM US Minor Outlying Islands; US United
States | United States of America | USA; UY Uruguay; UZ Uzbekistan; VA Vatican City | Holy See; VC Saint
Vincent and the Grenadines; VE Venezuela | Bolivarian Republic of Venezuela; VG British Virgin Islands;
VI US Virgin Islands; VN Vietnam | Viet Nam; VU Vanuatu; WF Wallis and Futuna; WS Samoa; XK Kosovo; YE
Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""


@cache
def _codes() -> dict[tuple[str, ...], str]:
    entries = (entry.split(" ", 1) for entry in " ".join(_NAMES.split()).split("; "))
    return {_key(name): code for code, names in entries for name in names.split(" | ")}


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of all countries."""
    return frozenset(_codes().values())


def similar_code(name: str) -> str:
    """Return the code of the country whose name, in English, is most like one given; "" if none is."""
    names = {" ".join(key): code for key, code in _codes().items()}
    close = difflib.get_close_matches(" ".join(_key(name)), names, n=1, cutoff=0.82)
    return names[close[0]] if close else ""


def _key(name: str) -> tuple[str, ...]:
    """Return what stays of a name in any order: "Korea, North" is "North Korea"."""
    return tuple(sorted(word for word in words(name) if word not in _EMPTY))


@lru_cache(10_000)
def code_of(name: str) -> str:
    """Return the code of a country, in capitals; a name that is none known, as it was given."""
    given = " ".join(name.split())
    if len(given) == 2 and given.isascii() and given.isalpha():
        return iso_code(given.upper())
    outside, _, inside = given.partition("(")
    return next((_codes()[key] for key in map(_key, (given, outside, inside)) if key in _codes()), given)


def codes_of(*names: str | None) -> tuple[str, ...]:
    """Return the codes of countries in the order given, each once, without what is blank."""
    return tuple(dict.fromkeys(code for name in names if (code := code_of(name or ""))))


def codes_in(text: str | None) -> tuple[str, ...]:
    """Return the codes of the countries in a cell: two in "Syria, Lebanon", one in "Korea, North"."""
    codes: dict[str, None] = {}
    for cell in _SEVERAL.split(text or ""):
        whole, parts = [cell], _PARTS.split(cell)
        single = is_country(cell) or not all(map(is_country, parts))
        codes |= dict.fromkeys(codes_of(*(whole if single else parts)))
    return tuple(codes)


def is_country(text: str) -> bool:
    """Say whether a text is the name or the code of a country."""
    return code_of(text) in country_codes()
