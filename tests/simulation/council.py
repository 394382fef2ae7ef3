"""What administrators do: votes, rosters, suspensions, made as members make them.

An honest one makes one statement in each attempt, cuts nobody below what it has verified
and lets no landmark fall; the rules for that are written here once more, apart from the
program's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from collabdesk.domain.changes import Release
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.names import dev16, record_path
from tests.simulation.laptop import Laptop
from tests.simulation.template import org_id, seat
from tests.simulation.world import World

Act = Callable[[World, Laptop], object]
Heads = Mapping[bytes, tuple[int, bytes]]


def sign(laptop: Laptop, record: r.Record) -> bytes:
    """Sign a record and let it go out; return its id."""
    content = r.encode_record(record)
    workspace = laptop.workspace
    file = r.sign_record(content, workspace.keys().signing)

    def keep(replica: SqliteReplica) -> None:
        replica.add_record(file)
        replica.put_out(record_path(workspace.about.slot, r.write_file(file)), r.write_file(file))

    workspace.write(keep)
    workspace.judge_again()
    return r.record_id(content)


def is_admin(laptop: Laptop) -> bool:
    """Tell whether a laptop's key is an administrator's in the newest epoch."""
    workspace = laptop.workspace
    return workspace.enrolled and any(
        laptop.seat.key in entry.admins for entry in workspace.book.epoch.orgs
    )


def heads_of(laptop: Laptop) -> Heads:
    """Return the newest linked segment of every laptop known here, by public key."""
    found = laptop.select(
        "SELECT dev16, seq, id FROM place p WHERE id <> x'' AND seq = "
        "(SELECT MAX(seq) FROM place q WHERE q.dev16 = p.dev16 AND q.id <> x'') "
        "AND NOT EXISTS (SELECT 1 FROM fork f WHERE f.dev16 = p.dev16) ORDER BY dev16, id"
    )
    known = laptop.workspace.book.known_devices
    return {known[dev]: (seq, sid) for dev, seq, sid in found if dev in known}


def _entry(workspace: Workspace) -> r.OrgEntry:
    org = workspace.book.organisation_of(workspace.about.key)
    return next(entry for entry in workspace.book.epoch.orgs if entry.org == org)


def _point(heads: Heads, key: bytes) -> r.ChainPoint:
    return r.ChainPoint(key, *heads.get(key, (0, bytes(32))))


# --- epochs ------------------------------------------------------------------------------


def _drafts(workspace: Workspace) -> list[Held]:
    """Return the drafts of the open attempt, by id."""
    book = workspace.book
    found = [d for d in book.drafts() if d.epoch and d.epoch.attempt == book.attempt]
    return sorted(found, key=lambda d: d.id)


def _has_spoken(workspace: Workspace) -> bool:
    """Tell whether this organisation made its statement in the open attempt."""
    book, entry = workspace.book, _entry(workspace)
    if any(set(d.signers) & set(entry.admins) for d in _drafts(workspace)):
        return True
    return any(
        isinstance(held.record, r.Void)
        and held.record.prev == book.head.id
        and held.record.first <= book.attempt <= held.record.last
        and held.signers & set(entry.admins)
        for held in book.records.values()
    )


def draft(world: World, laptop: Laptop) -> None:
    """Draft the next epoch where it is one's own turn: landmarks rise, something changes."""
    workspace = laptop.workspace
    if not is_admin(laptop) or _has_spoken(workspace):
        return
    book, entry = workspace.book, _entry(workspace)
    if book.owner(book.attempt) != entry.org or (
        world.spoken(entry.org, book.head.id, book.attempt)
    ):
        return
    world.speak(entry.org, book.head.id, book.attempt)
    sign(laptop, _next(world.dice, laptop))


