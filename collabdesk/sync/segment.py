"""A segment file: one signed change set of one device.

`read` checks form and needs no decompression, `verify` the signature, `open_body` the
body; in that order, so that only an enrolled device can make us unpack anything.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final, NamedTuple

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.sync import shapes
from collabdesk.sync.codec import (
    Malformed,
    Wire,
    decode,
    decode_fixed,
    encode_checked,
    has_refused_code_point,
)
from collabdesk.sync.hashing import Z, sha256
from collabdesk.sync.header import (
    FORMAT,
    MAX_APP,
    MAX_BODY,
    MAX_OPS,
    MAX_PARENTS,
    MAX_PLAIN,
    MAX_WALL_MS,
    Header,
    Parent,
    over_ratio,
    read_at_one_look,
)
from collabdesk.sync.names import MAX_SEQ

__all__ = [
    "FORMAT",
    "MAGIC",
    "MAX_APP",
    "MAX_BODY",
    "MAX_DEVS",
    "MAX_FILE",
    "MAX_HEADER",
    "MAX_OPS",
    "MAX_PARENTS",
    "MAX_PLAIN",
    "MAX_WALL_MS",
    "SIGNATURE_DOMAIN",
    "SIGNATURE_LENGTH",
    "Body",
    "Header",
    "Parent",
    "Segment",
    "assemble",
    "open_body",
    "read",
    "read_header",
    "seal",
    "segment_id",
    "verify",
    "verify_header",
]

MAGIC: Final = b"CDSEG\x01\r\n"
SIGNATURE_DOMAIN: Final = b"collabdesk/seg/1\0"
SIGNATURE_LENGTH: Final = 64
_U32: Final = struct.Struct(">I")
_HEADER_AT: Final = len(MAGIC) + _U32.size
_ID_DOMAIN: Final = b"collabdesk/seg-id/1\0"
MAX_HEADER: Final = 16 * 1024
MAX_DEVS: Final = 512
MAX_FILE: Final = len(MAGIC) + 4 + MAX_HEADER + SIGNATURE_LENGTH + MAX_BODY
_FIELDS: Final = 19
_MIN_OP: Final = 2


class Segment(NamedTuple):
    """A well-formed segment file, its body still packed and its signature unchecked."""

    header: Header
    header_bytes: bytes
    signature: bytes
    body: bytes
    id: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """The devices that dots name by index, and the operations."""

    devs: tuple[bytes, ...]
    ops: list[list[Wire]]


def segment_id(header_bytes: bytes) -> bytes:
    """Return the id of the segment with this header."""
    return sha256(_ID_DOMAIN + header_bytes)


def read(data: bytes) -> Segment:
    """Return the segment in a file's bytes, or raise `Malformed`; nothing is unpacked."""
    header_end = _header_end(data)
    header_bytes = data[_HEADER_AT:header_end]
    header = read_header(header_bytes)
    body_start = header_end + SIGNATURE_LENGTH
    if len(data) != body_start + header.body_len:
        raise Malformed(
            "truncated" if len(data) < body_start + header.body_len else "trailing-bytes"
        )
    body = data[body_start:]
    if sha256(body) != header.body_hash:
        raise Malformed("body-hash")
    signature = data[header_end:body_start]
    # Made as the tuple it is: naming the fields once more costs as much as a hash.
    known = sha256(_ID_DOMAIN + header_bytes)
    return tuple.__new__(Segment, (header, header_bytes, signature, body, known))


def read_header(header_bytes: bytes) -> Header:
    """Return the header in these bytes, or raise `Malformed`."""
    if len(header_bytes) <= MAX_HEADER:
        header = read_at_one_look(header_bytes)
        if header is not None:
            return header
    return decode_fixed(header_bytes, _header, max_bytes=MAX_HEADER)


def verify(segment: Segment) -> bool:
    """Tell whether the device named in the header signed it."""
    return verify_header(segment.header.dev, segment.header_bytes, segment.signature)


def verify_header(dev: bytes, header_bytes: bytes, signature: bytes) -> bool:
    """Tell whether this key signed this header."""
    try:
        crypto_sign_open(signature + SIGNATURE_DOMAIN + header_bytes, dev)
    except BadSignatureError:
        return False
    return True


def open_body(segment: Segment) -> Body:
    """Return the operations of a segment, or raise `Malformed`; call `verify` first."""
    header = segment.header
    if header.enc_key_id is not None:
        raise NotPossible(
            code="sealed-body",
            words="This change set is encrypted, which this version of CollabDesk does not read.",
            remedy="Update CollabDesk on this computer; the change set waits until then.",
        )
    plain = _inflate(segment.body, header.plain_len)
    if sha256(plain) != header.plain_hash:
        raise Malformed("plain-hash")
    return _read_plain(plain, header.n_ops)


