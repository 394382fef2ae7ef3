"""Sections 3 to 10 of docs/change-set-format.md: every kind of file, read from that page alone."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from tests.format_reader.encoding import RefusedError, Value, decode, encode

Z: Final = bytes(32)
INT_MAX: Final = 2**63 - 1
SEQ_MAX: Final = 2**32 - 1
Check = Callable[[Value], object]
First = TypeVar("First", int, bytes)


def digest(domain: str, *parts: bytes) -> bytes:
    """The page's H."""
    return hashlib.sha256(b"\0".join([domain.encode(), b""]) + b"".join(parts)).digest()


def read_segment(content: bytes) -> tuple[list[Value], Value]:
    """Return the header and, unless the body is encrypted, `[devs, ops]`."""
    header_bytes, rest = _framed(content, b"CDSEG\x01\r\n", 16_384)
    header = segment_header(header_bytes)
    signature, body = rest[:64], rest[64:]
    _require(len(signature) == 64 and len(body) == header[14], "length")
    _require(hashlib.sha256(body).digest() == header[15], "body hash")
    _require(_signed(b"collabdesk/seg/1\0" + header_bytes, signature, _bytes(header[2])), "sig")
    return header, None if header[13] is not None else _plain(body, header)


def segment_header(content: bytes) -> list[Value]:
    """Return the header's 19 fields."""
    header = _array(decode(content, 16_384), 19)
    _uint(header[0], 1, 1)
    for place in (1, 2, 4, 15, 17):
        _b(32)(header[place])
    _uint(header[3], 1, SEQ_MAX)
    _require((header[4] == Z) == (header[3] == 1), "prev")
    parents = [_row(parent, _b(16), _seq1, _b(32)) for parent in _array(header[5])]
    _require(len(parents) <= 256, "parents")
    _asc(parents, _first_bytes)
    _uint(header[6], 1)
    _uint(header[7], 0, 2**53)
    _require(len(_text(header[8]).encode()) <= 32, "app")
    _uint(header[9])
    for place in (10, 11):
        _row(header[place], _uint, _b(32))
    _b(16)(header[12])
    _nullable(_b(16))(header[13])
    body_len, plain_len = _uint(header[14], 0, 2**20), _uint(header[16], 0, 2**23)
    _require(plain_len <= 65_536 or plain_len <= 64 * body_len, "ratio")
    _uint(header[18], 0, 5_000)
    return header


def segment_id(header_bytes: bytes) -> bytes:
    """Return the id of a segment."""
    return digest("collabdesk/seg-id/1", header_bytes)


def read_record(content: bytes) -> tuple[list[Value], bytes, list[bytes]]:
    """Return the record, its id and the keys whose signatures count."""
    record_bytes, rest = _framed(content, b"CDCTL\x01\r\n", 65_536)
    count = int.from_bytes(rest[:2], "big")
    _require(len(rest) == 2 + 96 * count and count <= 64, "signatures")
    entries = [rest[at : at + 96] for at in range(2, len(rest), 96)]
    keys = [entry[:32] for entry in entries]
    _require(keys == sorted(set(keys)), "order of keys")
    record = _array(decode(record_bytes, 65_536))
    _require(len(record) >= 2, "record")
    _uint(record[0], 1, 1)
    RECORDS[_uint(record[1], 0, 5)](record)
    if record[1] == 5:
        _require(count == 0, "proof")
    message = b"collabdesk/ctl-sig/1\0" + record_bytes
    signers = [
        entry[:32]
        for entry in entries
        if sodium.crypto_core_ed25519_is_valid_point(entry[:32])
        and _signed(message, entry[32:], entry[:32])
    ]
    return record, digest("collabdesk/ctl/1", record_bytes), signers


def proof_holds(record: list[Value]) -> bool:
    """Tell whether both signatures of a proof hold."""
    pairs = [(_bytes(record[at]), _bytes(record[at + 1])) for at in (3, 5)]
    return all(
        _signed(b"collabdesk/seg/1\0" + header, signature, _bytes(segment_header(header)[2]))
        for header, signature in pairs
    )


