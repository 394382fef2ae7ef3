"""A record is one of six shapes, its keys are sound, and only signatures that hold count."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import struct
from typing import Any

import nacl.bindings as sodium
import pytest
from nacl.signing import SigningKey

from collabdesk.sync import records as control
from collabdesk.sync.codec import Malformed, encode
from collabdesk.sync.hashing import Z
from tests.data.format import make_vectors as world
from tests.format_reader import encoding, reader

LOW_ORDER = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
WEAK_KEYS = {
    "identity": b"\x01" + bytes(31),
    "zero": bytes(32),
    "order-8": LOW_ORDER,
    "identity-signed": b"\x01" + bytes(30) + b"\x80",
    "over-p": bytes([0xEE]) + b"\xff" * 30 + b"\x7f",
    "off-curve": b"\x02" + bytes(31),
}
EPOCH = world.partners()
ROSTER = world.later_roster()
SUSPENSION = control.Suspension(world.WS, world.ORG_B, world.PARTNER_KEY, 3, b"\x01" * 32, 1, "", 0)
VOID = control.Void(world.WS, world.ORG, world.WS, 1, 2)
PROOF = world.clash()
B, C = world.PARTNER_KEY, world.THIRD_KEY


def refused(record: control.Record) -> str:
    """Return why our own writer and both readers refuse a record."""
    with pytest.raises(Malformed) as caught:
        control.encode_record(record)
    record_bytes = encode(record.to_wire())
    data = control.MAGIC + struct.pack(">I", len(record_bytes)) + record_bytes + b"\x00\x00"
    with pytest.raises(Malformed):
        control.read_file(data)
    with pytest.raises(encoding.RefusedError):
        reader.read_record(data)
    return caught.value.code


def org(entry: int, **changes: Any) -> control.Epoch:  # noqa: ANN401
    """Return the epoch with one organisation's entry changed."""
    orgs = list(EPOCH.orgs)
    orgs[entry] = dataclasses.replace(orgs[entry], **changes)
    return dataclasses.replace(EPOCH, orgs=tuple(orgs))


def device(**changes: Any) -> control.Roster:  # noqa: ANN401
    """Return the roster with one laptop, changed."""
    changed = dataclasses.replace(ROSTER.devices[0], **changes)
    return dataclasses.replace(ROSTER, devices=(changed,))


@pytest.mark.parametrize("record", [world.GENESIS, EPOCH, ROSTER, SUSPENSION, VOID, PROOF])
def test_a_record_reads_back(record: control.Record) -> None:
    assert control.read_record(control.encode_record(record)) == record


@pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS)
@pytest.mark.parametrize("place", ["admin", "cut", "landmark", "device", "replaces", "term", "key"])
def test_no_record_names_an_unsound_key(key: bytes, place: str) -> None:
    point = (control.ChainPoint(key, 0, Z),)
    made: dict[str, control.Record] = {
        "admin": org(2, admins=(key,)),
        "cut": dataclasses.replace(EPOCH, cuts=point),
        "landmark": dataclasses.replace(EPOCH, landmarks=point),
        "device": device(key=key),
        "replaces": device(replaces=key),
        "term": dataclasses.replace(ROSTER, terms=(control.Term(key, None),)),
        "key": dataclasses.replace(SUSPENSION, key=key),
    }
    assert refused(made[place]) == "key"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (dataclasses.replace(EPOCH, orgs=()), "order"),
        (dataclasses.replace(EPOCH, orgs=EPOCH.orgs[1:]), "order"),
        (dataclasses.replace(EPOCH, orgs=(EPOCH.orgs[0], *EPOCH.orgs[:0:-1])), "order"),
        (dataclasses.replace(EPOCH, orgs=(*EPOCH.orgs, EPOCH.orgs[0])), "order"),
        (dataclasses.replace(EPOCH, orgs=(*EPOCH.orgs, EPOCH.orgs[2])), "order"),
        (org(1, admins=(C,)), "order"),
        (org(1, admins=tuple(sorted([B, C], reverse=True))), "order"),
        (org(1, k_org=0), "range"),
        (org(1, k_org=2), "range"),
        (org(1, admins=()), "range"),
        (org(1, grants=(2, 1)), "order"),
        (org(1, grants=(1, 1)), "order"),
        (org(1, org=b"short"), "shape"),
        (org(1, pin=(-1, Z)), "range"),
        (dataclasses.replace(EPOCH, attempt=65_536), "range"),
        (dataclasses.replace(EPOCH, roles=EPOCH.roles[::-1]), "order"),
        (
            dataclasses.replace(
                EPOCH, roles=(dataclasses.replace(EPOCH.roles[0], areas=EPOCH.roles[0].areas * 2),)
            ),
            "order",
        ),
        (dataclasses.replace(EPOCH, thresholds=(control.Threshold(-1, 1, 1, 1),)), "range"),
        (dataclasses.replace(EPOCH, cuts=EPOCH.cuts * 2), "order"),
        (dataclasses.replace(EPOCH, landmarks=EPOCH.landmarks[::-1]), "order"),
        (dataclasses.replace(EPOCH, cuts=(control.ChainPoint(B, 1, Z),)), "shape"),
        (dataclasses.replace(EPOCH, cuts=(control.ChainPoint(B, 0, b"\x01" * 32),)), "shape"),
        (dataclasses.replace(EPOCH, lifts=EPOCH.lifts[::-1]), "order"),
        (dataclasses.replace(EPOCH, note="\u202e"), "code-point"),
        (control.Genesis(dataclasses.replace(world.GENESIS.epoch, n=1), world.SALT), "shape"),
        (control.Genesis(dataclasses.replace(world.GENESIS.epoch, k=2), world.SALT), "shape"),
        (
            control.Genesis(
                dataclasses.replace(world.GENESIS.epoch, lifts=(b"\x01" * 32,)), world.SALT
            ),
            "shape",
        ),
        (
            control.Genesis(
                dataclasses.replace(world.GENESIS.epoch, cuts=(control.ChainPoint(B, 0, Z),)),
                world.SALT,
            ),
            "shape",
        ),
        (
            control.Genesis(
                dataclasses.replace(world.GENESIS.epoch, landmarks=(control.ChainPoint(B, 0, Z),)),
                world.SALT,
            ),
            "shape",
        ),
        (control.Genesis(dataclasses.replace(EPOCH, ws=Z), world.SALT), "shape"),
        (control.Genesis(world.GENESIS.epoch, b""), "shape"),
        (dataclasses.replace(world.ROSTER_0, ws=world.WS), "shape"),
        (dataclasses.replace(world.ROSTER_0, prev=world.WS), "shape"),
        (dataclasses.replace(ROSTER, persons=ROSTER.persons[::-1]), "order"),
        (dataclasses.replace(ROSTER, devices=ROSTER.devices[::-1]), "order"),
        (device(seal_key=b"short"), "shape"),
        (device(roles=(2, 1)), "order"),
        (dataclasses.replace(ROSTER, terms=(control.Term(B, (0, b"\x01" * 32)),)), "shape"),
        (dataclasses.replace(SUSPENSION, seq=0), "shape"),
        (dataclasses.replace(SUSPENSION, seq=2**32), "range"),
        (dataclasses.replace(VOID, first=3), "range"),
        (dataclasses.replace(VOID, last=65_536), "range"),
        (dataclasses.replace(PROOF, ws=world.ORG * 2), "shape"),
        (dataclasses.replace(PROOF, signature_a=b""), "shape"),
        (dataclasses.replace(PROOF, header_a=PROOF.header_b, header_b=PROOF.header_a), "order"),
        (dataclasses.replace(PROOF, header_a=PROOF.header_b), "order"),
        (dataclasses.replace(PROOF, header_a=b"\x80"), "shape"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused(record: control.Record, code: str) -> None:
    assert refused(record) == code


def test_a_proof_is_about_one_number_of_one_laptop() -> None:
    later = reader.segment_header(PROOF.header_a)
    later[3], later[4] = 2, world.WS
    headers = sorted([encode(later), PROOF.header_b], key=reader.segment_id)
    assert refused(dataclasses.replace(PROOF, header_a=headers[0], header_b=headers[1])) == "shape"


def test_a_proof_names_a_sound_key() -> None:
    made = []
    for header in (PROOF.header_a, PROOF.header_b):
        wire = reader.segment_header(header)
        wire[2] = LOW_ORDER
        made.append(encode(wire))
    one, two = sorted(made, key=reader.segment_id)
    assert refused(dataclasses.replace(PROOF, header_a=one, header_b=two)) == "key"


def test_the_lead_stands_first_and_nowhere_else() -> None:
    lead, second, third = EPOCH.orgs
    again = dataclasses.replace(third, admins=(bytes(SigningKey(b"\x04" * 32).verify_key),))
    orgs = (third, lead, second)
    assert control.encode_record(dataclasses.replace(EPOCH, lead=third.org, orgs=orgs))
    assert refused(dataclasses.replace(EPOCH, lead=third.org, orgs=(*orgs, again))) == "order"


def test_bits_without_a_meaning_yet_are_kept() -> None:
    rights = control.RoleRights(1, (control.AreaRight(1, 2**62, 2**62),))
    record = dataclasses.replace(EPOCH, roles=(rights,))
    assert control.read_record(control.encode_record(record)) == record


def test_a_proof_holds_only_with_both_signatures() -> None:
    assert PROOF.holds()
    assert not dataclasses.replace(PROOF, signature_a=PROOF.signature_b).holds()
    assert not dataclasses.replace(PROOF, signature_b=bytes(64)).holds()


@pytest.mark.parametrize(
    "wire", [None, 1, [], [1], [1, 6], [2, 0], [1, -1], [1, True], [True, 4], [1, 4], [1, 0] * 9]
)
def test_bytes_of_no_kind_are_refused(wire: Any) -> None:  # noqa: ANN401
    with pytest.raises(Malformed):
        control.read_record(encode(wire))


def test_a_record_is_at_most_64_kib() -> None:
    note = "x" * 65_000
    assert control.encode_record(dataclasses.replace(world.GENESIS.epoch, note=note))
    assert refused(dataclasses.replace(EPOCH, note="x" * 65_500)) == "too-large"


def test_a_proof_of_the_longest_headers_fits_in_33_kib() -> None:
    ends = [struct.pack(">QQ", 0, n) for n in range(256)]
    headers = []
    for wall_ms in (1, 2):
        wire = reader.segment_header(PROOF.header_a)
        wire[5] = [[dev16, 2**32 - 1, b"\x01" * 32] for dev16 in ends]
        wire[7] = wall_ms
        headers.append(encode(wire))
    one, two = sorted(headers, key=reader.segment_id)
    record = control.encode_record(dataclasses.replace(PROOF, header_a=one, header_b=two))
    assert 2 * 14_000 < len(record) < 33 * 1024


def test_signatures_count_one_by_one() -> None:
    record_bytes = control.encode_record(EPOCH)
    signed = control.sign_record(record_bytes, world.THIRD, world.LEAD, world.PARTNER)
    assert [key for key, _ in signed.signatures] == sorted([world.LEAD_KEY, B, C])
    broken = tuple((key, bytes(64) if key == B else mark) for key, mark in signed.signatures)
    spoilt = control.RecordFile(record_bytes, broken)
    assert control.valid_signers(signed) == {world.LEAD_KEY, B, C}
    assert control.valid_signers(spoilt) == {world.LEAD_KEY, C}
    assert control.read_file(control.write_file(spoilt)) == spoilt


@pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS)
def test_an_unsound_key_signs_nothing(key: bytes) -> None:
    record_bytes = control.encode_record(VOID)
    forged = control.RecordFile(record_bytes, ((key, key + bytes(32)),))
    assert control.valid_signers(forged) == frozenset()


