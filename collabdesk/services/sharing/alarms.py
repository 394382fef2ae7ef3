"""What people must know of the shared folder: what happened, what was protected, what to do.

Alarms are shown, never used in a verdict. Each names people, trusts and laptops, and the
one right action; a page finds by the action's id what to do on a click.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from sqlalchemy import Connection

from collabdesk.host.synced_folders import cloud_program
from collabdesk.services.control.naming import Names, joined
from collabdesk.services.policy import policy_in_force, policy_value
from collabdesk.services.restored import COPIED, LOST
from collabdesk.services.sharing import signs
from collabdesk.services.sharing.noticing import keep, number
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import HeardBeacon, NamedAbsent, NotedAlarm, ShareLog
from collabdesk.sync.authority import alarms as control
from collabdesk.sync.authority.alarms import ControlAlarm
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import dev16

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
CLOCK_OFF_MS: Final = 5 * _MINUTE_MS
AMBER_MS: Final = 7 * _DAY_MS
RED_MS: Final = 30 * _DAY_MS
MOUNTED_HOURS: Final = 1
SHOWN_OVER_MS: Final = 7 * _DAY_MS
"""How long an alarm whose cause was mended is still shown, unless it was read."""

CONCERN: Final = "concern"
DANGER: Final = "danger"
CALM: Final = "calm"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing people must know, in words.

    `action` is the id of the one right thing to do and `action_words` what its button says;
    `target` tells the page whom it concerns (a laptop's key, an organisation, a record). One
    that is `over` was mended and is shown until somebody has read it.
    """

    kind: str
    words: str
    protected: str
    action: str
    action_words: str
    tone: str = CONCERN
    target: bytes = b""
    since_ms: int = 0
    over: bool = False


def alarms(workspace: Workspace) -> list[Alarm]:
    """Return what people must know, the gravest first; runs on a reader's thread."""
    with workspace.database.read() as reads:
        found = list(_Alarms(workspace, reads).all())
    grave = {DANGER: 0, CONCERN: 1, CALM: 2}
    return sorted(found, key=lambda alarm: (grave[alarm.tone], alarm.since_ms, alarm.words))


def acknowledge(workspace: Workspace, alarm: Alarm) -> None:
    """Show a mended alarm no more: somebody has read it."""
    keep(workspace, lambda log, _: log.forget_alarm(alarm.kind, alarm.target))


def withheld_hours(reads: Connection, store: str) -> int:
    """Return after how many hours a change that is named and not shown is reported.

    The policy's figure if one was set; else 24 where a client carries the folder, which shows
    new files late, and 1 on a folder of this network.
    """
    if "withheld_hours" in policy_in_force(reads) or cloud_program(PurePath(store)):
        return int(str(policy_value(reads, "withheld_hours")))
    return MOUNTED_HOURS


