"""Worlds as they begin: partners admitted, a budget agreed, everybody up to date.

Each layout is founded once by the program itself, then copied for every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from collabdesk.domain.changes import Cell, Insert, Shared
from collabdesk.services.about import About
from collabdesk.services.budgets import commands as c
from collabdesk.services.membership import EVERY_ROLE
from collabdesk.services.secrets import LaptopKeys, LaptopSecrets
from collabdesk.services.sharing.cycle import share
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records as r
from collabdesk.sync.hashing import Z
from collabdesk.sync.names import genesis_path, record_path, workspace_folder
from collabdesk.sync.registry import REGISTRY, ROLES
from tests.simulation.memory_database import MemoryDatabase, memory_of
from tests.simulation.share import SimShare
from tests.simulation.store import PlainStore
from tests.simulation.surroundings import folder_of, seeded, simulated
from tests.support.alliance import GivenClock, MemoryKeyStore

LAYOUTS: tuple[tuple[int, ...], ...] = (
    (2,),
    (1, 1),
    (2, 1),
    (1, 1, 1),
    (2, 1, 1),
    (2, 2, 1),
    (1, 1, 1, 1),
    (2, 1, 1, 1),
    (2, 2, 1, 1),
)
"""Laptops of each organisation, the lead's first."""

BEGAN_MS = 1_790_000_000_000
YEAR = "2026/27"
PARTNER_ROLES = tuple(role for role in EVERY_ROLE if role != 6)


def fixed(text: str, size: int = 16) -> bytes:
    """Return bytes that are always the same for a text."""
    return sha256(text.encode()).digest()[:size]


@dataclass(frozen=True)
class Seat:
    """A laptop's place in the layout, and its keys."""

    name: str
    org: int
    keys: LaptopKeys

    @property
    def key(self) -> bytes:
        """The public key."""
        return self.keys.public

    @property
    def person(self) -> bytes:
        """Whose laptop it is."""
        return fixed(f"person {self.name}")


@dataclass
class Template:
    """A world to copy: each laptop's database and key store, and the shared folder."""

    workspace: bytes
    seats: list[Seat]
    databases: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, list[bytes]] = field(default_factory=dict)
    clock_ms: int = BEGAN_MS


@cache
def template(layout: tuple[int, ...]) -> Template:
    """Return the world of a layout, founded at the first call."""
    with simulated(), seeded(Random(str(layout))):  # noqa: S311 - a simulation's dice
        return _found(layout)


def seat(name: str, org: int) -> Seat:
    """Return a seat whose keys follow from its name."""
    seeds = fixed(f"sign {name}", 32), fixed(f"seal {name}", 32)
    return Seat(name, org, LaptopKeys(SigningKey(seeds[0]), PrivateKey(seeds[1])))


def org_id(org: int) -> bytes:
    """Return the id of an organisation by its place in the layout."""
    return fixed(f"organisation {org}")


def slot(org: int) -> str:
    """Return the slot of an organisation."""
    return f"org{org}"


def device(seat_: Seat) -> r.Device:
    """Return a laptop's line in its roster."""
    roles = EVERY_ROLE if seat_.org == 0 else PARTNER_ROLES
    return r.Device(seat_.key, seat_.keys.seal_public, seat_.person, seat_.name, roles, None)


def first_roster(org: int, seats: Sequence[Seat]) -> r.Roster:
    """Return roster 0 of an organisation; the lead's first laptop keeps the ledger."""
    ours = [s for s in seats if s.org == org]
    return r.Roster(
        ws=Z,
        org=org_id(org),
        m=0,
        prev=Z,
        persons=tuple(sorted((r.Person(s.person, s.name) for s in ours), key=lambda p: p.pid)),
        devices=tuple(sorted(map(device, ours), key=lambda d: d.key)),
        cuts=(),
        lifts=(),
        terms=(r.Term(ours[0].key, None),) if org == 0 else (),
    )


def entry(org: int, seats: Sequence[Seat], pin: tuple[int, bytes]) -> r.OrgEntry:
    """Return an organisation's line in an epoch: all its laptops are administrators'."""
    admins = tuple(sorted(s.key for s in seats if s.org == org))
    grants = EVERY_ROLE if org == 0 else PARTNER_ROLES
    return r.OrgEntry(org_id(org), f"Trust {org}", f"RX{org}", admins, 1, grants, pin)


def _rights() -> tuple[r.RoleRights, ...]:
    return tuple(
        r.RoleRights(
            role.number,
            tuple(
                r.AreaRight(*area)
                for area in sorted(
                    (REGISTRY.areas[g.area].number, int(g.verbs), int(g.reach)) for g in role.grants
                )
            ),
        )
        for role in ROLES
    )


def _found(layout: tuple[int, ...]) -> Template:
    seats = [seat(f"org{org}-{at}", org) for org, n in enumerate(layout) for at in range(n)]
    signers = [s.keys.signing for s in seats]
    rosters = [first_roster(org, seats) for org in range(len(layout))]
    pins = [(0, r.record_id(r.encode_record(roster))) for roster in rosters]
    entries = [entry(org, seats, pin) for org, pin in enumerate(pins)]
    zero = r.Epoch(
        ws=Z,
        n=0,
        prev=Z,
        attempt=0,
        k=1,
        lead=org_id(0),
        orgs=(entries[0],),
        roles=_rights(),
        thresholds=(),
        floor=1,
        cuts=(),
        lifts=(),
        landmarks=(),
        note="Simulated",
    )
    genesis = r.encode_record(r.Genesis(zero, fixed("salt")))
    workspace = r.record_id(genesis)
    made = [r.sign_record(genesis, signers[0])]
    made += [r.sign_record(r.encode_record(roster), *signers) for roster in rosters]
    if len(layout) > 1:
        made.append(r.sign_record(_admitting(zero, workspace, entries), *signers))
    return _furnished(Template(workspace, seats), made)