def mixed_order_signature(message: bytes) -> tuple[bytes, bytes]:
    """Return a key with a small-order part, and a signature under it that libsodium accepts."""
    secret = sodium.crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"secret").digest())
    sound = sodium.crypto_scalarmult_ed25519_base_noclamp(secret)
    key = sodium.crypto_core_ed25519_add(sound, LOW_ORDER)
    for attempt in itertools.count():
        nonce = sodium.crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"%d" % attempt).digest())
        point = sodium.crypto_scalarmult_ed25519_base_noclamp(nonce)
        hashed = hashlib.sha512(point + key + message).digest()
        challenge = sodium.crypto_core_ed25519_scalar_reduce(hashed)
        if challenge[0] % 8 == 0:
            break
    product = sodium.crypto_core_ed25519_scalar_mul(challenge, secret)
    return key, point + sodium.crypto_core_ed25519_scalar_add(nonce, product)


def test_a_mixed_order_key_signs_nothing_though_the_library_would_take_it() -> None:
    record_bytes = control.encode_record(VOID)
    message = b"collabdesk/ctl-sig/1\0" + record_bytes
    key, signature = mixed_order_signature(message)
    assert sodium.crypto_sign_open(signature + message, key) == message
    signed = control.RecordFile(record_bytes, ((key, signature),))
    assert control.valid_signers(signed) == frozenset()
    assert reader.read_record(control.write_file(signed))[2] == []
    assert refused(device(key=key)) == "key"


