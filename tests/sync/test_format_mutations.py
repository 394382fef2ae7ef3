"""No damaged or dishonest file passes, and both readers say so of every one."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from collabdesk.errors import CollabDeskError
from collabdesk.sync import blobs, codec, join, sealed, segment
from collabdesk.sync import records as control
from collabdesk.sync.hashing import sha256
from tests.data.format import make_vectors as world
from tests.format_reader import encoding, reader
from tests.sync import mutants
from tests.sync.format_vectors import listed, load

KEYS = {bytes(key.verify_key): key for key in (world.LEAD, world.PARTNER, world.THIRD)}
REFUSED = "refused"
Outcome = Any
Read = Callable[[bytes], Outcome]


def our_segment(content: bytes) -> Outcome:
    found = segment.read(content)
    if not segment.verify(found):
        return REFUSED
    if found.header.enc_key_id is not None:
        return listed(found.header.to_wire()), None
    body = segment.open_body(found)
    return listed(found.header.to_wire()), listed([body.devs, body.ops])


def our_record(content: bytes) -> Outcome:
    found = control.read_file(content)
    record = control.read_record(found.record_bytes)
    signers = sorted(control.valid_signers(found))
    holds = isinstance(record, control.Proof) and record.holds()
    return listed(record.to_wire()), signers, holds


def their_record(content: bytes) -> Outcome:
    record, _, signers = reader.read_record(content)
    return record, signers, record[1] == 5 and reader.proof_holds(record)


def our_join(content: bytes) -> Outcome:
    request = join.read_join(content)
    return [request.ws, request.key, request.seal_key, request.person, request.org_name]


def their_join(content: bytes) -> Outcome:
    return reader.read_join(content)[1:6]


def their_segment(content: bytes) -> Outcome:
    return reader.read_segment(content)


def outcome(read: Read, content: bytes) -> Outcome:
    try:
        return read(content)
    except (CollabDeskError, encoding.RefusedError):
        return REFUSED


def typed(value: Outcome) -> Outcome:
    """Tell true from 1, which Python takes for equal."""
    if isinstance(value, (list, tuple)):
        return [typed(item) for item in value]
    return type(value), value


def both(ours: Read, theirs: Read, content: bytes, name: str) -> Outcome:
    one, other = outcome(ours, content), outcome(theirs, content)
    assert typed(one) == typed(other), name
    return one


def files(name: str) -> list[Any]:
    return [pytest.param(bytes.fromhex(item["file"]), id=item["name"]) for item in load(name)]


@pytest.mark.parametrize("content", files("segments"))
def test_a_damaged_segment_is_refused_by_both(content: bytes) -> None:
    for name, mutant in mutants.damaged(content):
        assert both(our_segment, their_segment, mutant, name) == REFUSED, name


@pytest.mark.parametrize("content", files("joins"))
def test_a_damaged_join_request_is_refused_by_both(content: bytes) -> None:
    for name, mutant in mutants.damaged(content):
        assert both(our_join, their_join, mutant, name) == REFUSED, name


@pytest.mark.parametrize("vector", load("records"), ids=lambda vector: vector["name"])
def test_a_damaged_record_is_refused_or_loses_a_signature(vector: dict[str, Any]) -> None:
    content = bytes.fromhex(vector["file"])
    golden = outcome(our_record, content)
    for name, mutant in mutants.damaged(content):
        found = both(our_record, their_record, mutant, name)
        if found == REFUSED:
            continue
        record, signers, holds = found
        assert record == golden[0] or not (signers or holds), name
        weaker = set(signers) < set(golden[1]) or holds < golden[2]
        # Where one signature is broken already, breaking it further changes nothing.
        assert weaker or (vector["name"] == "one-signature-fails" and found == golden), name


@pytest.mark.parametrize("vector", load("sealed"))
def test_a_damaged_sealed_value_opens_for_nobody_it_should_not(vector: dict[str, Any]) -> None:
    place = (bytes.fromhex(vector["ws"]), vector["table"], vector["column"])
    readers = [(bytes.fromhex(w["dev16"]), bytes.fromhex(w["secret"])) for w in vector["readers"]]

    def ours(content: bytes, dev16: bytes, secret: bytes) -> Outcome:
        key = PrivateKey(secret)
        return sealed.open_with(sealed.item_key_of(content, dev16, key), content, *place)

    def theirs(content: bytes, dev16: bytes, secret: bytes) -> Outcome:
        return reader.read_sealed(content, *place, dev16=dev16, secret=secret)

    content = bytes.fromhex(vector["file"])
    made = [
        *mutants.damaged(content),
        *mutants.uncanonical(content),
        *mutants.other_values(content),
    ]
    for name, mutant in made:
        seen = []
        for who in readers:
            one = outcome(lambda data, who=who: ours(data, *who), mutant)  # type: ignore[misc]
            other = outcome(lambda data, who=who: theirs(data, *who), mutant)  # type: ignore[misc]
            assert one == other, name
            seen.append(one)
        # Damage to one reader's box leaves the other's value whole; nobody reads another value.
        assert set(seen) <= {REFUSED, vector["value"]}, name
        assert REFUSED in seen, name


@pytest.mark.parametrize("vector", load("blobs"))
def test_a_damaged_or_swapped_blob_is_refused_by_both(vector: dict[str, Any]) -> None:
    value, chunks = bytes.fromhex(vector["value"]), [bytes.fromhex(c) for c in vector["files"]]
    cases = [(value + b"\x00", chunks), (value, [*chunks, b"more"])]
    for at, chunk in enumerate(chunks):
        flips = mutants.damaged(chunk)
        cases += [(value, [*chunks[:at], bad, *chunks[at + 1 :]]) for _, bad in flips]
    cases += [(bad, chunks) for _, bad in mutants.damaged(value)] if chunks else []
    cases += [(value, chunks[::-1])] if chunks else []
    for wrong, parts in cases:
        with pytest.raises(encoding.RefusedError):
            reader.read_blob(wrong, parts)
        with pytest.raises(codec.Malformed):
            _join_in_order(wrong, parts)


def _join_in_order(value: bytes, parts: list[bytes]) -> None:
    waiting = iter(parts)
    for _ in blobs.reassemble(value, lambda _: next(waiting, b"")):
        pass
    if next(waiting, None) is not None:
        raise codec.Malformed("blob")


def resigned_headers(
    content: bytes, made: Iterator[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the file with other headers, each signed by the author itself."""
    found = segment.read(content)
    key = KEYS[found.header.dev]
    for name, header in made:
        signature = key.sign(segment.SIGNATURE_DOMAIN + header).signature
        length = struct.pack(">I", len(header))
        yield name, segment.MAGIC + length + header + signature + found.body


