"""What an attacker does, one step after another, in the world of a case."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from collabdesk.domain.changes import SetCells
from collabdesk.services.sharing.cycle import share
from collabdesk.storage.database import FILE_NAME
from collabdesk.sync import codec, names, records, segment
from collabdesk.sync.authority.held import Held
from tests.attacks.saying import Said, Saying
from tests.attacks.signing import WEAK, Hand, Signed, frame, join_file, record_file, signatures
from tests.attacks.world import SLOTS, World

GRACE_MS: Final = 600_000


class Steps:
    """Carries out the steps of one case."""

    def __init__(self, world: World) -> None:
        """Begin in a world as founded."""
        self.world = world
        self.say = Saying(world)
        self.kept: dict[str, Path] = {}

    def play(self, steps: list[Said]) -> None:
        """Carry out all steps."""
        for step in steps:
            _ACTS[step["do"]](self, step)

    # --- change sets -------------------------------------------------------------------------

    def sign(self, step: Said) -> None:
        """Sign a change set and publish it, as the step says."""
        hand = self.world.hand(step["by"])
        self._cite(hand, step.get("cites", {}))
        self.say.devs = sorted(self.say.value(step.get("devs", [])))
        ops = self.say.ops(step.get("ops", []))
        changes = {name: self.say.value(value) for name, value in step.get("header", {}).items()}
        if "same_number_as" in step:
            changes |= _number_of(self.say.signed(step["same_number_as"]))
        plain, body = self._body(step)
        if "devs" in step or self.say.devs:
            plain = codec.encode([self.say.devs, [op for op in ops if isinstance(op, list)]])
        signed = hand.sign(ops, self._seen(hand, step), changes, plain, body)
        if "same_as" in step:
            signed = self.say.signed(step["same_as"])
        if step.get("signed_as") == "record":
            step = {**step, "signature": _as_record(hand, signed.header)}
        if "signature" in step:
            other = self.say.value(step["signature"])
            content = signed.file[12 + len(signed.header) + 64 :]
            signed = replace(signed, file=frame(signed.header, other, content), signature=other)
        self._keep(step, hand, signed)
        path = names.segment_path(SLOTS.get(step["by"], "own"), hand.public, signed.seq, signed.id)
        self._publish(step, signed.file, path)

    def _cite(self, hand: Hand, said: Said) -> None:
        """Let a hand work under records made in this case from now on."""
        if "epoch" in said:
            held = self.world.records[said["epoch"]]
            assert held.epoch is not None
            hand.epoch = (held.epoch.n, held.id)
        if "roster" in said:
            hand.roster = self._pin(said["roster"])
        if "of" in said:
            hand.org = self.world.hand(said["of"]).org

    def _keep(self, step: Said, hand: Hand, signed: Signed) -> None:
        if "as" in step:
            self.world.signed[step["as"]] = signed
            self.world.files[step["as"]] = signed.file
        if step.get("goes_on", True):
            hand.went_on(signed)

    def _seen(self, hand: Hand, step: Said) -> list[Signed]:
        match step.get("after", "everything"):
            case "nothing":
                return []
            case "everything":
                return self._news(hand)
            case named:
                return [self._named(name) for name in named]

    def _named(self, name: str) -> Signed:
        """Return a change set by its name, or the newest of a laptop."""
        return self.world.newest(name) if name in self.world.hands else self.say.signed(name)

    def _news(self, hand: Hand) -> list[Signed]:
        """Return the others' newest change sets that the hand has not seen yet."""
        past = self.world.past_of(hand.last)
        others = [h.last for h in self.world.hands.values() if h is not hand and h.last]
        return [signed for signed in others if past.get(signed.dev, 0) < signed.seq]

    def _body(self, step: Said) -> tuple[bytes | None, bytes | None]:
        match step.get("body"):
            case None:
                return None, None
            case {"plain": said}:
                plain = bytes.fromhex(said)
            case {"values": count, "of": item}:
                head = b"\x9a" + count.to_bytes(4, "big")
                plain = b"\x82\x80\x81\x83\x01\x01" + head + bytes.fromhex(item) * count
            case {"packed": said}:
                return b"", bytes.fromhex(said)
            case {"nested": depth}:
                plain = b"\x81" * depth + b"\x80"
            case {"texts": count}:
                text = "🙂" + "a" * 65_531
                plain = codec.encode([[], [[1, 1, [text] * count]]])
            case {"gibibytes": size}:
                return b"", _gibibytes(size)
            case other:
                raise KeyError(other)
        return plain, zlib.compress(plain, step.get("level", 0))

    # --- membership records ------------------------------------------------------------------

    def record(self, step: Said) -> None:
        """Sign a membership record and publish it."""
        record = _RECORDS[step["kind"]](self, step)
        content = codec.encode(record if isinstance(record, list) else record.to_wire())
        for serial in range(1, step.get("repeat", 1)):
            more = codec.encode(replace(record, last=serial).to_wire())
            pairs = signatures(more, [self.world.hand(name).key for name in step["by"]])
            self._write(
                f"o/rp7/c/{names.file26(record_file(more, pairs))}.cdc", record_file(more, pairs)
            )
        keys = [self.world.hand(name).key for name in step.get("by", [])]
        pairs = signatures(content, keys)
        pairs += [tuple(self.say.value(pair)) for pair in step.get("signatures", [])]
        if "also" in step:
            pairs += [_for_a_segment(self.world.hand(name), content) for name in step["also"]]
        pairs += [(bytes([255, number]) * 16, bytes(64)) for number in range(step.get("crowd", 0))]
        pairs.sort(reverse=step.get("order") == "backwards")
        self._publish_record(step, record, content, pairs)

    def _publish_record(
        self,
        step: Said,
        record: Any,  # noqa: ANN401
        content: bytes,
        pairs: list[tuple[bytes, bytes]],
    ) -> None:
        file = record_file(content, pairs)
        rid = records.record_id(content)
        try:
            signers = records.valid_signers(records.read_file(file))
        except codec.Malformed:
            signers = frozenset()
        self.world.records[step["as"]] = Held(rid, record, signers)
        self.world.files[step["as"]] = file
        slot = SLOTS.get(next(iter(step.get("by", [])), ""), "rp7")
        self._publish(step, file, f"o/{slot}/c/{names.file26(file)}.cdc")

    def more_signatures(self, step: Said) -> None:
        """Publish a record once more, with other signatures."""
        held = self.world.records[step["of"]]
        content = codec.encode(held.record.to_wire())
        pairs = signatures(content, [self.world.hand(name).key for name in step["by"]])
        file = record_file(content, pairs)
        slot = SLOTS.get(step["by"][0], "rp7")
        self._publish(step, file, f"o/{slot}/c/{names.file26(file)}.cdc")

    def _epoch(self, step: Said) -> records.Epoch:
        parent = self._parent(step)
        epoch = parent.epoch
        assert epoch is not None
        made = replace(epoch, ws=self.world.workspace, n=epoch.n + 1, prev=parent.id)
        return replace(made, **self._fields(step, made))

    def _parent(self, step: Said) -> Held:
        return self.world.records[step["after"]] if "after" in step else self.world.book.head

    def _roster(self, step: Said) -> records.Roster:
        org = self.world.hand(step["of"]).org
        parent = self.world.records[step["after"]] if "after" in step else self.world.book.tip(org)
        assert parent is not None
        roster = parent.roster
        assert roster is not None
        made = replace(roster, ws=self.world.workspace, m=roster.m + 1, prev=parent.id)
        return replace(made, **self._fields(step, made))

    def _suspension(self, step: Said) -> records.Suspension:
        hand = self.world.hand(step["of"])
        made = records.Suspension(
            self.world.workspace, hand.org, hand.public, 0, bytes(32), hand.roster[0], "why", 1
        )
        return replace(made, **self._fields(step, made))

    def _void(self, step: Said) -> records.Void:
        parent = self._parent(step)
        first, last = step.get("attempts", [0, 0])
        made = records.Void(
            self.world.workspace, self.world.hand(step["of"]).org, parent.id, first, last
        )
        return replace(made, **self._fields(step, made))

    def _proof(self, step: Said) -> records.Proof:
        pair = sorted((self.say.signed(name) for name in step["of"]), key=lambda s: s.id)
        if step.get("order") == "descending":
            pair.reverse()
        one, other = pair
        made = records.Proof(
            self.world.workspace, one.header, one.signature, other.header, other.signature
        )
        return replace(made, **self._fields(step, made))

    def _wire(self, step: Said) -> Any:  # noqa: ANN401 - any array
        return self.say.value(step["wire"])

    def _fields(self, step: Said, record: Any) -> dict[str, Any]:  # noqa: ANN401
        fields = step.get("fields", {})
        made = {name: self._field(name, said, record) for name, said in fields.items()}
        if made.pop("first", None) is None and "first" in fields:
            first = self.world.hand(str(fields["first"])).org
            made["orgs"] = tuple(sorted(record.orgs, key=lambda e: (e.org != first, e.org)))
        return made

    def _field(self, name: str, said: Any, record: Any) -> Any:  # noqa: ANN401
        match name:
            case "cuts" | "landmarks":
                points = [records.ChainPoint(*self.say.value(point)) for point in said]
                return tuple(sorted(points, key=lambda point: point.key))
            case "lifts":
                return tuple(sorted(self.say.value(said)))
            case "orgs":
                return tuple(
                    self._entry(entry, change) for entry in record.orgs for change in [said]
                )
            case "first":
                return None
            case "devices":
                return self._devices(said, record.devices)
            case "terms":
                return tuple(
                    records.Term(self.say.value(key), tuple(self.say.value(end)) if end else None)
                    for key, end in said
                )
            case "roles":
                return tuple(
                    records.RoleRights(role, tuple(records.AreaRight(*area) for area in areas))
                    for role, areas in said
                )
        return self.say.value(said)

    def _entry(self, entry: records.OrgEntry, said: Said) -> records.OrgEntry:
        """Return an organisation's entry, changed where the step names it."""
        name = next(n for n, hand in self.world.hands.items() if hand.org == entry.org)
        changes = dict(said.get(name, {}))
        made: dict[str, Any] = {}
        if "grants" in changes:
            made["grants"] = tuple(changes["grants"])
        if "admins" in changes:
            made["admins"] = tuple(sorted(self.world.hand(n).public for n in changes["admins"]))
        if "pin" in changes:
            made["pin"] = self._pin(changes["pin"])
        if "k_org" in changes:
            made["k_org"] = changes["k_org"]
        return replace(entry, **made)

    def _pin(self, said: str) -> tuple[int, bytes]:
        held = self.world.records[said]
        assert held.roster is not None
        return (held.roster.m, held.id)

    def _devices(self, said: list[Said], devices: tuple[records.Device, ...]) -> Any:  # noqa: ANN401
        """Return the devices named: kept ones as they were, with roles changed, or new."""
        by_key = {device.key: device for device in devices}
        made = []
        for one in said:
            if "weak" in one:
                made.append(replace(devices[0], key=WEAK[one["weak"]]))
                continue
            key = self.world.hand(one["laptop"]).public
            fresh = records.Device(
                key, None, self.world.person_of(one.get("person", "a")), "Laptop", (1,), None
            )
            device = by_key.get(key, fresh)
            made.append(replace(device, roles=tuple(one.get("roles", device.roles))))
        return tuple(sorted(made, key=lambda device: device.key))

    # --- join requests -----------------------------------------------------------------------

    def join(self, step: Said) -> None:
        """Publish a join request."""
        hand = self.world.hand(step["by"])
        fields = {
            "ws": self.world.workspace,
            "key": hand.public,
            "seal_key": None,
            "person": "Finance lead",
            "org_name": "Another trust",
            "ods": "RXX",
            "label": "Laptop",
            "app": "attack",
        }
        fields |= {name: self.say.value(said) for name, said in step.get("fields", {}).items()}
        content = codec.encode([1, *fields.values()])
        file = join_file(content, hand.key)
        self.world.files[step.get("as", "request")] = file
        named = self.world.hand(str(step.get("named_as", step["by"])))
        self._publish(step, file, f"o/{step.get('slot', 'rp7')}/j/{names.dev26(named.public)}.cdj")

    # --- the folder --------------------------------------------------------------------------

    def _publish(self, step: Said, content: bytes, path: str) -> None:
        for what, *how in step.get("damage", []):
            content = _DAMAGE[what](self, content, *how)
        if "as" in step:
            self.world.files[step["as"]] = content
        if not step.get("publish", True):
            return
        self._write(self.say.text(step.get("path", path)), content, step.get("as", ""))

    def _write(self, path: str, content: bytes, name: str = "") -> None:
        target = self.world.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if name:
            self.world.paths[name] = target

    def file(self, step: Said) -> None:
        """Write any bytes under any name."""
        content = self.world.files[step["of"]] if "of" in step else b""
        content = step.get("text", "").encode() or content
        content = bytes(step["zeros"]) if "zeros" in step else content
        for number in range(step.get("times", 1)):
            path = self.say.text(step["path"]).replace("<n>", str(number))
            path = path.replace("<five n>", _five(number))
            self._publish({**step, "path": path}, content, path)

    def remove(self, step: Said) -> None:
        """Remove what a pattern names, or the file of a change set."""
        for path in self._found(step):
            path.unlink() if path.is_file() or path.is_symlink() else shutil.rmtree(path)

    def rename(self, step: Said) -> None:
        """Give what a pattern names another name in its folder."""
        for path in self._found(step):
            path.rename(path.parent / self.say.text(step["to"]).replace("<stem>", path.stem))

    def damage(self, step: Said) -> None:
        """Damage what a pattern names."""
        for path in self._found(step):
            content = path.read_bytes()
            for what, *how in step["how"]:
                content = _DAMAGE[what](self, content, *how)
            path.write_bytes(content)

    def _found(self, step: Said) -> list[Path]:
        if "of" in step:
            signed = self.say.signed(step["of"])
            return list(self.world.root.rglob(f"*{names.id26(signed.id)}.cds"))
        found = sorted(self.world.root.glob(self.say.text(step["path"])))
        assert found, step
        return found

    def special(self, step: Said) -> None:
        """Put something there that is no regular file."""
        path = self.world.root / self.say.text(step["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        outside = self.world.folder / "outside.txt"
        outside.write_text("private", encoding="utf-8")
        match step["what"]:
            case "link":
                path.symlink_to(outside)
            case "link to folder":
                path.symlink_to(self.world.folder)
            case "hard link":
                os.link(outside, path)
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir(parents=True)
        if "as" in step:
            self.world.paths[step["as"]] = path

    def keep(self, step: Said) -> None:
        """Copy a laptop or the shared folder aside."""
        target = self.world.folder / f"kept {step['what']}"
        shutil.copytree(self.world.folder / step["what"], target)

    def put_back(self, step: Said) -> None:
        """Put a laptop or the shared folder back to what it was."""
        source = self.world.folder / f"kept {step['what']}"
        shutil.rmtree(self.world.folder / step["what"])
        shutil.copytree(source, self.world.folder / step["what"])

    # --- laptops -----------------------------------------------------------------------------

    def share(self, step: Said) -> None:
        """Let a laptop share, honestly."""
        desk = self.world.open(step["who"])
        try:
            if "amount" in step:
                row = self.say.value("@row:line")
                desk.change(SetCells("plan_line", row, {"m1": step["amount"]}))
            share(desk.workspace, desk.store, grace_ms=GRACE_MS)
        finally:
            self.world.close(desk)

    def wait(self, step: Said) -> None:
        """Let time pass."""
        self.world.clock_ms += step["days"] * 86_400_000

    def database(self, step: Said) -> None:
        """Write into a laptop's database behind its back."""
        connection = sqlite3.connect(self.world.folder / step["who"] / FILE_NAME)
        with connection:
            changed = connection.execute(step["sql"]).rowcount
        connection.close()
        assert changed > 0, step


def _number_of(signed: Signed) -> dict[str, Any]:
    fields = codec.decode_kept(signed.header)
    return {"seq": fields[3], "prev": fields[4], "parents": fields[5], "lamport": fields[6]}


def _as_record(hand: Hand, header: bytes) -> bytes:
    return bytes(hand.key.sign(records.SIGNATURE_DOMAIN + header).signature)


def _for_a_segment(hand: Hand, content: bytes) -> tuple[bytes, bytes]:
    return hand.public, bytes(hand.key.sign(segment.SIGNATURE_DOMAIN + content).signature)


def _five(number: int) -> str:
    return "".join("abcdefghijklmnopqrstuvwxyz"[number // 26**place % 26] for place in range(5))


@cache
def _gibibytes(size: int) -> bytes:
    """Return gibibytes of zeros as they are packed best: about a mebibyte each."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 24)) for _ in range(64 * size)]
    return b"".join([*parts, packer.flush()])


def _flip(_: Steps, content: bytes, bit: int) -> bytes:
    made = bytearray(content)
    made[bit // 8 % len(made)] ^= 1 << bit % 8
    return bytes(made)


def _cut(_: Steps, content: bytes, length: int) -> bytes:
    return content[:length]


def _append(_: Steps, content: bytes, said: str) -> bytes:
    return content + bytes.fromhex(said)


def _at(_: Steps, content: bytes, start: int, said: str) -> bytes:
    new = bytes.fromhex(said)
    end = start + len(new) or len(content)
    return content[:start] + new + content[end:] if start >= 0 else content[:start] + new


_DAMAGE: Final[Mapping[str, Callable[..., bytes]]] = {
    "flip": _flip,
    "cut": _cut,
    "append": _append,
    "at": _at,
}
_RECORDS: Final[Mapping[str, Callable[[Steps, Said], Any]]] = {
    "epoch": Steps._epoch,  # noqa: SLF001 - the class's own vocabulary
    "roster": Steps._roster,  # noqa: SLF001
    "suspension": Steps._suspension,  # noqa: SLF001
    "void": Steps._void,  # noqa: SLF001
    "proof": Steps._proof,  # noqa: SLF001
    "wire": Steps._wire,  # noqa: SLF001
}
_ACTS: Final[Mapping[str, Callable[[Steps, Said], None]]] = {
    "sign": Steps.sign,
    "record": Steps.record,
    "more signatures": Steps.more_signatures,
    "join": Steps.join,
    "file": Steps.file,
    "remove": Steps.remove,
    "rename": Steps.rename,
    "damage": Steps.damage,
    "special": Steps.special,
    "keep": Steps.keep,
    "put back": Steps.put_back,
    "share": Steps.share,
    "wait": Steps.wait,
    "database": Steps.database,
}
