"""Three laptops over a folder that fails in every way it knows: in the end, one truth."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collabdesk.domain.changes import Approve, Change, Delete, Resolve, SetCells, Undelete
from collabdesk.errors import CollabDeskError
from collabdesk.services.sharing.verify import verify
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import LINE, in_memory
from tests.support.faulty_store import Crashed, Fault, FaultyStore

RATES = dict.fromkeys(Fault, 25)
Plan = list[tuple[str, str, int, int]]
DESKS = ("lead", "a", "b")
STEPS = (
    "share",
    "share",
    "share",
    "insert",
    "set",
    "set",
    "set",
    "resolve",
    "delete",
    "undelete",
    "approve",
)


def one_step(desk: Desk, step: str, row: bytes | None, pence: int) -> bytes | None:
    """Let a laptop do something; what it may not do is refused in words."""
    if step == "share":
        with suppress(CollabDeskError, Crashed):
            desk.share()
        return None
    if step == "insert" or row is None:
        return desk.change(LINE)["line"]
    changes: dict[str, Change] = {
        "set": SetCells("plan_line", row, {"m1": pence}),
        "resolve": Resolve("plan_line", row, "m1", pence, "why"),
        "delete": Delete("plan_line", row),
        "undelete": Undelete("plan_line", row),
        "approve": Approve("plan_line", row, ("m1",)),
    }
    with suppress(CollabDeskError):
        desk.change(changes[step])
    return None


@given(
    seed=st.integers(0, 2**32),
    plan=st.lists(
        st.tuples(
            st.sampled_from(DESKS), st.sampled_from(STEPS), st.integers(0, 7), st.integers(0, 99)
        ),
        min_size=10,
        max_size=40,
    ),
)
@pytest.mark.timeout(900)
@settings(max_examples=6, suppress_health_check=[*HealthCheck])
def test_whatever_the_folder_does_all_hold_one_truth(
    founded: Alliance,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    plan: Plan,
) -> None:
    alliance = founded.copy_to(tmp_path_factory.mktemp("simulated") / "alliance")
    share = in_memory(alliance)
    stores = {name: FaultyStore(share, seed + at, RATES) for at, name in enumerate(DESKS)}
    for name, desk in alliance.desks.items():
        desk.store = stores[name]
    rows: list[bytes] = []
    for name, step, which, pence in plan:
        row = rows[which % len(rows)] if rows else None
        made = one_step(alliance.desks[name], step, row, pence)
        rows += [made] if made else []
    for store in stores.values():
        store.calm()
    alliance.share_all(4)
    assert len(alliance.roots) == 1
    for desk in alliance.desks.values():
        assert verify(desk.workspace).faults == []
        assert desk.share().refused == []
    alliance.close()