def _admitting(zero: r.Epoch, workspace: bytes, entries: list[r.OrgEntry]) -> bytes:
    fields = {name: getattr(zero, name) for name in r.Epoch.__slots__}
    orgs = (entries[0], *sorted(entries[1:], key=lambda e: e.org))
    fields |= {"ws": workspace, "n": 1, "prev": workspace, "k": len(orgs) // 2 + 1, "orgs": orgs}
    return r.encode_record(r.Epoch(**fields))


def _furnished(made: Template, records: list[r.RecordFile]) -> Template:
    folder = workspace_folder(made.workspace)
    contents = [r.write_file(record) for record in records]
    made.files = {f"{folder}/{record_path(slot(0), content)}": content for content in contents[1:]}
    made.files[f"{folder}/{genesis_path(made.workspace)}"] = contents[0]
    desks = {s.name: _desk(made, s, records) for s in made.seats}
    shared = PlainStore(SimShare(dict(made.files)))
    _begin(made, desks[made.seats[0].name])
    for _ in range(3):
        for desk in desks.values():
            share(desk, shared, grace_ms=0)
    for name, desk in desks.items():
        desk.close()
        made.databases[name] = memory_of(name).content()
    made.files = shared.share.files
    return made


def newcomer(made: Template, seat_: Seat) -> tuple[bytes, dict[str, bytes]]:
    """Return database and key store of a laptop that holds nothing of the workspace yet."""
    secrets: dict[str, bytes] = {}
    keys = MemoryKeyStore(secrets)
    LaptopSecrets(keys, made.workspace, seat_.key).keep(seat_.keys)
    memory = memory_of(seat_.name)
    memory.power = memory.weather = None
    memory.fill(_blank())
    database = MemoryDatabase(folder_of(seat_.name) / FILE_NAME)
    with database.write() as connection:
        replica = SqliteReplica(connection, slot(seat_.org))
        replica.set_setting("about", _about(made, seat_).to_json())
    return memory.content(), secrets


def _about(made: Template, seat_: Seat) -> About:
    return About(
        workspace=made.workspace,
        name="Simulated",
        slot=slot(seat_.org),
        store="share",
        key=seat_.key,
        incarnation=fixed(f"incarnation {seat_.name}"),
        organisation_name=f"Trust {seat_.org}",
        ods=f"RX{seat_.org}",
        person=seat_.name,
        label=seat_.name,
        sample=True,
    )


def _desk(made: Template, seat_: Seat, records: list[r.RecordFile]) -> Workspace:
    content, made.secrets[seat_.name] = newcomer(made, seat_)
    memory_of(seat_.name).fill(content)
    folder = folder_of(seat_.name)
    with MemoryDatabase(folder / FILE_NAME).write() as connection:
        replica = SqliteReplica(connection, slot(seat_.org))
        replica.set_setting("last_shared", b"1")
        for record in records:
            replica.add_record(record)
        replica.rules_settled()
    return Workspace(folder, MemoryKeyStore(made.secrets[seat_.name]), GivenClock(made.clock_ms))


@cache
def _blank() -> bytes:
    """Return a new workspace's database, as the program makes it."""
    import sqlite3

    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / FILE_NAME)
        database.copy_to(Path(folder) / "copy.sqlite3")
        database.close()
        made = sqlite3.connect(Path(folder) / "copy.sqlite3")
        made.execute("PRAGMA journal_mode=DELETE")
        content = made.serialize()
        made.close()
    return content


def _begin(made: Template, lead: Workspace) -> None:
    """Agree a budget of two lines, and draft another version for everybody to work on."""
    first = _row(lead, c.CreateBudgetVersion(YEAR, "Opening"))
    lines = [_row(lead, c.AddServiceLine(*line)) for line in (("ASL", "Low"), ("PER", "Peri"))]
    lead.run(c.AddAllocationMove(first, "Opening allocation", 100_000_000))
    for line in lines:
        lead.run(c.AddPlanLine(first, c.PlannedLine(line, "RX0", 24_000_000)))
    lead.run(c.AgreeBudgetVersion(first))
    draft = _row(lead, c.CreateBudgetVersion(YEAR, "Next"))
    made.rows = {"version": [first, draft], "service_line": lines, "plan_line": []}
    drafted = [drafted_line(draft, line) for line in lines]

    def commit() -> Mapping[str, bytes]:
        with lead.engine() as (engine, _, _):
            return engine.commit(drafted).new_rows

    made.rows["plan_line"] = list(lead.threads.write(commit).result().values())


def drafted_line(version: bytes, line: bytes, pence: int = 100) -> Insert:
    """Return a new plan line that everybody may edit."""
    cells: dict[str, Cell] = {
        "version": version,
        "service_line": line,
        "provider": "RX0",
        "profile": "equal",
        "m1": pence,
        "m2": pence,
    }
    return Insert("plan_line", Shared("draft_plan"), cells, key=line.hex())


def _row(workspace: Workspace, command: object) -> bytes:
    (row,) = workspace.run(command).new_rows.values()
    return row
