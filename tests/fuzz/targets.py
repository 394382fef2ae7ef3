"""What is fuzzed: each target reads bytes as a hostile folder might give them.

A target returns in silence, whatever the bytes. It fails if a reader raises anything but
its own refusal, if what was read does not write back to the same bytes, or if our gate and
the second reader, made from the format's page alone, disagree about what may pass.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from collabdesk.errors import CollabDeskError
from collabdesk.services.sharing.inspecting import inspect_file
from collabdesk.sync import codec, join, names, records, sealed, segment
from collabdesk.sync import operations as o
from collabdesk.sync.hashing import sha256
from collabdesk.sync.meaning import MeaningError, check_meaning
from collabdesk.sync.registry import REGISTRY
from collabdesk.sync.stores import paths
from tests.format_reader import encoding, reader

Target = Callable[[bytes], None]
_REFUSED: Final = object()


def header(data: bytes) -> None:
    """Read a change set's header."""
    ours = _ours(segment.read_header, data)
    _same(data, ours is _REFUSED, _theirs(reader.segment_header, data) is _REFUSED)
    if ours is not _REFUSED:
        assert codec.encode(ours.to_wire()) == data


def body(data: bytes) -> None:
    """Read an unpacked body, and every change in it as far as it needs nobody else."""
    ours = _ours(_body, data)
    theirs = _theirs(lambda plain: encoding.decode(plain, segment.MAX_PLAIN), data)
    if ours is _REFUSED:
        return
    assert theirs == [list(ours.devs), ours.ops]
    for op in ours.ops:
        _operation(op, ours.devs)


def value(data: bytes) -> None:
    """Read any value of the encoding."""
    ours = _ours(lambda plain: codec.decode(plain, max_bytes=segment.MAX_PLAIN), data)
    theirs = _theirs(lambda plain: encoding.decode(plain, segment.MAX_PLAIN), data)
    _same(data, ours is _REFUSED, theirs is _REFUSED)
    if ours is not _REFUSED:
        assert codec.encode(ours) == encoding.encode(theirs) == data


def change_set(data: bytes) -> None:
    """Read a whole change set file."""
    _ours(_whole, data)
    _inspected(segment.MAGIC + data)


def record(data: bytes) -> None:
    """Read a membership record file."""
    ours = _ours(_record, data)
    theirs = _theirs(_their_record, data)
    _same(data, ours is _REFUSED, theirs is _REFUSED)
    assert ours is _REFUSED or (ours[0], ours[1]) == theirs
    _inspected(records.MAGIC + data)


def control(data: bytes) -> None:
    """Read a membership record by itself, before any signature."""
    ours = _ours(records.read_record, data)
    framed = records.MAGIC + len(data).to_bytes(4, "big") + data + bytes(2)
    theirs = _theirs(reader.read_record, framed)
    if len(data) <= records.MAX_RECORD:
        _same(data, ours is _REFUSED, theirs is _REFUSED)
    if ours is not _REFUSED:
        assert codec.encode(ours.to_wire()) == data


def proof(data: bytes) -> None:
    """Read what claims to prove that a laptop signed two ways: two headers and signatures."""
    middle = len(data) // 2
    ws = bytes(32) if len(data) < _WS_END else data[_WS_START:_WS_END]
    wire: list[codec.Encodable] = [
        1,
        records.PROOF,
        ws,
        data[:middle],
        bytes(64),
        data[middle:],
        bytes(64),
    ]
    control(codec.encode(wire))


def join_request(data: bytes) -> None:
    """Read a request to join."""
    ours = _ours(join.read_join, data)
    _same(data, ours is _REFUSED, _theirs(reader.read_join, data) is _REFUSED)
    _inspected(join.MAGIC + data)


def sealed_value(data: bytes) -> None:
    """Read a value that only some may open."""
    _ours(sealed.read_sealed, data)


