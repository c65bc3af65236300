"""Write words, counts, times and facts in the language of one catalogue. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import Alert, Change, ChangeKind
from monitor.text.sums import read_sum

from .catalogue import ENGLISH, Catalogue, catalogue_of
from .event_line import event_line, is_specific
from .event_slots import goods_of, sum_in_words, sums_of

_NAMES = re.compile(r"%[aAbB]")

#: Tables of the catalogue for the names of weekdays and months in the notation of `strftime`.
_TABLES = {"%a": "weekdays_short", "%A": "weekdays", "%b": "months_short", "%B": "months"}

#: Dates of deadlines in the notation of `strftime`.
_DATE = "%-d %b %Y"

#: Changes whose values are dates.
_DATED = frozenset({ChangeKind.DEADLINE, ChangeKind.REMINDER})

#: Changes whose stored words are codes, such as "event: relief_talks → lifted"; those of others are English.
_STORED_AS_CODES = frozenset({ChangeKind.STEP, ChangeKind.DIRECTION})


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one catalogue, as templates use them."""

    catalogue: Catalogue

    @property
    def code(self) -> str:
        """The language's code."""
        return self.catalogue.language

    def text(self, key: str, /, **values: object) -> str:
        """Return a sentence of the table ``text`` with its values filled in.

        Raises:
            KeyError: the catalogue has no such sentence.
        """
        pattern = self.catalogue.find("text", key)
        if pattern is None:
            raise KeyError(f"no sentence {key!r} in the catalogue")
        return filled(pattern, values)

    def count(self, key: str, n: int) -> str:
        """Return a number of things: "1 story", "2 stories"; an unknown kind is counted as others."""
        forms = self.catalogue.find("counts", key) or self.catalogue.find("counts", "other")
        return filled(forms[min(n != 1, len(forms) - 1)], {"n": n})

    def table(self, name: str) -> dict[Any, str]:
        """Return a table of words by code; codes that are numbers are int."""
        words = self.catalogue.table(name)
        return {int(key) if key.isdigit() else key: str(word) for key, word in words.items()}

    def at(self, moment: datetime, form: str, zone: str = "UTC") -> str:
        """Return a time in a zone, in the notation of `strftime`."""
        return self._formatted(moment.astimezone(ZoneInfo(zone)), form)

    def day(self, day: date, form: str = "%-d %b") -> str:
        """Return a date, in the notation of `strftime`."""
        return self._formatted(day, form)

    def upper(self, text: str) -> str:
        """Return text in capitals."""
        return self.catalogue.upper(text)

    def capitalized(self, text: str) -> str:
        """Return text with its first letter as a capital."""
        return self.catalogue.capitalized(text)

    def line(self, alert: Alert) -> str:
        """Return an alert's act in one line."""
        return event_line(alert.item, alert.verdict, self.catalogue, self._until(alert))

    def heading(self, alert: Alert) -> str:
        """Return an alert's act in one line that begins with a capital, with or without an act."""
        return self.capitalized(self.line(alert))

    def undated_line(self, alert: Alert) -> str:
        """Return an alert's act in one line without its deadline."""
        return event_line(alert.item, alert.verdict, self.catalogue)

    def in_days(self, left: int) -> str:
        """Return a number of days from today in words."""
        key = {0: "today", 1: "tomorrow"}.get(left, "in_days")
        return self.text(key, n=left)

    def _until(self, alert: Alert) -> str:
        """Return the first deadline that an alert states, "" without one."""
        return self.day(date.fromisoformat(alert.deadlines[0]), _DATE) if alert.deadlines else ""

    def is_specific(self, alert: Alert) -> bool:
        """Say whether an alert's line names a party, a state or a system."""
        return is_specific(alert.item, alert.verdict, self.catalogue)

    def goods(self, alert: Alert) -> str:
        """Return the goods of an alert's act, "" if it names none."""
        return goods_of(alert.item, alert.verdict, self.catalogue)

    def sums(self, alert: Alert) -> str:
        """Return the sum of an alert's act, "" without one."""
        return sums_of(alert.verdict, self.catalogue)

    def phrase(self, words: str) -> str:
        """Return a sentence that the program states in English; as it is if it is not in the catalogue."""
        return self.catalogue.phrase(words)

    def news(self, alert: Alert) -> str:
        """Return what is new in an update, "" for a first alert."""
        if not alert.changes:
            return alert.news
        return "; ".join(self._change(each) for each in alert.changes)

    def _change(self, change: Change) -> str:
        if self.code == ENGLISH and change.kind not in _STORED_AS_CODES:
            return change.words
        if change.kind is ChangeKind.STEP and change.before == change.now:
            return self.phrase(change.words)
        is_move = change.kind is ChangeKind.STEP and change.before
        pattern = self.catalogue.find("changes", "step_from" if is_move else change.kind)
        values = {"before": self._value(change, change.before), "now": self._value(change, change.now)}
        return (
            filled(pattern, values)
            if pattern and (change.now or "{now}" not in pattern)
            else self.phrase(change.words)
        )

    def _value(self, change: Change, value: str) -> str:
        if change.kind in _DATED and value:
            is_number = value.isdigit()
            return self.in_days(int(value)) if is_number else self.day(date.fromisoformat(value), _DATE)
        if change.kind is ChangeKind.SUM and (found := read_sum(value)):
            return sum_in_words(found, self.catalogue)
        table = {ChangeKind.STEP: "events", ChangeKind.DIRECTION: "directions"}.get(change.kind)
        return self.catalogue.word(table, value) if table else value

    def _formatted(self, moment: date, form: str) -> str:
        return moment.strftime(_NAMES.sub(lambda name: self._name(moment, name[0]), form))

    def _name(self, moment: date, directive: str) -> str:
        number = moment.isoweekday() if directive in {"%a", "%A"} else moment.month
        return self.catalogue.word(_TABLES[directive], str(number)).replace("%", "%%")


def alert_line(alert: Alert) -> str:
    """Return an alert's act in one line of English."""
    return Language(catalogue_of(ENGLISH)).line(alert)


def alert_news(alert: Alert) -> str:
    """Return what is new in an update in English, "" for a first alert."""
    return Language(catalogue_of(ENGLISH)).news(alert)


def filled(pattern: str, values: Mapping[str, object]) -> str:
    """Return a pattern with the values of its slots; a slot without a value stays empty."""
    return re.sub(r"\{(\w+)\}", lambda slot: str(values.get(slot[1], "")), pattern)
