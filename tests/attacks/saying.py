"""Reads what a case says: names that begin with @, and operations in the registry's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from collabdesk.sync import derive, names
from collabdesk.sync import operations as o
from collabdesk.sync.hashing import Z, sha256
from collabdesk.sync.registry import REGISTRY
from tests.attacks.signing import WEAK, Op, Signed, again, over_order
from tests.attacks.world import SLOTS, World

Said = dict[str, Any]
PLAN_LINE: Final = 13
SHARED: Final = 1
MONTH: Final = 10


class Saying:
    """Turns the words of a case into values of its world."""

    def __init__(self, world: World) -> None:
        """Read in a world."""
        self.world = world
        self.devs: list[bytes] = []
        self._names: Mapping[str, Callable[[str], Any]] = {
            "null": lambda _: None,
            "ws": lambda _: world.workspace,
            "Z": lambda _: Z,
            "shared": lambda _: SHARED,
            "org": lambda of: world.hand(of).org,
            "key": lambda of: world.hand(of).public,
            "dev": lambda of: names.dev16(world.hand(of).public),
            "id": world.id_of,
            "place": lambda of: self.signed(of).place,
            "row": lambda of: self._at(of)[0].row(self._at(of)[1]),
            "dot": lambda of: self._at(of)[0].dot(self._at(of)[1]),
            "rawdot": self._raw_dot,
            "epoch": lambda of: list(world.hand(of).epoch),
            "roster": lambda of: list(world.hand(of).roster),
            "zeros": lambda size: bytes(int(size)),
            "hex": bytes.fromhex,
            "long": lambda size: "x" * int(size),
            "seq": lambda of: self.signed(of).seq,
            "header": lambda of: self.signed(of).header,
            "signature": lambda of: self.signed(of).signature,
            "person": world.person_of,
            "many": self._many,
            "weak": lambda kind: WEAK[kind],
            "texts": lambda count: ["é" * 32_000] * int(count),
            "other": lambda of: again(world.hands, self.signed(of)),
            "over": lambda of: over_order(self.signed(of).signature),
            "link": self._link,
            "chunk": lambda text: sha256(text.encode()),
            "control": lambda _: world.control,
        }

    def value(self, said: Any) -> Any:  # noqa: ANN401 - whatever a case says
        """Return what a value means."""
        if isinstance(said, list):
            return [self.value(item) for item in said]
        if not isinstance(said, str) or not said.startswith("@"):
            return said
        kind, _, of = said[1:].partition(":")
        return self._names[kind](of)

    def signed(self, name: str) -> Signed:
        """Return a change set by the name a case gave it."""
        return self.world.signed[name]

    def text(self, said: str) -> str:
        """Return a path or name with what stands in angle brackets put in."""
        return re.sub(r"<(?!n>|five n>|stem>)([a-z0-9]+)(?: ([^>]*))?>", self._put_in, said)

    def _put_in(self, found: re.Match[str]) -> str:
        return self._parts[found[1]](found[2] or "")

    @property
    def _parts(self) -> Mapping[str, Callable[[str], str]]:
        world = self.world
        return {
            "slot": lambda of: SLOTS[of],
            "dev26": lambda of: names.dev26(world.hand(of).public),
            "id26": lambda of: names.first26(world.id_of(of)),
            "seq10": lambda of: f"{self.signed(of).seq:010d}",
            "newest": lambda of: f"{world.newest(of).seq:010d}-",
            "upper": lambda of: (
                f"{self.signed(of).seq:010d}-{names.id26(self.signed(of).id)}".upper()
            ),
            "name": lambda of: world.paths[of].name,
            "ws26": lambda _: names.ws26(world.workspace),
            "hash52": lambda text: names.hash52(sha256(text.encode())),
            "fan": lambda text: names.hash52(sha256(text.encode()))[:2],
            "x": lambda size: "x" * int(size),
        }

    def _at(self, of: str) -> tuple[Signed, int]:
        if of in self.world.base:
            of = self.world.base[of]
        name, _, idx = of.partition(".")
        return self.signed(name), int(idx or 0)

    def _raw_dot(self, of: str) -> list[Any]:
        signed, idx = self._at(of)
        return [self.devs.index(signed.dev), signed.seq, idx]

    def _link(self, of: str) -> bytes:
        """Return the journal hash of the post at a place."""
        signed, idx = self._at(of)
        post = signed.ops[idx]
        assert isinstance(post, o.PostMark)
        devices = o.DeviceList([])
        rest = signed.ops[idx + 1 :]
        wires = [o.write_operation(op, devices) for op in rest if isinstance(op, o.InsertRow)]
        return derive.journal_hash(post.prev, post.term, post.number, post.source, wires)

    def _many(self, of: str) -> list[Any]:
        """Return so many parents that nobody ever signed, ascending."""
        return [
            [number.to_bytes(16, "big"), 1, bytes([1]) * 32] for number in range(1, int(of) + 1)
        ]

    # --- operations ------------------------------------------------------------------------

    def ops(self, said: list[Said]) -> list[Op]:
        """Return the operations a step lists."""
        return [op for one in said for op in self._ops(one)]

    def _ops(self, said: Said) -> list[Op]:
        times = said.get("times", 1)
        kind = next(iter(said))
        return [op for _ in range(times) for op in _OPS[kind](self, said)]

    def _line(self, said: Said) -> list[Op]:
        cells: list[tuple[int, Any]] = [(1, bytes(16)), (2, bytes(16)), (3, "RHA"), (4, 1)]
        return [o.InsertRow(1, PLAN_LINE, SHARED, (*cells, (MONTH + 1, said["line"])))]

    def _amount(self, said: Said) -> list[Op]:
        row = self.value(said.get("of", "@row:line"))
        dots = tuple(sorted(self.value(said.get("sees", ["@dot:line"]))))
        cell = (MONTH + said.get("month", 1), self.value(said["amount"]), dots)
        return [o.SetRow(said.get("min", 1), PLAN_LINE, row, (cell,))]

    def _insert(self, said: Said) -> list[Op]:
        table = REGISTRY.table_names[said["insert"]]
        cells = sorted(self._cells(said["insert"], said["cells"]).items())
        scope = self.value(said["scope"])
        return [o.InsertRow(said.get("min", table.since), table.number, scope, tuple(cells))]

    def _attached(self, said: Said) -> list[Op]:
        """Return an imported release whose two files are one."""
        table, file = REGISTRY.table_names["release"], self.value(said["attached"])
        cells = {
            "title": "Published figures",
            "file_name": "figures.csv",
            "file": file,
            "profile": file,
            "profile_id": "none",
            "status": 1,
            "version": 1,
            "period_start": "2026-04-01",
            "period_end": "2026-04-30",
            "rows": 1,
            "licence": "OGL",
        }
        made = sorted((table.by_name[name].number, value) for name, value in cells.items())
        return [o.InsertRow(1, table.number, self.world.hand("a").org, tuple(made))]

    def _set(self, said: Said) -> list[Op]:
        table = REGISTRY.table_names[said["set"]]
        dots = tuple(sorted(self.value(said.get("sees", []))))
        cells = sorted(self._cells(said["set"], said["cells"]).items())
        triples = tuple((column, value, dots) for column, value in cells)
        row = self.value(said["of"])
        return [o.SetRow(said.get("min", table.since), table.number, row, triples)]

    def _delete(self, said: Said) -> list[Op]:
        table = REGISTRY.table_names[said["delete"]].number
        dots = tuple(sorted(self.value(said.get("sees", []))))
        return [o.DeleteRow(1, table, self.value(said["of"]), dots)]

    def _undelete(self, said: Said) -> list[Op]:
        table = REGISTRY.table_names[said["undelete"]].number
        dots = tuple(sorted(self.value(said["sees"])))
        return [o.UndeleteRow(1, table, self.value(said["of"]), dots)]

    def _resolve(self, said: Said) -> list[Op]:
        row, value = self.value(said.get("of", "@row:line")), self.value(said["resolve"])
        if len(said["sees"]) < o.MIN_RESOLVED:
            self.devs = sorted({self._at(dot.partition(":")[2])[0].dev for dot in said["sees"]})
            dots = [self._raw_dot(dot.partition(":")[2]) for dot in said["sees"]]
            return [[5, 1, PLAN_LINE, row, MONTH + 1, value, dots, "why"]]
        seen = tuple(sorted(self.value(said["sees"])))
        return [o.ResolveCell(1, PLAN_LINE, row, MONTH + 1, value, seen, "why")]

    def _approve(self, said: Said) -> list[Op]:
        table = REGISTRY.table_names[said.get("table", "plan_line")]
        row: bytes = self.value(said.get("of", "@row:line"))
        dot: o.Dot = self.value(said["approve"])
        column = table.by_name[said.get("column", "m1")].number
        digest = derive.approve_digest(
            table.number, row, [(column, *dot, self.value(said["reads"]))]
        )
        return [o.ApproveRow(1, table.number, row, ((column, dot),), digest, None)]

    def _withdraw(self, said: Said) -> list[Op]:
        return [o.WithdrawApproval(1, self.value(said["withdraw"]), None)]

    def _journal(self, said: Said) -> list[Op]:
        org, lines = self.value(said.get("scope", "@org:lead")), said["journal"]
        source = self.value(said.get("source", "@null"))
        post = o.PostMark(
            1,
            said.get("term", 1),
            said.get("number", 1),
            self.value(said.get("prev", "@ws")),
            source,
        )
        header = (1, "2026/27"), (2, 1), (3, 1), (4, 1), (5, "Opening")
        inserts: list[Op] = [o.InsertRow(1, 40, org, header)]
        inserts += [o.InsertRow(1, 41, org, ((1, bytes(16)), (2, 3), (3, p))) for p in lines]
        return [o.Group(1 + len(inserts) + said.get("longer", 0)), post, *inserts]

    def _cells(self, table: str, said: Said) -> dict[int, Any]:
        columns = REGISTRY.table_names[table].by_name
        return {columns[name].number: self.value(value) for name, value in said.items()}

    def _mark(self, said: Said) -> list[Op]:
        return [o.Group(said["group"])]

    def _raw(self, said: Said) -> list[Op]:
        made: list[Any] = self.value(said["raw"])
        return [made]

    def _release(self, said: Said) -> list[Op]:
        return [o.ReleaseLedger(2, said["release"])]

    def _beacon(self, said: Said) -> list[Op]:
        root, control = self.value(said["beacon"])
        return [o.BeaconMark(2, root, control)]

    def _heed(self, said: Said) -> list[Op]:
        return [o.HeedRecords(2, tuple(self.value(said["heed"])))]

    def _adopt(self, said: Said) -> list[Op]:
        segment, idx = said["adopt"]
        return [o.AdoptOperation(2, self.value(segment), idx)]


_OPS: Final[Mapping[str, Callable[[Saying, Said], list[Op]]]] = {
    "line": Saying._line,  # noqa: SLF001 - the class's own vocabulary
    "amount": Saying._amount,  # noqa: SLF001
    "attached": Saying._attached,  # noqa: SLF001
    "insert": Saying._insert,  # noqa: SLF001
    "set": Saying._set,  # noqa: SLF001
    "delete": Saying._delete,  # noqa: SLF001
    "undelete": Saying._undelete,  # noqa: SLF001
    "resolve": Saying._resolve,  # noqa: SLF001
    "approve": Saying._approve,  # noqa: SLF001
    "withdraw": Saying._withdraw,  # noqa: SLF001
    "journal": Saying._journal,  # noqa: SLF001
    "group": Saying._mark,  # noqa: SLF001
    "raw": Saying._raw,  # noqa: SLF001
    "release": Saying._release,  # noqa: SLF001
    "beacon": Saying._beacon,  # noqa: SLF001
    "heed": Saying._heed,  # noqa: SLF001
    "adopt": Saying._adopt,  # noqa: SLF001
}
