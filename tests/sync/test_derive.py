"""Ids, digests and roots follow from operations by calculation, the same everywhere."""

from __future__ import annotations

import hashlib

import pytest

from collabdesk.sync import derive
from collabdesk.sync.codec import encode
from collabdesk.sync.hashing import H
from tests.data.format import make_vectors as world

ROWS: list[derive.RowState] = [
    (10, world.ROW, world.ORG, False, [(1, [(world.LEAD_16, 1, 1, 123500)])]),
    (11, world.ROW, 4, True, []),
]
SIGNED: list[derive.SignedDot] = [(b"\x01" * 16, 1, b"\x02" * 32, 0)]
WITHHELD: list[derive.WithheldDot] = [
    (b"\x01" * 16, 1, b"\x02" * 32, 1, 24),
    (b"\x01" * 16, 1, b"\x03" * 32, 1, 22),
]


def test_the_golden_roots() -> None:
    cells: list[tuple[int, list[derive.Sibling]]] = [
        (1, [(world.LEAD_16, 1, 1, 123500)]),
        (2, [(world.LEAD_16, 1, 0, "Adult secure")]),
    ]
    rows: list[derive.RowState] = [(10, world.ROW, world.ORG, False, cells)]
    state = derive.state_root(rows, [], [])
    control = derive.control_head((0, world.WS), [(world.ORG, 0, world.ROSTER_0_ID)], [], [])
    assert state.hex() == "0a3939e864bba6b8f83d68519a380db26b0740068ede1bce39c0d7c25d7d1e28"
    assert control.hex() == "87a98066a25b6a7b178d2bd11d358d7636ac72227cd09877e1a77d95ee6d3fbc"
    assert derive.fingerprint(control, state) == H("collabdesk/fp/1", control + state)


def test_the_golden_row() -> None:
    assert derive.row_id(world.LEAD_KEY, 1, 0).hex() == "038e7fb663e827fc33280848f437c6e5"
    others = {derive.row_id(world.LEAD_KEY, seq, idx) for seq, idx in ((1, 1), (2, 0), (2**32, 0))}
    assert len(others | {world.ROW}) == 4


def test_a_state_root_is_one_hash_over_three_series() -> None:
    parts = [encode(row) for row in ROWS] + [encode(dot) for dot in SIGNED]
    parts += [encode([dev16, seq, idx, number]) for dev16, seq, _, idx, number in WITHHELD]
    expected = hashlib.sha256(b"collabdesk/state/1\0" + b"".join(parts)).digest()
    assert derive.state_root(iter(ROWS), iter(SIGNED), iter(WITHHELD)) == expected


def test_series_out_of_order_make_no_root() -> None:
    with pytest.raises(ValueError, match="out of order"):
        derive.state_root(ROWS[::-1], [], [])
    with pytest.raises(ValueError, match="out of order"):
        derive.state_root([], SIGNED * 2, [])
    with pytest.raises(ValueError, match="out of order"):
        derive.state_root([], [], WITHHELD[::-1])


def test_digests_cover_every_part() -> None:
    insert: list[list[object]] = [[1, 1, 30, world.ORG, [[1, -5]]]]
    one = derive.journal_hash(world.WS, 1, 1, None, insert)  # type: ignore[arg-type]
    fields = [world.WS, 1, 1, None, insert]
    assert one == H("collabdesk/journal/1", encode(fields))  # type: ignore[arg-type]
    assert one != derive.journal_hash(world.WS, 1, 1, (world.LEAD_16, 1, 0), [])
    approved = derive.approve_digest(10, world.ROW, [(1, world.LEAD_16, 1, 1, 5)])
    expected = encode([10, world.ROW, [[1, world.LEAD_16, 1, 1, 5]]])
    assert approved == H("collabdesk/approve/1", expected)