class _Alarms:
    def __init__(self, workspace: Workspace, reads: Connection) -> None:
        self.workspace = workspace
        self.reads = reads
        self.log = ShareLog(reads)
        self.now = workspace.clock.now_ms()

    def all(self) -> Iterator[Alarm]:
        yield from self._own_laptop()
        if not self.workspace.founded:
            return
        self.book: Rulebook = self.workspace.book
        self.names = Names(self.book)
        for noted in self.log.alarms():
            yield from self._noted(noted)
        yield from self._withheld()
        yield from self._frozen()
        yield from self._compared()
        yield from self._clock()
        for shown in self.book.alarms:
            yield from self._control(shown)

    # --- this laptop ---------------------------------------------------------------------------

    def _own_laptop(self) -> Iterator[Alarm]:
        replica, key = SqliteReplica(self.reads), self.workspace.about.key
        if replica.setting(COPIED):
            yield Alarm(
                "copied-laptop",
                "Another copy of this laptop's workspace has signed changes with this laptop's "
                "key: the computer or its folder was copied.",
                "Nothing more is signed or sent from this copy. Everything can be read.",
                "enrol-successor",
                "Enrol this laptop anew",
                DANGER,
                key,
            )
        elif replica.setting(LOST):
            yield Alarm(
                "restored",
                "This workspace was put back from an older copy, and the shared folder does not "
                "hold what this laptop has signed since.",
                "Nothing is signed or sent from this copy, so no number is used twice. "
                "Everything can be read.",
                "enrol-successor",
                "Retire this key and enrol this laptop as its successor",
                DANGER,
                key,
            )

    # --- what happened to the folder -----------------------------------------------------------

    def _noted(self, noted: NotedAlarm) -> Iterator[Alarm]:
        over = noted.over_ms is not None
        if noted.over_ms is not None and self.now - noted.over_ms > SHOWN_OVER_MS:
            return
        match noted.kind:
            case "rollback":
                yield self._rollback(noted, over=over)
            case "damaged-folder":
                yield self._damaged(noted)
            case "too-many-folders" if not over:
                yield Alarm(
                    noted.kind,
                    "The shared folder holds more organisations' folders than any alliance has.",
                    "The partners' own folders are always read; of the others, some each time.",
                    "tell-folder-owner",
                    "Ask whoever runs the folder to clear it",
                    since_ms=noted.since_ms,
                )

    def _rollback(self, noted: NotedAlarm, *, over: bool) -> Alarm:
        seq = noted.facts[0]
        again = " It shows them again now." if over else ""
        return Alarm(
            "rollback",
            f"The shared folder went back to an older state: change set {seq} of "
            f"{self._laptop(noted.subject)} was there and is gone.{again}",
            "Nothing was lost: this laptop holds it and puts it back.",
            "acknowledge" if over else "tell-folder-owner",
            "I have read this" if over else "Tell whoever runs the folder that files went missing",
            CALM if over else CONCERN,
            noted.subject,
            noted.since_ms,
            over,
        )

    def _damaged(self, noted: NotedAlarm) -> Alarm:
        path, times = noted.facts
        return Alarm(
            "damaged-folder",
            f"The shared folder is damaging files: {PurePath(str(path)).name} was damaged "
            f"{times} times.",
            "Each time the same signed bytes were put back; nothing wrong was taken in.",
            "tell-folder-owner",
            "Ask whoever runs the folder to check its disk and its sync program",
            CONCERN,
            noted.subject,
            noted.since_ms,
        )

    # --- what is named and not shown -----------------------------------------------------------

    def _withheld(self) -> Iterator[Alarm]:
        hours = withheld_hours(self.reads, self.workspace.about.store)
        for named in self.log.named_absent():
            if self.now - named.since_ms >= hours * _HOUR_MS:
                yield self._one_withheld(named)

    def _one_withheld(self, named: NamedAbsent) -> Alarm:
        laptop = self._laptop(named.dev16)
        if named.kind == "segment":
            said = f"Change set {named.seq} of {laptop} exists"
            action = f"Ask {self._trust(named.dev16)} to share from that laptop"
        else:
            what = {"epoch": "membership", "roster": "list of laptops"}.get(named.kind, "decision")
            said = f"A {what} that {laptop} works under exists"
            action = f"Ask {self._trust(named.dev16)} to share"
        return Alarm(
            "withheld",
            f"{said}, but the shared folder does not show it.",
            "What builds on it waits; nothing is guessed and nothing is lost.",
            "ask-partner",
            action,
            CONCERN,
            named.id,
            named.since_ms,
        )

    # --- who was not heard -----------------------------------------------------------------------

    def _frozen(self) -> Iterator[Alarm]:
        shared = number(SqliteReplica(self.reads).setting("last_shared"))
        heard = self.log.heard()
        mine = self.book.organisation_of(self.workspace.about.key)
        for entry in self.book.epoch.orgs:
            roster = self.book.roster(entry.org)
            times = (
                [heard.get(dev16(d.key), shared) for d in roster.devices if d.roles]
                if roster
                else []
            )
            if entry.org == mine or not times:
                continue
            silent = shared - max(times)
            if silent >= AMBER_MS:
                yield self._one_frozen(entry.org, silent, max(times))

    def _one_frozen(self, org: bytes, silent_ms: int, since_ms: int) -> Alarm:
        trust = self.names.organisation(org)
        return Alarm(
            "frozen",
            f"{trust} was last heard {silent_ms // _DAY_MS} days ago.",
            "Either nobody there has shared, or the folder hides what they send. "
            "Everything that came before stands.",
            "ask-partner",
            f"Ask {trust} whether they have shared since",
            DANGER if silent_ms >= RED_MS else CONCERN,
            org,
            since_ms,
        )

    # --- what partners hold ----------------------------------------------------------------------

    def _compared(self) -> Iterator[Alarm]:
        hours = withheld_hours(self.reads, self.workspace.about.store)
        for device in self.log.beacon_devices():
            compared = [b for b in self.log.beacons_of(device) if b.found]
            newest = compared[-1] if compared else None
            if newest is not None and newest.found == signs.STATE:
                yield self._diverged(newest)
            elif newest is not None and newest.found == signs.CONTROL:
                waited = self.now - newest.at_ms >= hours * _HOUR_MS
                if waited and not self.log.saw_control(newest.control):
                    yield self._forked_view(newest)

    def _diverged(self, beacon: HeardBeacon) -> Alarm:
        return Alarm(
            "divergence",
            f"This laptop and {self._laptop(beacon.dev16)} hold the same changes and do not "
            "get the same figures from them.",
            "Every signed change is here and untouched; one of the two laptops is wrong.",
            "verify",
            "Verify everything, here and there",
            DANGER,
            beacon.dev16,
            beacon.at_ms,
        )

    def _forked_view(self, beacon: HeardBeacon) -> Alarm:
        return Alarm(
            "forked-view",
            f"{self._laptop(beacon.dev16)} holds the same changes as this laptop under another "
            "membership: the shared folder may show the two of you different decisions.",
            "Rights are decided by what both hold; nothing was taken away.",
            "compare-words",
            f"Compare the eight words of the state with {self._trust(beacon.dev16)} by telephone",
            DANGER,
            beacon.dev16,
            beacon.at_ms,
        )

    def _clock(self) -> Iterator[Alarm]:
        own = dev16(self.workspace.about.key)
        recent = [
            beacon
            for beacon in self.log.newest_beacons()
            if beacon.dev16 != own and abs(self.now - beacon.at_ms) <= AMBER_MS
        ]
        off = clock_off(recent)
        if off:
            direction = "slow" if off > 0 else "fast"
            yield Alarm(
                "clock",
                f"This computer's clock is about {_span(abs(off))} {direction}, by the clocks of "
                "the partners' laptops.",
                "No figure depends on it: times are labels, and yours may mislead readers.",
                "set-clock",
                "Set this computer's clock by the network",
            )

    # --- what membership records show -----------------------------------------------------------

    def _control(self, shown: ControlAlarm) -> Iterator[Alarm]:
        trusts = joined([self.names.organisation(org) for org in shown.organisations])
        match shown.kind:
            case control.EQUIVOCATION:
                yield from map(self._equivocation, shown.keys)
            case control.TIED:
                yield Alarm(
                    shown.kind,
                    f"Two decisions on membership number {shown.number} have equal support, "
                    "so neither is in force.",
                    "The membership before them stands, and work goes on under it.",
                    "decide-membership",
                    "Agree with the partners on one of them, and sign what follows it",
                    DANGER,
                    shown.records[0],
                )
            case control.DOUBLE_STATEMENT:
                yield Alarm(
                    shown.kind,
                    f"{trusts} said two different things about one decision on membership.",
                    "Both count as said, so nobody can take a decision back by it.",
                    "ask-partner",
                    f"Ask {trusts} what they meant; the record is kept as proof",
                    DANGER,
                    shown.organisations[0] if shown.organisations else b"",
                )
            case control.ROSTER_FORK:
                yield Alarm(
                    shown.kind,
                    f"{trusts} made two different lists of its laptops, one after neither.",
                    "One of the two is in force for everybody alike.",
                    "ask-partner",
                    f"Ask {trusts} to check its list of laptops and make the other change again",
                    CONCERN,
                    shown.organisations[0] if shown.organisations else b"",
                )
            case _:
                yield Alarm(
                    shown.kind,
                    f"Membership records of {trusts or 'a partner'} contradict one another.",
                    "What is not in force changes nothing.",
                    "ask-partner",
                    f"Ask {trusts or 'the partner'} about it",
                )

    def _equivocation(self, key: bytes) -> Alarm:
        return Alarm(
            "equivocation",
            f"{self.names.laptop(key)} signed two different changes under one number: its key "
            "was copied or misused.",
            "From there on neither is in force, what was fixed before stands, and the key can "
            "sign nothing more.",
            "settle-laptop",
            "Choose which of the two stands and replace that laptop",
            DANGER,
            key,
        )

    # --- names ------------------------------------------------------------------------------------

    def _laptop(self, device: bytes) -> str:
        key = self.book.known_devices.get(device)
        return self.names.laptop(key) if key else "a laptop not known here"

    def _trust(self, device: bytes) -> str:
        key = self.book.known_devices.get(device)
        owner = self.names.owner(key) if key else None
        return self.names.organisation(owner) if owner else "its trust"


def clock_off(beacons: list[HeardBeacon]) -> int:
    """Return by how many milliseconds the own clock is slow (or, below 0, fast); 0 if it is fine.

    A beacon cannot have been made after it came in, nor before the own change set that it had
    seen: each gives a bound, and the medians of both decide. Of two partners both must say
    so: one whose clock is wrong must not make an honest laptop doubt its own.
    """
    if not beacons:
        return 0
    slow = statistics.median_low([beacon.wall_ms - beacon.at_ms for beacon in beacons])
    answers = [b.wall_ms - b.own_wall_ms for b in beacons if b.own_wall_ms is not None]
    fast = statistics.median_high(answers) if answers else 0
    if slow >= CLOCK_OFF_MS:
        return int(slow)
    return int(fast) if fast <= -CLOCK_OFF_MS else 0


def _span(ms: int) -> str:
    """Return a length of time as people say it: in minutes, hours or days."""
    for unit, of in (("day", _DAY_MS), ("hour", _HOUR_MS)):
        if ms >= 2 * of:
            return f"{ms // of:,} {unit}s"
    return f"{ms // _MINUTE_MS} minutes"
