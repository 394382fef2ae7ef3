"""What a membership record changes, in sentences: for those who sign and for the audit list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collabdesk.domain.money import format_pence
from collabdesk.services.control.naming import Names, is_recovery, joined, role_words
from collabdesk.services.control.rights_words import changed_rights
from collabdesk.services.wording import counted
from collabdesk.sync.authority.held import entry_of, roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import (
    ChainPoint,
    Device,
    Epoch,
    OrgEntry,
    Roster,
    Suspension,
    Threshold,
    Void,
)

NOTHING = "Nothing else changes."


class Telling:
    """Puts records into sentences, by the names of the rules in force."""

    def __init__(self, book: Rulebook) -> None:
        """Speak of the people and trusts in a rule book."""
        self._book = book
        self._names = Names(book)

    # --- one organisation's laptops ----------------------------------------------------------

    def roster(self, before: Roster | None, after: Roster) -> tuple[str, ...]:
        """Return what a list of people and laptops changes."""
        had = {device.key: device for device in before.devices} if before else {}
        now = {device.key: device for device in after.devices}
        people = {person.pid: person.name for person in after.persons}
        cuts = {cut.key: cut for cut in after.cuts}
        gone = [had[key] for key in had if key not in now]
        return (
            *(self._enrolled(now[key], people, had) for key in now if key not in had),
            *(self._retired(device, cuts.get(device.key)) for device in gone),
            *(
                self._roles(had[key], now[key], cuts.get(key))
                for key in now
                if key in had and had[key].roles != now[key].roles
            ),
            *self._settled(before, after, {device.key for device in gone}),
            *self._lifted(after.lifts),
            *self._terms(before, after),
        )

    def _enrolled(self, device: Device, people: dict[bytes, str], had: dict[bytes, Device]) -> str:
        if is_recovery(device):
            return "A printed recovery key is listed."
        who = people.get(device.pid, "somebody")
        words = f"{device.label} of {who} is enrolled as {role_words(device.roles)}"
        old = had.get(device.replaces) if device.replaces else None
        return f"{words}, in place of {old.label}." if old else f"{words}."

    def _retired(self, device: Device, cut: ChainPoint | None) -> str:
        upto = cut.seq if cut else 0
        kept = f"what it shared up to change set {upto} stands" if upto else "nothing it did stands"
        return f"{device.label} is retired; {kept}."

    def _roles(self, before: Device, after: Device, cut: ChainPoint | None) -> str:
        words = f"{after.label} is {role_words(after.roles)} instead of {role_words(before.roles)}"
        lessened = set(before.roles) - set(after.roles)
        if lessened and cut:
            return f"{words}; what it shared up to change set {cut.seq} stands."
        return f"{words}."

    def _settled(self, before: Roster | None, after: Roster, gone: set[bytes]) -> Iterator[str]:
        known = set(before.cuts) if before else set()
        for cut in after.cuts:
            lessened = cut.key in gone or cut in known
            if not lessened and before and _same_rights(before, after, cut.key):
                yield (
                    f"Of what {self._names.laptop(cut.key)} shared, the version up to change set "
                    f"{cut.seq} stands."
                )

    def _lifted(self, lifts: tuple[bytes, ...]) -> Iterator[str]:
        for lift in lifts:
            held = self._book.records.get(lift)
            record = held.record if held else None
            if isinstance(record, Suspension):
                yield f"{self._names.laptop(record.key)} is no longer suspended."
            else:
                yield "A suspension is lifted."

    def _terms(self, before: Roster | None, after: Roster) -> Iterator[str]:
        had = before.terms if before else ()
        for number, term in enumerate(after.terms, start=1):
            present = had[number - 1] if number <= len(had) else None
            laptop = self._names.laptop(term.key)
            if term.end is not None and (present is None or present.end is None):
                yield f"{laptop} stops keeping the ledger after its change set {term.end[0]}."
            if present is None and term.end is None:
                yield f"{laptop} keeps the ledger."

    # --- the membership ----------------------------------------------------------------------

    def epoch(self, before: Epoch, after: Epoch) -> tuple[str, ...]:
        """Return what a membership changes."""
        had = {entry.org: entry for entry in before.orgs}
        now = {entry.org: entry for entry in after.orgs}
        said = [
            *(f"{now[o].name} ({now[o].ods}) joins." for o in now if o not in had),
            *(f"{had[o].name} ({had[o].ods}) leaves." for o in had if o not in now),
            *(line for o in now if o in had for line in self._entry(had[o], now[o])),
            *self._agreement(before, after),
            *self._lifted(after.lifts),
            *(
                f"What {self._names.laptop(cut.key)} shared up to change set {cut.seq} stands."
                for cut in after.cuts
                if cut not in before.cuts
            ),
        ]
        return (*said, *self._fixed(before, after))

    def _entry(self, before: OrgEntry, after: OrgEntry) -> Iterator[str]:
        if before.name != after.name or before.ods != after.ods:
            yield f"{before.name} is called {after.name} ({after.ods})."
        for key in after.admins:
            if key not in before.admins:
                yield f"{self._administrator(key)} signs for {after.name}."
        for key in before.admins:
            if key not in after.admins:
                yield f"{self._administrator(key)} no longer signs for {after.name}."
        if before.k_org != after.k_org:
            yield f"{_people(after.k_org)} must sign for {after.name}, instead of {before.k_org}."
        if before.grants != after.grants:
            yield f"{after.name} may give its laptops: {role_words(after.grants)}."
        yield from self._pinned(before, after)

    def _administrator(self, key: bytes) -> str:
        signer = self._names.signer(key)
        laptop = self._names.laptop(key)
        return signer if "recovery key" in signer else f"{signer} ({laptop.split(',')[0]})"

    def _pinned(self, before: OrgEntry, after: OrgEntry) -> Iterator[str]:
        old, new = (self._book.records.get(entry.pin[1]) for entry in (before, after))
        if old is None or new is None or old.id == new.id:
            return
        for line in self.roster(roster_of(old), roster_of(new)):
            yield f"{after.name}, settled for good: {line}"

    def _agreement(self, before: Epoch, after: Epoch) -> Iterator[str]:
        if before.k != after.k or len(before.orgs) != len(after.orgs):
            yield (
                f"{after.k} of {len(after.orgs)} organisations must agree to later changes, "
                f"instead of {before.k} of {len(before.orgs)}."
            )
        if before.thresholds != after.thresholds:
            yield f"Approvals: {thresholds_words(after.thresholds)}."
        if before.floor != after.floor:
            yield f"Laptops need version {after.floor} of the data or newer."
        yield from changed_rights(before.roles, after.roles)

    def _fixed(self, before: Epoch, after: Epoch) -> Iterator[str]:
        known = {point.key: point.seq for point in before.landmarks}
        risen = [p for p in after.landmarks if p.seq > known.get(p.key, 0)]
        if risen:
            count = sum(point.seq - known.get(point.key, 0) for point in risen)
            # Each name holds a comma of its own, so commas would not tell them apart.
            laptops = "; ".join(self._names.laptop(p.key) for p in risen)
            so = "is" if count == 1 else "are"
            yield (
                f"{counted(count, 'change set')} of {laptops} {so} fixed: nobody can take that "
                "away afterwards."
            )

    # --- the others --------------------------------------------------------------------------

    def suspension(self, record: Suspension) -> tuple[str, ...]:
        """Return what a suspension does."""
        laptop = self._names.laptop(record.key)
        return (
            f"{laptop} is suspended: what it shares after change set {record.seq} is set aside.",
            f"Reason given: {record.reason}" if record.reason else "No reason was given.",
        )

    def void(self, record: Void) -> tuple[str, ...]:
        """Return what passing over a turn means."""
        entry = entry_of(self._book.epoch, record.org)
        who = entry.name if entry else "An organisation"
        first, last = record.first + 1, record.last + 1
        rounds = f"round {first}" if first == last else f"rounds {first} to {last}"
        return (f"{who} does not vote in {rounds}, and will not.",)


def _same_rights(before: Roster, after: Roster, key: bytes) -> bool:
    old = next((device.roles for device in before.devices if device.key == key), None)
    new = next((device.roles for device in after.devices if device.key == key), None)
    return old == new


def _people(count: int) -> str:
    return "One person" if count == 1 else f"{count} people"


def thresholds_words(thresholds: Sequence[Threshold]) -> str:
    """Return from which amounts on which approvals are needed, in one phrase."""
    return (
        joined(
            f"from {format_pence(t.pence)} on {t.approvals} by {role_words([t.role])} "
            f"of {t.orgs} organisation{'' if t.orgs == 1 else 's'}"
            for t in thresholds
        )
        or "none are needed"
    )