def resigned_bodies(
    content: bytes, made: Iterator[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the file with other bodies, each packed, hashed and signed by the author itself."""
    found = segment.read(content)
    for name, plain in made:
        body = zlib.compress(plain, 1)
        header = found.header.to_wire()
        header[14:18] = [len(body), sha256(body), len(plain), sha256(plain)]
        yield name, signed_segment(KEYS[found.header.dev], header, body)


def signed_segment(key: SigningKey, header: list[codec.Encodable], body: bytes) -> bytes:
    header_bytes = encoding.encode(listed(header))
    signature = key.sign(segment.SIGNATURE_DOMAIN + header_bytes).signature
    return segment.MAGIC + struct.pack(">I", len(header_bytes)) + header_bytes + signature + body


@pytest.mark.parametrize("content", files("segments"))
def test_a_signed_header_in_another_encoding_is_refused_by_both(content: bytes) -> None:
    header = segment.read(content).header_bytes
    for name, mutant in resigned_headers(content, mutants.uncanonical(header)):
        assert both(our_segment, their_segment, mutant, name) == REFUSED, name


@pytest.mark.parametrize("content", files("segments"))
def test_both_judge_signed_headers_with_other_values_alike(content: bytes) -> None:
    header = segment.read(content).header_bytes
    for name, mutant in resigned_headers(content, mutants.other_values(header)):
        both(our_segment, their_segment, mutant, name)


@pytest.mark.parametrize("content", files("segments")[:3])
def test_a_signed_body_in_another_encoding_is_refused_by_both(content: bytes) -> None:
    found = segment.read(content)
    plain = zlib.decompress(found.body)
    for name, mutant in resigned_bodies(content, mutants.uncanonical(plain)):
        assert both(our_segment, their_segment, mutant, name) == REFUSED, name


@pytest.mark.parametrize("content", files("segments")[:3])
def test_both_judge_signed_bodies_with_other_values_alike(content: bytes) -> None:
    plain = zlib.decompress(segment.read(content).body)
    for name, mutant in resigned_bodies(content, mutants.other_values(plain)):
        both(our_segment, their_segment, mutant, name)


@pytest.mark.parametrize("content", files("segments")[:1])
def test_a_signed_body_of_too_many_values_is_refused_by_both(content: bytes) -> None:
    def plain(values: int) -> bytes:
        return b"\x82\x80\x81\x83\x01\x01" + encoding.head(4, values) + b"\x80" * values

    most = (codec.MAX_WEIGHT - 11 - 16 * 7) // 17
    found = segment.read(content)
    for values, refused in ((most, False), (most + 1, True)):
        body = zlib.compress(plain(values), 0)
        header = found.header.to_wire()
        length = len(plain(values))
        header[14:19] = [len(body), sha256(body), length, sha256(plain(values)), 1]
        made = signed_segment(KEYS[found.header.dev], header, body)
        assert (both(our_segment, their_segment, made, str(values)) == REFUSED) is refused


def resigned_records(
    content: bytes, made: Iterator[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the file with other records, signed by the same keys themselves."""
    signers = [KEYS[key] for key, _ in control.read_file(content).signatures]
    for name, record in made:
        pairs = control.sign_record(record, *signers).signatures
        tail = struct.pack(">H", len(pairs)) + b"".join(key + mark for key, mark in pairs)
        yield name, control.MAGIC + struct.pack(">I", len(record)) + record + tail


@pytest.mark.parametrize("content", files("records"))
def test_a_signed_record_in_another_encoding_is_refused_by_both(content: bytes) -> None:
    record = control.read_file(content).record_bytes
    for name, mutant in resigned_records(content, mutants.uncanonical(record)):
        assert both(our_record, their_record, mutant, name) == REFUSED, name


@pytest.mark.parametrize("content", files("records"))
def test_both_judge_signed_records_with_other_values_alike(content: bytes) -> None:
    record = control.read_file(content).record_bytes
    for name, mutant in resigned_records(content, mutants.other_values(record)):
        both(our_record, their_record, mutant, name)


@pytest.mark.parametrize("content", files("joins"))
def test_both_judge_signed_join_requests_alike(content: bytes) -> None:
    inner = content[12:-64]
    key = KEYS[join.read_join(content).key]
    for name, other in mutants.other_values(inner):
        both(our_join, their_join, signed_join(key, other), name)
    for name, other in mutants.uncanonical(inner):
        assert both(our_join, their_join, signed_join(key, other), name) == REFUSED, name


def signed_join(key: SigningKey, inner: bytes) -> bytes:
    signature = key.sign(join.SIGNATURE_DOMAIN + inner).signature
    return join.MAGIC + struct.pack(">I", len(inner)) + inner + signature


def test_parts_of_two_good_files_do_not_make_a_third() -> None:
    one, two = (bytes.fromhex(load("segments")[at]["file"]) for at in (0, 3))
    a, b = segment.read(one), segment.read(two)
    length_a, length_b = (struct.pack(">I", len(part.header_bytes)) for part in (a, b))
    for header, length in ((a.header_bytes, length_a), (b.header_bytes, length_b)):
        for signature in (a.signature, b.signature):
            for body in (a.body, b.body):
                mixed = segment.MAGIC + length + header + signature + body
                found = both(our_segment, their_segment, mixed, "mixed")
                assert (found == REFUSED) == (mixed not in {one, two})