def _next(dice: Random, laptop: Laptop) -> r.Epoch:
    book = laptop.workspace.book
    epoch, heads = book.epoch, heads_of(laptop)
    pins = {e.org: book.roster_of(e.org) or e.pin for e in epoch.orgs}
    orgs = tuple(replace(e, pin=pins[e.org]) for e in epoch.orgs)
    marks = {point.key: point for point in epoch.landmarks}
    if dice.random() < 0.6:
        for key, (seq, sid) in heads.items():
            if seq > (marks[key].seq if key in marks else 0):
                marks[key] = r.ChainPoint(key, seq, sid)
    lifts = set(epoch.lifts)
    if dice.random() < 0.5:
        lifts |= {item.id for item in book.suspensions}
    cuts: dict[bytes, r.ChainPoint] = {}
    if dice.random() < 0.5 and len(orgs) > 1:
        at = dice.randrange(1, len(orgs))
        some = tuple(role for role in orgs[at].grants if dice.random() < 0.6)
        orgs = (*orgs[:at], replace(orgs[at], grants=some), *orgs[at + 1 :])
        roster = book.roster(orgs[at].org)
        keys = [d.key for d in roster.devices] if roster else []
        cuts = {key: _point(heads, key) for key in keys}
    for key in (k for k in book.known_keys if k not in heads and dice.random() < 0.5):
        cuts |= _branch(dice, laptop, key)
    return replace(
        epoch,
        ws=book.workspace,
        n=epoch.n + 1,
        prev=book.head.id,
        attempt=book.attempt,
        orgs=orgs,
        cuts=tuple(cuts[key] for key in sorted(cuts)),
        lifts=tuple(sorted(lifts)),
        landmarks=tuple(marks[key] for key in sorted(marks)),
        note=f"Simulated {epoch.n + 1}",
    )


def _branch(dice: Random, laptop: Laptop, key: bytes) -> Mapping[bytes, r.ChainPoint]:
    """Name one branch of a laptop that signed two ways."""
    found = laptop.select(
        "SELECT p.seq, p.id FROM place p JOIN fork f ON f.dev16 = p.dev16 "
        "WHERE p.dev16 = ? AND p.seq >= f.seq AND p.id <> x'' ORDER BY p.seq, p.id",
        dev16(key),
    )
    return {key: r.ChainPoint(key, *dice.choice(found))} if found else {}


def vote(world: World, laptop: Laptop) -> None:
    """Vote for the draft of the open attempt, after its owner did; or finish the number."""
    workspace = laptop.workspace
    if not workspace.founded:
        return
    for held in _drafts(workspace):
        if held.epoch is None:
            continue
        mine = next((e for e in held.epoch.orgs if laptop.seat.key in e.admins), None)
        owner = workspace.book.owner(held.epoch.attempt)
        if mine is None or laptop.seat.key in held.signers:
            continue
        if not workspace.book.has_voted(owner, held):
            continue
        spoken = world.spoken(mine.org, held.epoch.prev, held.epoch.attempt)
        if spoken and spoken != held.id:
            continue
        world.speak(mine.org, held.epoch.prev, held.epoch.attempt, held.id)
        sign(laptop, held.record)
        return


def void(world: World, laptop: Laptop) -> None:
    """Declare that one has not voted in the open attempt, and shall not."""
    workspace = laptop.workspace
    if not is_admin(laptop) or _has_spoken(workspace) or workspace.book.attempt > 6:
        return
    book, org = workspace.book, _entry(workspace).org
    if world.spoken(org, book.head.id, book.attempt):
        return
    world.speak(org, book.head.id, book.attempt, b"void")
    sign(laptop, r.Void(book.workspace, org, book.head.id, book.attempt, book.attempt))


# --- rosters -----------------------------------------------------------------------------


def _sign_roster(laptop: Laptop, change: Callable[[r.Roster], r.Roster | None]) -> None:
    workspace = laptop.workspace
    if not is_admin(laptop):
        return
    book, org = workspace.book, _entry(workspace).org
    tip = book.tip(org)
    if tip is None or tip.roster is None:
        return
    made = change(replace(tip.roster, ws=book.workspace, cuts=(), lifts=()))
    if made is not None:
        sign(laptop, replace(made, m=tip.roster.m + 1, prev=tip.id))


