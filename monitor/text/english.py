"""Say whether a title is in English, as far as its feed or its letters tell. Pure."""

import re

_LATIN = re.compile(r"[a-z]{2}")


def is_english(lang: str, title: str) -> bool:
    """Say whether a title is in English, whose feed states the language `lang` or "".

    Names may have other letters than A to Z, and titles typographic quotes.
    """
    if lang:
        return lang.startswith("en")
    foreign = [word for word in title.split() if any(each.isalpha() and not each.isascii() for each in word)]
    return all(word.strip("“”‘’\"'(")[:1].isupper() for word in foreign) and _LATIN.search(title) is not None
