"""Organisations by ODS code: their names over time and who succeeded whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from collabdesk.domain.periods import date_words
from collabdesk.errors import Refusal


class OrganisationKind(StrEnum):
    """What sort of body an organisation is."""

    TRUST = "trust"
    ICB = "icb"
    SUB_ICB = "sub_icb"
    REGION = "region"
    NATIONAL = "national"
    LOCAL_AUTHORITY = "local_authority"
    INDEPENDENT = "independent"
    COLLABORATIVE = "collaborative"


class SuccessionKind(StrEnum):
    """How one organisation followed another."""

    MERGE = "merge"
    SPLIT = "split"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class NamedFrom:
    """A name and the first day it was used; None is since the organisation opened."""

    name: str
    start: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; its code stays when its name changes. `names` are in order of use."""

    code: str
    kind: OrganisationKind
    names: tuple[NamedFrom, ...]
    opened: dt.date | None = None
    closed: dt.date | None = None

    @property
    def name(self) -> str:
        """The latest name."""
        return self.names[-1].name

    def name_on(self, day: dt.date) -> str:
        """Return the name used on a day; before the first known name, that one."""
        used = [known for known in self.names if known.start is None or known.start <= day]
        return (used or self.names)[-1 if used else 0].name

    def open_on(self, day: dt.date) -> bool:
        """Tell whether the organisation existed on a day."""
        return (self.opened is None or self.opened <= day) and (
            self.closed is None or day <= self.closed
        )


@dataclass(frozen=True, slots=True)
class Succession:
    """One organisation followed by another; several rows make a split."""

    old: str
    new: str
    on: dt.date
    kind: SuccessionKind


_CODE = re.compile(r"[A-Z0-9]{3,10}")


def ods_code(text: str, field: str = "ods_code") -> str:
    """Read an ODS code: three to ten capital letters and digits."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise Refusal(
            code="ods_code",
            words=f"“{text.strip()[:40]}” is not an ODS code.",
            remedy="An ODS code is three to ten letters and digits, for example RP7.",
            field=field,
        )
    return code


class Directory:
    """The organisations known to this installation."""

    def __init__(
        self, organisations: Iterable[Organisation], successions: Iterable[Succession] = ()
    ) -> None:
        """Index organisations by code; a later entry replaces an earlier one of its code."""
        self._by_code = {known.code: known for known in organisations}
        self._successions = tuple(sorted(successions, key=lambda step: (step.on, step.new)))

    def __iter__(self) -> Iterator[Organisation]:
        """Return the organisations in order of their codes."""
        return iter(sorted(self._by_code.values(), key=lambda known: known.code))

    def find(self, text: str, field: str = "ods_code") -> Organisation:
        """Return the organisation of a code, open or closed; refuse an unknown one."""
        code = ods_code(text, field)
        if code not in self._by_code:
            near = get_close_matches(code, self._by_code, n=3, cutoff=0.5)
            hint = " Near it: " + ", ".join(map(self._words, near)) + "." if near else ""
            raise Refusal(
                code="ods_code_unknown",
                words=f"No organisation with the ODS code {code} is known.",
                remedy=f"Check the code, or add the organisation first.{hint}",
                field=field,
            )
        return self._by_code[code]

    def open_on(self, text: str, day: dt.date, field: str = "ods_code") -> Organisation:
        """Return the organisation of a code if it existed on a day; else refuse."""
        found = self.find(text, field)
        if not found.open_on(day):
            followed = ", ".join(map(self._words, self.successors(found.code)))
            remedy = f"Use its successor: {followed}." if followed else "Check code and date."
            raise Refusal(
                code="ods_code_closed",
                words=f"{found.name} ({found.code}) did not exist on {date_words(day)}.",
                remedy=remedy,
                field=field,
            )
        return found

    def successors(self, code: str) -> tuple[str, ...]:
        """Return the codes that directly followed a code, in order."""
        return tuple(dict.fromkeys(step.new for step in self._successions if step.old == code))

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Return the codes that a code directly followed, in order."""
        return tuple(dict.fromkeys(step.old for step in self._successions if step.new == code))

    def _words(self, code: str) -> str:
        known = self._by_code.get(code)
        return f"{known.name} ({code})" if known else code