def read_join(content: bytes) -> list[Value]:
    """Return the fields of a join request."""
    _require(len(content) <= 2_048, "size")
    inner, signature = _framed(content, b"CDJOI\x01\r\n", 2_048)
    request = _array(decode(inner, 2_048), 9)
    _uint(request[0], 1, 1)
    _b(32)(request[1])
    key = _sound(request[2])
    _nullable(_b(32))(request[3])
    for field in request[4:]:
        _text(field)
    _require(len(signature) == 64, "length")
    _require(_signed(b"collabdesk/join/1\0" + inner, signature, key), "signature")
    return request


def read_sealed(  # noqa: PLR0913 - a reader and a place
    content: bytes,
    ws: bytes,
    table: int,
    column: int,
    *,
    dev16: bytes,
    secret: bytes,
    author: bytes | None = None,
) -> Value:
    """Return the value for the reader with this X25519 secret key.

    `author` is the dev16 that wrote the cell; without it the bytes are read for themselves.
    """
    sealed = _array(decode(content, 65_536), 5)
    _uint(sealed[0], 1, 1)
    _b(32)(sealed[1])
    boxes = [_row(box, _b(16), _bytes) for box in _array(sealed[2])]
    _asc(boxes, _first_bytes)
    nonce, ciphertext = _b(24)(sealed[3]), _bytes(sealed[4])
    mine = [_bytes(box[1]) for box in boxes if box[0] == dev16]
    _require(bool(mine), "no box")
    context = b"collabdesk/sealed/1\0" + ws + table.to_bytes(4, "big") + column.to_bytes(4, "big")
    try:
        public = sodium.crypto_scalarmult_base(secret)
        item_key = sodium.crypto_box_seal_open(mine[0], public, secret)
        _require(digest("collabdesk/item/1", item_key) == sealed[1], "key hash")
        where = table.to_bytes(4, "big") + column.to_bytes(4, "big")
        for dev in [] if author is None else [author]:
            mark = digest("collabdesk/sealed-nonce/1", item_key, dev, where)
            _require(mark[:24] == nonce, "author")
        plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            ciphertext, context, nonce, item_key
        )
    except (CryptoError, ValueError, TypeError) as error:
        raise RefusedError("cannot be opened") from error
    return decode(plain, 65_536)


def read_blob(value: bytes, chunks: Sequence[bytes]) -> bytes:
    """Return the blob a cell names, given its chunk files."""
    _require(len(value) % 32 == 0 and len(value) <= 65_536, "value")
    _require(all(len(chunk) <= 2**23 for chunk in chunks), "chunk size")
    named = [value[at : at + 32] for at in range(0, len(value), 32)]
    _require(named == [hashlib.sha256(chunk).digest() for chunk in chunks], "chunks")
    return b"".join(chunks)


def base32(content: bytes) -> str:
    """The page's base32."""
    return base64.b32encode(content).decode().strip("=").lower()


def devhash(key: bytes) -> bytes:
    """Return the digest of a device's key."""
    return digest("collabdesk/dev/1", key)


def paths(slot: str, key: bytes, seq: int, identity: bytes) -> tuple[str, str]:
    """Return where a segment lies, at home and healed."""
    name = base32(identity)[:26]
    home = f"o/{slot}/d/{base32(devhash(key))[:26]}/{seq // 256:06}/{seq:010}-{name}.cds"
    return home, f"o/{slot}/h/{name}.cds"


def record_path(slot: str, content: bytes) -> str:
    """Return where a record file lies."""
    return f"o/{slot}/c/{base32(digest('collabdesk/file/1', content))[:26]}.cdc"


def word_numbers(content: bytes) -> list[int]:
    """Return the eight places in the word list that a digest names."""
    bits = "".join(f"{byte:08b}" for byte in content)
    return [int(bits[at : at + 11], 2) for at in range(0, 88, 11)]


def row_id(key: bytes, seq: int, idx: int) -> bytes:
    """Return the id of the row an insert makes."""
    return digest("collabdesk/row/1", key, seq.to_bytes(8, "big"), idx.to_bytes(4, "big"))[:16]