def test_a_signature_is_for_one_record_of_one_kind_of_file() -> None:
    record_bytes = control.encode_record(VOID)
    bare = world.LEAD.sign(record_bytes).signature
    other = control.sign_record(control.encode_record(SUSPENSION), world.LEAD).signatures
    for signatures in (((world.LEAD_KEY, bare),), other):
        assert control.valid_signers(control.RecordFile(record_bytes, signatures)) == frozenset()


def test_files_of_one_record_unite_and_lose_what_fails() -> None:
    record_bytes = control.encode_record(VOID)
    one = control.sign_record(record_bytes, world.LEAD)
    two = control.sign_record(record_bytes, world.PARTNER)
    spoilt = control.RecordFile(record_bytes, ((world.LEAD_KEY, bytes(64)), (C, bytes(64))))
    united = control.unite(one, two, spoilt)
    assert united == control.sign_record(record_bytes, world.LEAD, world.PARTNER)
    assert control.unite(spoilt).signatures == ()


def test_a_file_has_at_most_64_signatures_in_order() -> None:
    record_bytes = control.encode_record(VOID)
    keys = [SigningKey(struct.pack(">QQQQ", 0, 0, 0, n)) for n in range(65)]
    full = control.sign_record(record_bytes, *keys[:64])
    assert len(control.valid_signers(control.read_file(control.write_file(full)))) == 64
    for signatures in (
        control.sign_record(record_bytes, *keys).signatures,
        full.signatures[::-1],
        full.signatures[:1] * 2,
    ):
        with pytest.raises(Malformed):
            control.write_file(control.RecordFile(record_bytes, signatures))


def test_a_proof_is_signed_by_nobody() -> None:
    with pytest.raises(Malformed):
        control.write_file(control.sign_record(control.encode_record(PROOF), world.LEAD))


def test_a_file_is_as_long_as_it_says() -> None:
    data = control.write_file(control.sign_record(control.encode_record(VOID), world.LEAD))
    cases = {
        b"": "magic",
        data[:10]: "truncated",
        data[:40]: "truncated",
        data[:-1]: "truncated",
        data + b"\x00": "trailing-bytes",
        b"CDCTL\x02\r\n" + data[8:]: "magic",
        data[:8] + b"\x00\x01\x00\x01" + data[12:]: "too-large",
    }
    for wrong, code in cases.items():
        with pytest.raises(Malformed) as caught:
            control.read_file(wrong)
        assert caught.value.code == code
        with pytest.raises(encoding.RefusedError):
            reader.read_record(wrong)


def test_the_founding_records_have_the_golden_ids() -> None:
    genesis = control.encode_record(world.GENESIS)
    roster = control.encode_record(world.ROSTER_0)
    assert control.record_id(genesis).hex() == (
        "361a3c290441c68277eac33f9a9d49628a5d3fbf216ac4bc0aa3755703fb4838"
    )
    assert control.record_id(roster).hex() == (
        "92b2084aef53d6462f2eb2d91bb1c6f112a153e6d8b2f4247c74dfb972bcbf29"
    )
