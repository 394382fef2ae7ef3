"""A member that signs what no honest program would, one wrong of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from collabdesk.services.sharing.publish import seal
from collabdesk.sync import records as r
from collabdesk.sync import segment as segments
from collabdesk.sync.derive import row_id
from collabdesk.sync.engine.opening import open_next
from collabdesk.sync.names import dev16, record_path, segment_path
from tests.simulation.actions import PLAN_LINE, SERVICE_LINE
from tests.simulation.council import heads_of, is_admin
from tests.simulation.faults import Fault
from tests.simulation.laptop import Laptop
from tests.simulation.template import org_id, slot
from tests.simulation.world import World

Op = list[Any]
Speech = Callable[[World, Laptop, int], list[Op]]
"""What to say in a segment of the number given."""
Wrong = Callable[[World, Laptop], Fault | None]
_LINE: Op = [1, 1, PLAN_LINE, 1, [[1, bytes(16)], [2, bytes(16)], [3, "RX0"], [4, 1], [11, 5]]]


def write(laptop: Laptop, say: Callable[[int], list[Op]], **changes: object) -> bytes | None:
    """Sign the next segment as told and put it in the folder, judged by nobody; its id."""
    workspace = laptop.workspace
    seal(workspace)
    newest = laptop.select("SELECT COALESCE(MAX(seq), 0) FROM place WHERE dev16 = ?", laptop.dev)
    said = say(newest[0][0] + 1)

    def signed() -> bytes | None:
        with workspace.engine() as (engine, _, _):
            session = engine._session  # noqa: SLF001 - whoever is malicious asks nobody
            if session.identity is None:
                return None
            opened, _ = open_next(session, session.identity)
            devs = sorted(workspace.book.known_devices)
            fields: dict[str, Any] = {
                "ws": workspace.about.workspace,
                "seq": opened.seq,
                "prev": opened.prev,
                "parents": opened.parents,
                "lamport": opened.lamport,
                "wall_ms": opened.wall_ms,
                "app": "other",
                "schema": 2,
                "epoch": opened.epoch,
                "roster": opened.roster,
                "incarnation": workspace.about.incarnation,
                "devs": devs,
                "ops": said,
            }
            file = segments.seal(signing_key=workspace.keys().signing, **{**fields, **changes})
            engine.receive([file])
            return file

    file = workspace.threads.write(signed).result()
    if file is None:
        return None
    _lay(laptop, file)
    return segments.read(file).id


def _lay(laptop: Laptop, file: bytes) -> None:
    read = segments.read(file)
    key = laptop.seat.key
    path = segment_path(slot(laptop.seat.org), key, read.header.seq, read.id)
    root = f"cd1-{_ws26(laptop)}"
    laptop.store.share.write(f"{root}/{path}", file)


def _ws26(laptop: Laptop) -> str:
    from collabdesk.sync.names import ws26

    return ws26(laptop.workspace.about.workspace)


# --- words no honest program says --------------------------------------------------------


def _foreign_row(world: World, laptop: Laptop) -> bytes:
    rows = world.template.rows["service_line"]
    return world.dice.choice(rows) if laptop.seat.org else bytes(16)


def _of_another(world: World, laptop: Laptop, _: int) -> list[Op]:
    row = _foreign_row(world, laptop)
    return [[2, 1, SERVICE_LINE, row, [[2, "Mine now", []]]], _LINE]


def _in_a_group(world: World, laptop: Laptop, seq: int) -> list[Op]:
    said = _of_another(world, laptop, seq)
    return [[0, len(said)], *said]


def _in_anothers_scope(_: World, laptop: Laptop, seq: int) -> list[Op]:
    other = org_id(0 if laptop.seat.org else 1)
    row = row_id(laptop.seat.key, seq, 0)
    insert = [1, 1, SERVICE_LINE, other, [[1, "X"], [2, "Forged"], [3, 1]]]
    return [insert, [2, 1, SERVICE_LINE, row, [[2, "Again", []]]]]


def _newer(_: World, laptop: Laptop, seq: int) -> list[Op]:
    row = row_id(laptop.seat.key, seq, 0)
    return [[1, 99, 9_000, 1, [[1, 1]]], [2, 1, PLAN_LINE, row, [[11, 5, []]]]]


def _of_no_row(world: World, _: Laptop, __: int) -> list[Op]:
    return [[2, 1, PLAN_LINE, world.dice.randbytes(16), [[11, 5, []]]]]


def _misshapen(world: World, _: Laptop, __: int) -> list[Op]:
    return [
        world.dice.choice(
            (
                [2, 1, PLAN_LINE],
                [0, 9],
                [1, 1, PLAN_LINE, 1, [[4, "many"]]],
                [1, 1, PLAN_LINE, 1, [[11, True]]],
                [5, 1, PLAN_LINE, bytes(16), 11, 5, [], "why"],
                [18, 2, bytes(32), 0],
            )
        )
    ]


def _unknown(_: World, laptop: Laptop, seq: int) -> list[Op]:
    row = row_id(laptop.seat.key, seq, 0)
    insert = [1, 1, PLAN_LINE, 1, [[1, bytes(16)], [2, bytes(16)], [3, "R"], [4, 1], [999, 5]]]
    return [insert, [2, 1, PLAN_LINE, row, [[11, 5, []]]], [77, 1], [1, 1, 9_999, 1, [[1, 1]]]]


def _journal(world: World, laptop: Laptop, _: int) -> list[Op]:
    org, dice = org_id(laptop.seat.org), world.dice
    line = [1, 1, 41, org, [[1, bytes(16)], [2, 3], [3, 500]]]
    against = [1, 1, 41, org, [[1, bytes(16)], [2, 3], [3, dice.choice((-500, -499))]]]
    header = [1, 1, 40, org, [[1, "2026/27"], [2, 1], [3, 1], [4, 1], [5, "Mine"]]]
    post = [8, 1, dice.choice((1, 1, 2)), dice.randrange(1, 5), dice.randbytes(32), None]
    said: tuple[list[Op], ...] = (
        [[0, 4], post, header, line, against],
        [line],
        [[0, 2], line, against],
    )
    return dice.choice(said)


def _over_many(world: World, laptop: Laptop, _: int) -> list[Op]:
    """Set an amount over several people's figures at once, settling nothing."""
    found = laptop.select(_CONTESTED) or laptop.select(_OVERTAKEN, laptop.dev)
    if not found:
        return [_LINE]
    row, col, *told = world.dice.choice(found)
    dots = laptop.select(
        "SELECT dev16, seq, idx FROM cell WHERE row = ? AND col = ? ORDER BY dev16, seq, idx",
        row,
        col,
    )
    dots = sorted({*dots, *([tuple(told)] if told else [])})
    devs = sorted(laptop.workspace.book.known_devices)
    named = [[devs.index(dev), seq, idx] for dev, seq, idx in dots if dev in devs]
    return [[2, 1, PLAN_LINE, row, [[col, 5, named]]]]


