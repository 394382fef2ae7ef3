"""The next list of an organisation's people and laptops, drafted from the one in force.

Pure: records in, bytes out. Each edit is a function from list to list, so that a change
that lost a race can be made again on top of the change that won.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from collabdesk.errors import NotPossible
from collabdesk.sync.authority.held import Held, roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import ChainPoint, Device, Person, Roster, Term, encode_record

Edit = Callable[[Roster], Roster]


def tip_of(book: Rulebook, org: bytes) -> Held:
    """Return the newest adopted roster of an organisation; NotPossible if none has arrived."""
    tip = book.tip(org)
    if tip is None:
        raise NotPossible(
            code="no-laptop-list",
            words="The list of this organisation's laptops has not arrived here yet.",
            remedy="Share, and try again.",
        )
    return tip


def next_roster(book: Rulebook, org: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the record that follows an organisation's newest list, with edits made.

    What was excepted from an earlier change stays excepted: each record repeats the cuts.
    """
    tip = tip_of(book, org)
    before = roster_of(tip)
    roster = replace(before, ws=book.workspace, m=before.m + 1, prev=tip.id, lifts=())
    for edit in edits:
        roster = edit(roster)
    return encode_record(roster)


# --- edits ---------------------------------------------------------------------------------


def enrolling(device: Device, person: Person | None = None) -> Edit:
    """Add a laptop, and its person if new."""

    def edit(roster: Roster) -> Roster:
        people = {p.pid: p for p in roster.persons}
        if person is not None:
            people[person.pid] = person
        laptops = {d.key: d for d in roster.devices} | {device.key: device}
        return replace(roster, persons=_people(people), devices=_laptops(laptops))

    return edit


def retiring(cut: ChainPoint) -> Edit:
    """Take a laptop away; what it signed up to the cut stands."""

    def edit(roster: Roster) -> Roster:
        left = tuple(device for device in roster.devices if device.key != cut.key)
        return replace(roster, devices=left, cuts=with_cuts(roster.cuts, (cut,)))

    return edit


def giving(key: bytes, roles: Sequence[int], cut: ChainPoint | None) -> Edit:
    """Give a laptop these roles instead; a cut goes with rights taken away."""

    def edit(roster: Roster) -> Roster:
        devices = tuple(
            replace(device, roles=tuple(sorted(roles))) if device.key == key else device
            for device in roster.devices
        )
        return replace(roster, devices=devices, cuts=with_cuts(roster.cuts, (cut,) if cut else ()))

    return edit


def cutting(cut: ChainPoint) -> Edit:
    """Say up to where a laptop's changes stand; settles which of two branches is meant."""
    return lambda roster: replace(roster, cuts=with_cuts(roster.cuts, (cut,)))


def lifting(suspensions: Iterable[bytes]) -> Edit:
    """Lift suspensions that rest on this organisation alone."""
    lifts = tuple(sorted(set(suspensions)))
    return lambda roster: replace(roster, lifts=tuple(sorted({*roster.lifts, *lifts})))


def ending_term(end: tuple[int, bytes]) -> Edit:
    """End the ledger keeper's term that runs."""

    def edit(roster: Roster) -> Roster:
        *before, running = roster.terms
        return replace(roster, terms=(*before, replace(running, end=end)))

    return edit


def starting_term(key: bytes) -> Edit:
    """Let a laptop keep the ledger from now on."""
    return lambda roster: replace(roster, terms=(*roster.terms, Term(key, None)))


def with_cuts(before: Sequence[ChainPoint], added: Iterable[ChainPoint]) -> tuple[ChainPoint, ...]:
    """Return cuts with others added; none is ever lowered."""
    cuts = {cut.key: cut for cut in before}
    for cut in added:
        present = cuts.get(cut.key)
        if present is None or cut.seq >= present.seq:
            cuts[cut.key] = cut
    return tuple(cuts[key] for key in sorted(cuts))


# --- the same change once more ---------------------------------------------------------------


def changes_of(before: Roster, after: Roster) -> list[Edit]:
    """Return the edits that lead from one list to the other, to make them again elsewhere."""
    return [
        *_enrolled(before, after),
        *_retired(before, after),
        *_given(before, after),
        *_settled(before, after),
        *([lifting(after.lifts)] if after.lifts else []),
        *([_keeping(before.terms, after.terms)] if before.terms != after.terms else []),
    ]


def _enrolled(before: Roster, after: Roster) -> list[Edit]:
    known = {device.key for device in before.devices}
    people = {person.pid: person for person in after.persons}
    return [
        enrolling(device, people.get(device.pid))
        for device in after.devices
        if device.key not in known
    ]


def _retired(before: Roster, after: Roster) -> list[Edit]:
    left = {device.key for device in after.devices}
    cuts = {cut.key: cut for cut in after.cuts}
    return [
        retiring(cuts.get(device.key, ChainPoint(device.key, 0, bytes(32))))
        for device in before.devices
        if device.key not in left
    ]


def _given(before: Roster, after: Roster) -> list[Edit]:
    had = {device.key: device.roles for device in before.devices}
    cuts = {cut.key: cut for cut in after.cuts}
    return [
        giving(device.key, device.roles, cuts.get(device.key))
        for device in after.devices
        if device.key in had and had[device.key] != device.roles
    ]


def _settled(before: Roster, after: Roster) -> list[Edit]:
    """Return the cuts of laptops that keep what they had: they settle which branch stands."""
    known = set(before.cuts)
    had = {device.key: device.roles for device in before.devices}
    now = {device.key: device.roles for device in after.devices}
    return [
        cutting(cut)
        for cut in after.cuts
        if cut not in known and had.get(cut.key) == now.get(cut.key)
    ]


def _keeping(before: tuple[Term, ...], after: tuple[Term, ...]) -> Edit:
    """Change the terms as before, unless somebody else has changed them since."""

    def edit(roster: Roster) -> Roster:
        return replace(roster, terms=after) if roster.terms == before else roster

    return edit


def _people(people: dict[bytes, Person]) -> tuple[Person, ...]:
    return tuple(people[pid] for pid in sorted(people))


def _laptops(devices: dict[bytes, Device]) -> tuple[Device, ...]:
    return tuple(devices[key] for key in sorted(devices))