def seal(  # noqa: PLR0913 - a header has that many fields
    *,
    signing_key: SigningKey,
    ws: bytes,
    seq: int,
    prev: bytes,
    parents: tuple[Parent, ...],
    lamport: int,
    wall_ms: int,
    app: str,
    schema: int,
    epoch: tuple[int, bytes],
    roster: tuple[int, bytes],
    incarnation: bytes,
    devs: list[bytes],
    ops: list[list[Wire]],
    level: int = 6,
) -> bytes:
    """Return a signed segment file, or raise `Malformed` for what no reader would take."""
    plain = encode_checked([devs, ops], max_bytes=MAX_PLAIN)
    _read_plain(plain, len(ops))
    body = _deflate(plain, level)
    header = Header(
        ws=ws,
        dev=bytes(signing_key.verify_key),
        seq=seq,
        prev=prev,
        parents=parents,
        lamport=lamport,
        wall_ms=wall_ms,
        app=app,
        schema=schema,
        epoch=epoch,
        roster=roster,
        incarnation=incarnation,
        enc_key_id=None,
        body_len=len(body),
        body_hash=sha256(body),
        plain_len=len(plain),
        plain_hash=sha256(plain),
        n_ops=len(ops),
    )
    return assemble(header, body, signing_key)


def assemble(header: Header, body: bytes, signing_key: SigningKey) -> bytes:
    """Return the signed file of a header and its packed body, checked as a reader would."""
    header_bytes = encode_checked(header.to_wire(), max_bytes=MAX_HEADER)
    signature = signing_key.sign(SIGNATURE_DOMAIN + header_bytes).signature
    data = MAGIC + _U32.pack(len(header_bytes)) + header_bytes + signature + body
    read(data)
    return data


def _header(value: Wire) -> Header:
    fields = shapes.array(value, _FIELDS)
    shapes.uint(fields[0], FORMAT, FORMAT)
    header = Header(
        ws=shapes.b32(fields[1]),
        dev=shapes.b32(fields[2]),
        seq=shapes.uint(fields[3], 1, MAX_SEQ),
        prev=shapes.b32(fields[4]),
        parents=shapes.array_of(fields[5], _parent, MAX_PARENTS),
        lamport=shapes.uint(fields[6], 1),
        wall_ms=shapes.uint(fields[7], 0, MAX_WALL_MS),
        app=_app(fields[8]),
        schema=shapes.uint(fields[9]),
        epoch=shapes.numbered_id(fields[10]),
        roster=shapes.numbered_id(fields[11]),
        incarnation=shapes.b16(fields[12]),
        enc_key_id=shapes.optional(fields[13], shapes.b16),
        body_len=shapes.uint(fields[14], 0, MAX_BODY),
        body_hash=shapes.b32(fields[15]),
        plain_len=shapes.uint(fields[16], 0, MAX_PLAIN),
        plain_hash=shapes.b32(fields[17]),
        n_ops=shapes.uint(fields[18], 0, MAX_OPS),
    )
    _check_header(header)
    return header


def _header_end(data: bytes) -> int:
    if not data.startswith(MAGIC):
        raise Malformed("magic")
    if len(data) < _HEADER_AT:
        raise Malformed("truncated")
    length: int = _U32.unpack_from(data, len(MAGIC))[0]
    if length > MAX_HEADER:
        raise Malformed("too-large")
    if len(data) < _HEADER_AT + length + SIGNATURE_LENGTH:
        raise Malformed("truncated")
    return _HEADER_AT + length


def _parent(value: Wire) -> Parent:
    items = shapes.array(value, 3)
    return shapes.b16(items[0]), shapes.uint(items[1], 1, MAX_SEQ), shapes.b32(items[2])


def _app(value: Wire) -> str:
    app = shapes.text(value)
    if has_refused_code_point(app):
        raise Malformed("code-point")
    if len(app.encode()) > MAX_APP:
        raise Malformed("range")
    return app


def _check_header(header: Header) -> None:
    if (header.seq == 1) != (header.prev == Z):
        raise Malformed("shape")
    if len(header.parents) > 1:
        shapes.ascending([parent[0] for parent in header.parents])
    if over_ratio(header.plain_len, header.body_len):
        raise Malformed("ratio")


def _deflate(plain: bytes, level: int) -> bytes:
    body = zlib.compress(plain, level)
    return zlib.compress(plain, 0) if over_ratio(len(plain), len(body)) else body


def _inflate(body: bytes, plain_len: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        # One byte more than stated, so that a longer stream shows without being unpacked.
        plain = inflater.decompress(body, plain_len + 1)
    except zlib.error as error:
        raise Malformed("inflate") from error
    whole = inflater.eof and not inflater.unused_data and not inflater.unconsumed_tail
    if not whole or len(plain) != plain_len:
        raise Malformed("inflate")
    return plain


def _read_plain(plain: bytes, n_ops: int) -> Body:
    devs_wire, ops_wire = shapes.array(decode(plain, max_bytes=MAX_PLAIN), 2)
    devs = shapes.array_of(devs_wire, shapes.b16, MAX_DEVS)
    shapes.ascending(devs)
    ops = [_operation(op) for op in shapes.array(ops_wire)]
    if len(ops) != n_ops or n_ops > MAX_OPS:
        raise Malformed("range")
    return Body(devs, ops)


def _operation(value: Wire) -> list[Wire]:
    op = shapes.array(value)
    if len(op) < _MIN_OP:
        raise Malformed("shape")
    shapes.uint(op[0])
    shapes.uint(op[1])
    return op