_CONTESTED = "SELECT row, col FROM contested WHERE tbl = 13 ORDER BY row, col"
# An amount of others, and the insert of others that it took the place of.
_OVERTAKEN = """
    SELECT cell.row, cell.col, row.dev16, row.seq, row.idx
    FROM cell JOIN row ON row.row = cell.row
    WHERE row.tbl = 13 AND cell.col BETWEEN 11 AND 22
    AND cell.dev16 <> ?1 AND row.dev16 <> ?1
    AND (cell.dev16, cell.seq, cell.idx) <> (row.dev16, row.seq, row.idx)
    ORDER BY cell.row, cell.col
"""


def _over_own(_: World, laptop: Laptop, seq: int) -> list[Op]:
    """Set one's own amount twice, naming nothing that it replaces: that is allowed."""
    row = row_id(laptop.seat.key, seq, 0)
    return [_LINE, [2, 1, PLAN_LINE, row, [[11, 6, []]]], [2, 1, PLAN_LINE, row, [[11, 7, []]]]]


def _many_things(world: World, laptop: Laptop, seq: int) -> list[Op]:
    first, second = world.dice.sample((_misshapen, _of_no_row, _of_another, _over_many), 2)
    return [*first(world, laptop, seq), _LINE, *second(world, laptop, seq)]


def speak(world: World, laptop: Laptop) -> Fault | None:
    """Say something wrong."""
    speech = world.dice.choice(
        (
            _of_another,
            _in_a_group,
            _in_anothers_scope,
            _newer,
            _of_no_row,
            _misshapen,
            _unknown,
            _journal,
            _journal,
            _over_many,
            _over_many,
            _over_own,
            _many_things,
        )
    )
    said = write(laptop, lambda seq: speech(world, laptop, seq))
    return Fault.ROGUE_WORD if said else None