def approve_digest(table: int, row: bytes, cells: Value) -> bytes:
    """Return the digest of approved cells."""
    return digest("collabdesk/approve/1", encode([table, row, cells]))


def journal_hash(fields: list[Value]) -> bytes:
    """Return the hash of `[prev, term, number, source, inserts]`."""
    return digest("collabdesk/journal/1", encode(fields))


def state_root(rows: list[Value], signed: list[Value], withheld: list[Value]) -> bytes:
    """Return the root of three series, in order; a withheld dot still names its segment."""
    lines = [encode(item) for item in rows + signed]
    for item in withheld:
        dev16, seq, _, idx, number = _array(item, 5)
        lines.append(encode([dev16, seq, idx, number]))
    return hashlib.sha256(b"collabdesk/state/1\0" + b"".join(lines)).digest()


def control_head(fields: list[Value]) -> bytes:
    """Return the digest of `[n, epoch id, rosters, suspensions, forks]`."""
    return digest("collabdesk/control/1", encode(fields))


def _framed(content: bytes, magic: bytes, limit: int) -> tuple[bytes, bytes]:
    _require(content.startswith(magic) and len(content) >= 12, "magic")
    length = int.from_bytes(content[8:12], "big")
    _require(length <= limit and len(content) >= 12 + length, "length")
    return content[12 : 12 + length], content[12 + length :]


def _plain(body: bytes, header: list[Value]) -> Value:
    unpacker, size = zlib.decompressobj(), _uint(header[16])
    try:
        plain = unpacker.decompress(body, size + 1)
    except zlib.error as error:
        raise RefusedError("zlib") from error
    _require(unpacker.eof and not unpacker.unused_data and len(plain) == size, "unpacked size")
    _require(hashlib.sha256(plain).digest() == header[17], "plain hash")
    devs, ops = _array(decode(plain, 2**23), 2)
    names = [_b(16)(name) for name in _array(devs)]
    _require(len(names) <= 512 and names == sorted(set(names)), "devs")
    _require(len(_array(ops)) == header[18], "number of operations")
    for op in map(_array, _array(ops)):
        _require(len(op) >= 2, "operation")
        _uint(op[0])
        _uint(op[1])
    return [devs, ops]


def _epoch(record: list[Value]) -> None:
    _array(record, 16)
    _row(record[2:6], _b(32), _uint, _b(32), _attempt)
    _uint(record[6])
    lead = _b(16)(record[7])
    orgs = [_org(entry) for entry in _array(record[8])]
    _require(bool(orgs) and orgs[0][0] == lead, "lead")
    _require(all(entry[0] != lead for entry in orgs[1:]), "lead twice")
    _asc(orgs[1:], _first_bytes)
    admins = [key for entry in orgs for key in _array(entry[3])]
    _require(len(admins) == len({_bytes(key) for key in admins}), "admin of two")
    _roles(record[9])
    for threshold in _array(record[10]):
        _row(threshold, _uint, _uint, _uint, _uint)
    _uint(record[11])
    _points(record[12])
    _ids(record[13])
    _points(record[14])
    _text(record[15])


def _genesis(record: list[Value]) -> None:
    _array(record, 17)
    _b(16)(record[16])
    _epoch(record[:16])
    expected: list[Value] = [Z, 0, Z, 0, 1]
    _require(record[2:7] == expected and len(_array(record[8])) == 1, "genesis")
    _require(record[12:15] == [[], [], []], "genesis lists")


def _org(value: Value) -> list[Value]:
    entry = _row(value, _b(16), _text, _text, _array, _uint, _numbers, _pin)
    admins = [_sound(key) for key in _array(entry[3])]
    _require(admins == sorted(set(admins)), "admins")
    _uint(entry[4], 1, len(admins))
    return entry


def _roles(value: Value) -> None:
    roles = [_row(role, _uint, _array) for role in _array(value)]
    _asc(roles, _first_number)
    for role in roles:
        areas = [_row(area, _uint, _uint, _uint) for area in _array(role[1])]
        _asc(areas, _first_number)


