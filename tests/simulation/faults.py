"""Every way in which the simulated world breaks, and how often it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """A way in which the world breaks."""

    CRASH_BEFORE = "a laptop stops before a lasting step"
    CRASH_AFTER = "a laptop stops after a lasting step"
    TORN_WRITE = "a laptop stops while a file is written"
    LOST_FLUSH = "the file server forgets what it said it had written"
    RESUMED = "an upload is seen in part, then whole"
    PARTIAL = "an upload stays a part for ever"
    PLACEHOLDER = "a file is a placeholder of no bytes"
    NOT_HYDRATED = "a placeholder cannot be opened"
    DUPLICATED = "a file is delivered twice"
    REORDERED = "files come in another order"
    DELAYED_HOURS = "a file comes hours late"
    DELAYED_DAYS = "a file comes days late"
    CONFLICT_HOST = "a conflict copy named by a computer"
    CONFLICT_NUMBER = "a conflict copy named by a number"
    CONFLICT_SYNC = "a conflict copy named by a date"
    FOLDED = "a name in capitals"
    DECOMPOSED = "a name in decomposed letters"
    STALE_LISTING = "a folder is listed as it was"
    MISSING_ENTRY = "a listing leaves a file out"
    EXTRA_ENTRY = "a listing names a file that is not there"
    OLD_VERSION = "a file's former content is read"
    BIT_FLIP = "one bit of a file changes"
    TRUNCATED = "a file loses its end"
    STORE_FULL = "the shared folder is full"
    DISK_FULL = "the laptop's disk is full"
    READ_ONLY = "the shared folder cannot be written"
    DENIED = "access is denied for a while (EACCES)"
    HELD_5 = "Windows denies access (5)"
    HELD_32 = "another program holds the file (32)"
    HELD_33 = "another program locks the file (33)"
    VANISHED = "the shared folder vanishes in the middle"
    ROLLED_BACK = "the shared folder is put back to a snapshot"
    FORKED_VIEWS = "the shared folder becomes two"
    MERGED_VIEWS = "two shared folders become one again"
    CLOCK_AHEAD = "a clock is ten years ahead"
    CLOCK_BEHIND = "a clock is ten years behind"
    CLOCK_BACKWARDS = "a clock goes back"
    CLOCK_FROZEN = "a clock stands still"
    RESTORED = "a laptop's workspace is put back from a copy"
    RESTORED_WHOLE = "a laptop is put back from a copy, key store and all"
    CLONED = "a laptop is copied and both go on"
    KEYS_LOST = "a laptop's key store is emptied"
    LOST_FILE = "the shared folder loses a file"
    SWAPPED = "two files change places"
    REPLAYED = "a file is laid into another place"
    FORGED_BODY = "a signed header carries another body"
    RUBBISH = "rubbish lies under a good name"
    FLOOD = "a folder is filled with strangers' files"
    ROGUE_WORD = "a member signs what no honest program would"
    ROGUE_FORK = "a member signs two ways"
    ROGUE_RECORD = "a member signs a control record it should not"


PER_MILLE: Mapping[Fault, float] = {
    Fault.CRASH_BEFORE: 7,
    Fault.CRASH_AFTER: 7,
    Fault.TORN_WRITE: 16,
    Fault.LOST_FLUSH: 40,
    Fault.RESUMED: 24,
    Fault.PARTIAL: 22,
    Fault.PLACEHOLDER: 22,
    Fault.NOT_HYDRATED: 22,
    Fault.DUPLICATED: 14,
    Fault.REORDERED: 22,
    Fault.DELAYED_HOURS: 24,
    Fault.DELAYED_DAYS: 16,
    Fault.CONFLICT_HOST: 24,
    Fault.CONFLICT_NUMBER: 24,
    Fault.CONFLICT_SYNC: 24,
    Fault.FOLDED: 24,
    Fault.DECOMPOSED: 24,
    Fault.STALE_LISTING: 18,
    Fault.MISSING_ENTRY: 18,
    Fault.EXTRA_ENTRY: 14,
    Fault.OLD_VERSION: 150,
    Fault.BIT_FLIP: 26,
    Fault.TRUNCATED: 26,
    Fault.STORE_FULL: 16,
    Fault.DISK_FULL: 5,
    Fault.READ_ONLY: 16,
    Fault.DENIED: 16,
    Fault.HELD_5: 50,
    Fault.HELD_32: 50,
    Fault.HELD_33: 50,
    Fault.VANISHED: 4,
    Fault.LOST_FILE: 18,
}
"""Chances in a thousand of what strikes while a laptop works; the rest are steps of their own."""


@dataclass
class Weather:
    """Draws what breaks; every run has its own mixture, and a time of calm at its end."""

    dice: Random
    struck: Counter[Fault] = field(default_factory=Counter)
    rates: dict[Fault, float] = field(default_factory=dict)
    stormy: bool = False

    def brew(self) -> None:
        """Choose this run's mixture: some faults often, some as usual, some not at all."""
        for fault, rate in PER_MILLE.items():
            self.rates[fault] = rate / 1_000 * self.dice.choice((0, 0.5, 1, 1, 2.5, 5))

    def hits(self, fault: Fault) -> bool:
        """Draw whether a fault happens here and now."""
        if not self.stormy or self.dice.random() >= self.rates[fault]:
            return False
        self.struck[fault] += 1
        return True

    def one_of(self, *faults: Fault) -> Fault | None:
        """Draw which of these faults happens here and now, if any."""
        if not self.stormy:
            return None
        draw = self.dice.random()
        for fault in faults:
            draw -= self.rates[fault]
            if draw < 0:
                self.struck[fault] += 1
                return fault
        return None