def misplace(world: World, laptop: Laptop) -> Fault | None:
    """Say something right in a header that is wrong."""
    book, dice = laptop.workspace.book, world.dice
    org = org_id(laptop.seat.org)
    rosters, tip = book.rosters(org), book.roster_of(org)
    wrongs: tuple[dict[str, object], ...] = (
        {"epoch": (book.epoch.n + 1, dice.randbytes(32))},
        {"roster": ((tip[0] if tip else 0) + 1, dice.randbytes(32))},
        {"epoch": (0, book.workspace)},
        {"roster": (0, rosters[0].id if rosters else bytes(32))},
        {"schema": 0},
        {"wall_ms": 253_400_000_000_000},
        {"wall_ms": 0},
        {"parents": ((dice.randbytes(16), 3, dice.randbytes(32)),)},
        {"lamport": 1 << 40},
    )
    changes = dice.choice(wrongs)
    broken = "lamport" in changes or "parents" in changes
    if broken and dice.random() < 0.6:
        return None
    said = write(laptop, lambda _: [_LINE], **changes)
    return Fault.ROGUE_WORD if said else None


def fork(world: World, laptop: Laptop) -> Fault | None:
    """Sign two change sets under one number, and lay both into the folder."""
    if dev16(laptop.seat.key) not in laptop.workspace.book.known_devices:
        return None
    mine = laptop.select(
        "SELECT file FROM segment WHERE dev16 = ? ORDER BY seq", dev16(laptop.seat.key)
    )
    if not mine:
        return None
    (file,) = world.dice.choice(mine)
    read = segments.read(file)
    header = read.header._replace(wall_ms=read.header.wall_ms + 1)
    body = read.body
    twin = segments.assemble(header, body, laptop.seat.keys.signing)
    _lay(laptop, twin)
    return Fault.ROGUE_FORK


# --- records no honest administrator signs -----------------------------------------------


def misrule(world: World, laptop: Laptop) -> Fault | None:
    """Sign a record that breaks an honest administrator's duties, and lay it down."""
    if not is_admin(laptop):
        return None
    book, dice = laptop.workspace.book, world.dice
    heads = heads_of(laptop)
    org = book.organisation_of(laptop.seat.key)
    entry = next(e for e in book.epoch.orgs if e.org == org)
    roster = book.tip(entry.org)
    kind = dice.randrange(6)
    made: r.Record | None = None
    following = replace(
        book.epoch, ws=book.workspace, n=book.epoch.n + 1, prev=book.head.id, attempt=book.attempt
    )
    if kind == 0:
        made = replace(following, landmarks=(), note=f"Fallen {dice.randrange(99)}")
    elif kind == 1:
        made = replace(following, attempt=book.attempt + 1, note="Out of turn")
    elif kind == 2:
        made = r.Void(book.workspace, entry.org, book.head.id, 0, dice.randrange(4))
    elif kind == 3:
        key = dice.choice(sorted(heads) or [laptop.seat.key])
        victim = book.organisation_of(key) or entry.org
        made = r.Suspension(
            book.workspace, victim, key, 0, bytes(32), 0, "spite", dice.randrange(99)
        )
    elif roster is not None and roster.roster is not None:
        tip = roster.roster
        own = next((d for d in tip.devices if d.key == laptop.seat.key), None)
        changed = tuple(
            replace(d, roles=(1, 2, 3, 4, 5, 6)) if d is own else d for d in tip.devices
        )
        back = kind == 5 and tip.m > 0
        made = replace(
            tip,
            ws=book.workspace,
            m=tip.m if back else tip.m + 1,
            prev=tip.prev if back else roster.id,
            devices=changed,
            cuts=(),
            lifts=tuple(sorted(item.id for item in book.suspensions)),
        )
    if made is None:
        return None
    file = r.write_file(r.sign_record(r.encode_record(made), laptop.seat.keys.signing))
    path = record_path(slot(laptop.seat.org), file)
    laptop.store.share.write(f"cd1-{_ws26(laptop)}/{path}", file)
    return Fault.ROGUE_RECORD


WRONGS: Mapping[Wrong, int] = {speak: 10, misplace: 4, fork: 1, misrule: 3}
"""What a malicious member does, and how often."""