def retire(world: World, laptop: Laptop) -> None:
    """Retire another laptop of one's organisation, or take roles from it, at its last head."""
    heads, dice = heads_of(laptop), world.dice

    def change(roster: r.Roster) -> r.Roster | None:
        others = [d for d in roster.devices if d.key != laptop.seat.key]
        if not others:
            return None
        gone = dice.choice(others)
        kept = [d for d in roster.devices if d is not gone]
        if dice.random() < 0.6:
            kept.append(replace(gone, roles=tuple(x for x in gone.roles if dice.random() < 0.5)))
        devices = tuple(sorted(kept, key=lambda d: d.key))
        terms = _ended(roster, heads, gone.key) if gone not in kept else roster.terms
        return replace(roster, devices=devices, cuts=(_point(heads, gone.key),), terms=terms)

    _sign_roster(laptop, change)


def enrol(world: World, laptop: Laptop) -> None:
    """Enrol a further laptop of one's organisation, which then begins from nothing."""
    if len(world.laptops) >= 6:
        return
    org = laptop.seat.org
    newcomer = seat(f"newcomer{len(world.laptops)}", org)

    def change(roster: r.Roster) -> r.Roster | None:
        if any(d.key == newcomer.key for d in roster.devices):
            return None
        pid = roster.persons[0].pid
        roles = next(d for d in roster.devices if d.key == laptop.seat.key).roles
        added = r.Device(newcomer.key, newcomer.keys.seal_public, pid, newcomer.name, roles, None)
        return replace(roster, devices=tuple(sorted((*roster.devices, added), key=lambda d: d.key)))

    if is_admin(laptop) and laptop.workspace.book.organisation_of(laptop.seat.key) == org_id(org):
        _sign_roster(laptop, change)
        world.newcomer(newcomer)


def hand_over(world: World, laptop: Laptop) -> None:
    """End the keeper's term at its last head and appoint another laptop of the lead."""
    heads = heads_of(laptop)

    def change(roster: r.Roster) -> r.Roster | None:
        if not roster.terms:
            return None
        terms = roster.terms
        if terms[-1].end is None:
            terms = _ended(roster, heads, terms[-1].key)
        keeper = world.dice.choice(roster.devices)
        return replace(roster, terms=(*terms, r.Term(keeper.key, None)))

    _sign_roster(laptop, change)


def _ended(roster: r.Roster, heads: Heads, key: bytes) -> tuple[r.Term, ...]:
    return tuple(
        r.Term(term.key, heads.get(key, (0, bytes(32))))
        if term.key == key and term.end is None
        else term
        for term in roster.terms
    )


def release(_: World, laptop: Laptop) -> None:
    """Lay the keeper's term down."""
    if laptop.workspace.enrolled and laptop.workspace.book.keeper == laptop.seat.key:
        laptop.change(Release())


# --- suspensions -------------------------------------------------------------------------


def suspend(world: World, laptop: Laptop) -> None:
    """Suspend a laptop: one's own alone, another's together with a third organisation."""
    if not is_admin(laptop):
        return
    workspace, dice = laptop.workspace, world.dice
    book = workspace.book
    waiting = [
        held
        for held in book.records.values()
        if isinstance(held.record, r.Suspension)
        and held.record.org != _entry(workspace).org
        and laptop.seat.key not in held.signers
    ]
    if waiting and dice.random() < 0.7:
        sign(laptop, dice.choice(sorted(waiting, key=lambda h: h.id)).record)
        return
    entry = dice.choice((_entry(workspace), dice.choice(book.epoch.orgs)))
    tip = book.roster(entry.org)
    if tip is None:
        return
    key = dice.choice(tip.devices).key
    point = _point(heads_of(laptop), key)
    serial = dice.randrange(1 << 30)
    sign(
        laptop,
        r.Suspension(book.workspace, entry.org, key, point.seq, point.id, tip.m, "why", serial),
    )


def lift(_: World, laptop: Laptop) -> None:
    """Lift the suspensions of one's own organisation."""
    if not is_admin(laptop):
        return
    book = laptop.workspace.book
    ids = tuple(sorted(item.id for item in book.suspensions))
    if ids:
        _sign_roster(laptop, lambda roster: replace(roster, lifts=ids))


ACTS: Mapping[Act, int] = {
    draft: 5,
    vote: 10,
    void: 2,
    retire: 2,
    enrol: 2,
    hand_over: 1,
    release: 1,
    suspend: 3,
    lift: 2,
}
"""What administrators do, and how often."""
