"""The reference model itself, on worlds made by hand: it says what the protocol's page says."""

from __future__ import annotations

from tests.support.reference import Reference
from tests.sync.test_golden_world import REGISTRY, first_segment, records


def test_the_golden_world_has_the_golden_roots() -> None:
    roster, genesis = records()
    file = first_segment(roster, genesis)
    told = Reference(genesis.id, (roster, genesis), [file], REGISTRY)
    assert set(told.verdicts().values()) == {0}
    assert told.root.hex() == "0a3939e864bba6b8f83d68519a380db26b0740068ede1bce39c0d7c25d7d1e28"
    assert told.control_head.hex() == (
        "87a98066a25b6a7b178d2bd11d358d7636ac72227cd09877e1a77d95ee6d3fbc"
    )