def _roster(record: list[Value]) -> None:
    _array(record, 11)
    _row(record[2:6], _b(32), _b(16), _uint, _b(32))
    _require(record[4] != 0 or (record[2] == Z and record[5] == Z), "roster 0")
    _asc([_row(person, _b(16), _text) for person in _array(record[6])], _first_bytes)
    device = (_sound, _nullable(_b(32)), _b(16), _text, _numbers, _nullable(_sound))
    _asc([_row(entry, *device) for entry in _array(record[7])], _first_bytes)
    _points(record[8])
    _ids(record[9])
    for term in _array(record[10]):
        _row(term, _sound, _nullable(_end))


def _suspension(record: list[Value]) -> None:
    _array(record, 10)
    _row(record[2:5], _b(32), _b(16), _sound)
    _end(record[5:7])
    _row(record[7:], _uint, _text, _uint)


def _void(record: list[Value]) -> None:
    _array(record, 7)
    _row(record[2:], _b(32), _b(16), _b(32), _attempt, _attempt)
    _require(_uint(record[5]) <= _uint(record[6]), "from after to")


def _proof(record: list[Value]) -> None:
    _array(record, 7)
    _row(record[2:], _b(32), _bytes, _b(64), _bytes, _b(64))
    one, two = _bytes(record[3]), _bytes(record[5])
    a, b = segment_header(one), segment_header(two)
    _require(a[1:4] == b[1:4] and a[1] == record[2], "not of one place")
    _sound(a[2])
    _require(segment_id(one) < segment_id(two), "order of ids")


RECORDS: Final = (_genesis, _epoch, _roster, _suspension, _void, _proof)


def _require(held: bool, rule: str) -> None:
    if not held:
        raise RefusedError(rule)


def _array(value: Value, length: int | None = None) -> list[Value]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise RefusedError("array")
    return value


def _row(value: Value, *checks: Check) -> list[Value]:
    row = _array(value, len(checks))
    for element, check in zip(row, checks, strict=True):
        check(element)
    return row


def _uint(value: Value, low: int = 0, high: int = INT_MAX) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise RefusedError("number")
    return value


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise RefusedError("bytes")
    return value


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise RefusedError("text")
    return value


def _b(length: int) -> Callable[[Value], bytes]:
    def check(value: Value) -> bytes:
        _require(len(_bytes(value)) == length, "length of bytes")
        return _bytes(value)

    return check


def _nullable(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _seq1(value: Value) -> int:
    return _uint(value, 1, SEQ_MAX)


def _attempt(value: Value) -> int:
    return _uint(value, 0, 65_535)


def _pin(value: Value) -> list[Value]:
    return _row(value, _uint, _b(32))


def _sound(value: Value) -> bytes:
    key = _b(32)(value)
    _require(sodium.crypto_core_ed25519_is_valid_point(key), "key")
    return key


def _end(value: Value) -> None:
    seq, identity = _array(value, 2)
    _require((_uint(seq, 0, SEQ_MAX) == 0) == (_b(32)(identity) == Z), "place in a chain")


def _points(value: Value) -> None:
    points = _array(value)
    for point in points:
        _sound(_array(point, 3)[0])
        _end(_array(point)[1:])
    _asc([_array(point) for point in points], _first_bytes)


def _ids(value: Value) -> None:
    found = [_b(32)(identity) for identity in _array(value)]
    _require(found == sorted(set(found)), "order of ids")


def _numbers(value: Value) -> None:
    found = [_uint(number) for number in _array(value)]
    _require(found == sorted(set(found)), "order of numbers")


def _first_bytes(row: list[Value]) -> bytes:
    return _bytes(row[0])


def _first_number(row: list[Value]) -> int:
    return _uint(row[0])


def _asc(rows: Sequence[list[Value]], first: Callable[[list[Value]], First]) -> None:
    firsts = [first(row) for row in rows]
    _require(firsts == sorted(set(firsts)), "order")


def _signed(message: bytes, signature: bytes, key: bytes) -> bool:
    try:
        sodium.crypto_sign_open(signature + message, key)
    except CryptoError:
        return False
    return True
