import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parsing.decode import decode
from tests.feeds.samples import ITEM, rss

CYRILLIC = rss(ITEM, declaration="")


def declared(name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{CYRILLIC}'


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_or_the_byte_pattern_of_utf_16_decides(name):
    text = declared("windows-1252")
    assert decode(text.encode(name), "text/xml; charset=iso-8859-1")[0] == text


@pytest.mark.parametrize(
    "label", ["windows-1252", "ISO-8859-1", "koi8-r", "no-such-thing", "punycode", "idna", "utf-16"]
)
def test_valid_utf_8_wins_over_every_label(label):
    text = declared(label)
    assert decode(text.encode(), f'text/xml; charset="{label}"') == (text, "utf-8")


def test_one_bad_byte_costs_one_character_not_the_feed():
    body = declared("utf-8").encode().replace("Санкции".encode(), "Санкции".encode() + b"\xff")
    assert decode(body, "application/xml; charset=windows-1251") == (
        declared("utf-8").replace("Санкции", "Санкции\ufffd"),
        "utf-8!",
    )


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "iso-8859-5", "cp866", "mac-cyrillic"])
def test_what_is_not_utf_8_is_read_as_the_document_says(name):
    text = declared(name)
    assert decode(text.encode(name), "text/xml; charset=utf-8")[0] == text


def test_without_a_word_in_the_document_the_header_is_believed():
    assert decode(CYRILLIC.encode("koi8-r"), "text/xml; charset=koi8-r")[0] == CYRILLIC


def test_two_accents_in_a_declared_latin_feed_are_not_taken_for_damage():
    text = '<?xml version="1.0" encoding="iso-8859-1"?><rss>Résumé – ok</rss>'
    assert decode(text.encode("cp1252"))[0] == text


def test_labels_mean_what_their_senders_mean():
    text = '<?xml version="1.0" encoding="gb2312"?><rss>制裁清单更新：㐂</rss>'
    assert decode(text.encode("gb18030"))[0] == text


def test_a_few_bad_bytes_without_any_label_stay_utf_8():
    assert decode(b"<rss>21st\xff</rss>") == ("<rss>21st\ufffd</rss>", "utf-8!")


def test_a_lying_label_is_found_out_when_there_is_enough_text():
    sentence = "Министерство финансов ввело новые ограничения против перевозчиков нефти. "
    text = f'<?xml version="1.0" encoding="utf-8"?><rss>{sentence * 20}</rss>'
    decoded, name = decode(text.encode("windows-1251"), "text/xml; charset=utf-8")
    assert sentence in decoded
    assert name.endswith("?")


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "unicode_escape", "utf-7", "rot13", "hex", "zlib", "x" * 10_000]
)
def test_labels_that_name_no_text_encoding_are_ignored(label):
    body = rss("<item><title>\xe9\xe8\xe0\xfc caf\xe9</title></item>", declaration="").encode("latin-1")
    assert "<item>" in decode(body, f"text/xml; charset={label}")[0]


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_become_some_text(body, label):
    text, name = decode(body, f"text/xml; charset={label}")
    assert isinstance(text, str)
    assert codecs.lookup(name.rstrip("?!"))


def test_the_operators_word_beats_every_label_but_a_byte_order_mark():
    body = '<?xml version="1.0" encoding="koi8-r"?><rss>Санкции</rss>'.encode("cp1251")
    text, name = decode(body, "text/xml; charset=koi8-r", "windows-1251")
    assert (name, "Санкции" in text) == ("cp1251", True)
    assert decode("é".encode("utf-8-sig"), "", "windows-1251") == ("é", "utf-8-sig")
    assert decode(b"21st\xff", "", "utf-8") == ("21st\ufffd", "utf-8")