def file_name(data: bytes) -> None:
    """Read a name found in the folder, and never make a place to write to of it."""
    name = data.decode("utf-8", "surrogateescape")
    for read in _NAMES:
        found = read(name)
        assert not found or (name.isascii() and paths.is_found_name(name))
    if names.salvage_suffix(name) and paths.is_found_name(name):
        assert not set(name) & set('/\\:\0<>|?*"')
        assert not codec.has_refused_code_point(name)
    for check in (paths.check_folder, paths.check_own, paths.check_found, paths.check_removable):
        _checked(check, f"cd1-{'a' * 26}/o/rp7/{name}")


TARGETS: Final[Mapping[str, Target]] = {
    "header": header,
    "body": body,
    "value": value,
    "change-set": change_set,
    "record": record,
    "control": control,
    "proof": proof,
    "join": join_request,
    "sealed": sealed_value,
    "name": file_name,
}

_WS_START: Final = 5
_WS_END: Final = _WS_START + 32
_NAMES: Final[tuple[Callable[[str], object], ...]] = (
    names.read_segment_name,
    names.read_healed_name,
    names.read_record_name,
    names.read_blob_name,
    names.read_join_name,
    names.read_workspace_folder,
    names.read_bucket,
    names.is_slot,
    names.is_device_folder,
    names.is_fan_folder,
)


def _ours(read: Callable[[bytes], Any], data: bytes) -> Any:  # noqa: ANN401 - any reading
    try:
        return read(data)
    except CollabDeskError as refusal:
        _in_words(refusal)
        return _REFUSED


def _in_words(refusal: CollabDeskError) -> None:
    assert refusal.words.endswith(".")


def _theirs(read: Callable[[bytes], Any], data: bytes) -> Any:  # noqa: ANN401
    try:
        return read(data)
    except encoding.RefusedError:
        return _REFUSED


def _same(data: bytes, *refused: bool) -> None:
    assert len(set(refused)) == 1, (data.hex(), refused)


def _body(plain: bytes) -> segment.Body:
    """Open a body whose header says nothing false of it."""
    found = codec.decode(plain, max_bytes=segment.MAX_PLAIN)
    ops = found[1] if isinstance(found, list) and len(found) > 1 else None
    count = len(ops) if isinstance(ops, list) else 0
    packed = zlib.compress(plain, 0)
    stated = segment.Header(
        ws=bytes(32),
        dev=bytes(32),
        seq=1,
        prev=bytes(32),
        parents=(),
        lamport=1,
        wall_ms=0,
        app="",
        schema=1,
        epoch=(0, bytes(32)),
        roster=(0, bytes(32)),
        incarnation=bytes(16),
        enc_key_id=None,
        body_len=len(packed),
        body_hash=sha256(packed),
        plain_len=len(plain),
        plain_hash=sha256(plain),
        n_ops=count,
    )
    return segment.open_body(segment.Segment(stated, b"", b"", packed, b""))


def _whole(data: bytes) -> None:
    found = segment.read(data)
    segment.verify(found)
    segment.open_body(found)


def _operation(op: list[Any], devs: tuple[bytes, ...]) -> None:
    try:
        found = o.read_operation(op, devs)
        check_meaning(REGISTRY, found)
    except (o.ShapeError, MeaningError):
        return
    except KeyError:
        assert op[0] not in REGISTRY.kinds
        return
    devices = o.DeviceList([found])
    assert o.read_operation(o.write_operation(found, devices), devices.devs) == found


def _record(data: bytes) -> tuple[Any, list[bytes]]:
    file = records.read_file(data)
    found = records.read_record(file.record_bytes)
    assert records.write_file(file) == data
    return codec.decode_kept(codec.encode(found.to_wire())), sorted(records.valid_signers(file))


def _their_record(data: bytes) -> tuple[Any, list[bytes]]:
    found, _, signers = reader.read_record(data)
    return found, sorted(signers)


def _inspected(data: bytes) -> None:
    try:
        inspect_file(data)
    except CollabDeskError as refusal:
        _in_words(refusal)


def _checked(check: Callable[[str], list[str]], path: str) -> None:
    try:
        parts = check(path)
    except ValueError:
        return
    assert ".." not in parts
    assert "." not in parts
    assert all(parts)
