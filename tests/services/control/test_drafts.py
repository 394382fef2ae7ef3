"""Records drafted from records: what is carried on, what never falls, what is made again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.services.control import epoch_drafts, roster_drafts
from collabdesk.services.control.lessening import lessened_by_epoch, lessened_by_roster
from collabdesk.services.control.told import Telling
from collabdesk.services.membership import RECOVERY_LABEL
from collabdesk.sync import records as r
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from tests.support.paper_alliance import EVERY_ROLE, PaperAlliance, fixed, held

KEYS = [SigningKey(fixed(f"spare {at}", 32)) for at in range(5)]
PUBLIC = [bytes(key.verify_key) for key in KEYS]


def laptop(at: int, *roles: int, replaces: bytes | None = None, label: str = "") -> r.Device:
    person = fixed("person a")
    return r.Device(PUBLIC[at], None, person, label or f"Laptop {at}", roles, replaces)


def point(key: bytes, seq: int) -> r.ChainPoint:
    return r.ChainPoint(key, seq, fixed(f"{key.hex()} {seq}", 32) if seq else bytes(32))


def listed(paper: PaperAlliance, name: str, *edits: roster_drafts.Edit) -> r.Roster:
    """Draft the next list of an organisation, let its administrator sign, and return it."""
    content = roster_drafts.next_roster(paper.rulebook, paper[name].org, edits)
    record = r.read_record(content)
    paper.records.append(held(record, paper[name].key))
    assert isinstance(record, r.Roster)
    return record


def drafted(book: Rulebook, *edits: epoch_drafts.Edit, **heads: r.ChainPoint) -> r.Epoch:
    fixed_heads = {head.key: head for head in heads.values()}
    record = r.read_record(epoch_drafts.next_epoch(book, fixed_heads, 0, edits))
    assert isinstance(record, r.Epoch)
    return record


@pytest.fixture
def paper() -> PaperAlliance:
    return PaperAlliance("a", "b")


def test_each_list_follows_the_one_before_and_repeats_its_cuts(paper: PaperAlliance) -> None:
    listed(paper, "a", roster_drafts.enrolling(laptop(0, 1, 2)))
    second = listed(paper, "a", roster_drafts.retiring(point(PUBLIC[0], 7)))
    assert (second.m, second.ws) == (2, paper.workspace)
    third = listed(paper, "a", roster_drafts.enrolling(laptop(1, 1)))
    assert third.cuts == (point(PUBLIC[0], 7),)
    lower = listed(paper, "a", roster_drafts.cutting(point(PUBLIC[0], 3)))
    assert lower.cuts == (point(PUBLIC[0], 7),)
    assert paper.rulebook.roster_of(paper["a"].org) == (4, r.record_id(r.encode_record(lower)))


def test_a_list_lifts_only_what_it_says(paper: PaperAlliance) -> None:
    first = listed(paper, "a", roster_drafts.lifting([fixed("x", 32), fixed("w", 32)]))
    assert first.lifts == tuple(sorted((fixed("x", 32), fixed("w", 32))))
    assert listed(paper, "a").lifts == ()


def test_without_a_list_nothing_is_drafted(paper: PaperAlliance) -> None:
    with pytest.raises(NotPossible, match="has not arrived here yet"):
        roster_drafts.next_roster(paper.rulebook, fixed("nobody"), [])


def test_a_membership_settles_the_newest_lists_and_raises_what_is_fixed(
    paper: PaperAlliance,
) -> None:
    roster = listed(paper, "a", roster_drafts.enrolling(laptop(0, 1)))
    key = paper["a"].public
    first = drafted(paper.rulebook, head=point(key, 5))
    entry = next(e for e in first.orgs if e.org == paper["a"].org)
    assert entry.pin == (1, r.record_id(r.encode_record(roster)))
    assert first.landmarks == (point(key, 5),)
    adopt(paper, first)
    again = drafted(paper.rulebook, head=point(key, 4), other=point(PUBLIC[0], 0))
    assert again.landmarks == (point(key, 5),)
    assert again.n == first.n + 1


def adopt(paper: PaperAlliance, epoch: r.Epoch) -> Held:
    made = held(epoch, *(scribe.key for scribe in paper.scribes.values()))
    paper.records.append(made)
    assert paper.rulebook.epoch == epoch
    return made


def test_the_laptop_that_replaced_an_administrators_signs_next(paper: PaperAlliance) -> None:
    lost = paper["a"].public
    listed(
        paper,
        "a",
        roster_drafts.enrolling(laptop(0, 1, replaces=lost)),
        roster_drafts.retiring(point(lost, 0)),
    )
    listed(
        paper,
        "a",
        roster_drafts.enrolling(laptop(1, 1, replaces=PUBLIC[0])),
        roster_drafts.enrolling(laptop(2, label=RECOVERY_LABEL)),
    )
    entry = next(e for e in drafted(paper.rulebook).orgs if e.org == paper["a"].org)
    assert entry.admins == tuple(sorted((PUBLIC[0], PUBLIC[2])))
    assert entry.k_org == 1


def test_an_administrator_that_nobody_follows_stays_if_it_is_the_last(
    paper: PaperAlliance,
) -> None:
    listed(paper, "a", roster_drafts.retiring(point(paper["a"].public, 0)))
    entry = next(e for e in drafted(paper.rulebook).orgs if e.org == paper["a"].org)
    assert entry.admins == (paper["a"].public,)


def test_a_chain_of_replacements_is_followed_and_a_ring_ends() -> None:
    def roster(*devices: r.Device) -> r.Roster:
        return r.Roster(bytes(32), fixed("o"), 1, bytes(32), (), devices, (), (), ())

    new = laptop(2, replaces=PUBLIC[0])
    assert epoch_drafts.successor(roster(new), PUBLIC[0]) == PUBLIC[2]
    assert epoch_drafts.successor(roster(new), PUBLIC[4]) == PUBLIC[4]
    assert epoch_drafts.successor(roster(new), PUBLIC[2]) == PUBLIC[2]


def test_whose_rights_are_lessened(paper: PaperAlliance) -> None:
    book = paper.rulebook
    before = book.roster(paper["a"].org)
    assert before is not None
    taken = drafted(book, epoch_drafts.granting(paper["a"].org, [2], []))
    assert lessened_by_epoch(book, taken) == {paper["a"].public}
    gone = drafted(book, epoch_drafts.removing(paper["b"].org, []))
    assert lessened_by_epoch(book, gone) == {paper["b"].public}
    assert lessened_by_epoch(book, drafted(book)) == frozenset()
    more = replace(before, devices=(replace(before.devices[0], roles=(*EVERY_ROLE, 99)),))
    assert lessened_by_roster(before, more) == frozenset()
    assert lessened_by_roster(more, before) == {paper["a"].public}
    assert lessened_by_roster(before, replace(before, devices=())) == {paper["a"].public}


def test_a_membership_in_words(paper: PaperAlliance) -> None:
    book = paper.rulebook
    joining = r.OrgEntry(fixed("org c"), "Derbyshire", "RXM", (PUBLIC[3],), 1, (1,), (0, bytes(32)))
    epoch = drafted(
        book,
        epoch_drafts.admitting([joining]),
        epoch_drafts.removing(paper["b"].org, []),
        epoch_drafts.administered(paper["a"].org, [PUBLIC[0]], 1),
        epoch_drafts.cutting([point(paper["b"].public, 3)]),
        epoch_drafts.fixing([point(paper["lead"].public, 2)]),
        epoch_drafts.lifting([fixed("unknown", 32)]),
    )
    said = Telling(book).epoch(book.epoch, epoch)
    assert "Derbyshire (RXM) joins." in said
    assert "b (B) leaves." in said
    assert "a, a (Laptop) no longer signs for a." in said
    assert "a laptop that is not listed yet (a laptop that is not listed yet) signs for a." in said
    assert "What Laptop, b shared up to change set 3 stands." in said
    assert "A suspension is lifted." in said
    assert said[-1].startswith("2 change sets of Laptop, lead are fixed")
    assert epoch.k == 2


steps = st.lists(
    st.one_of(
        st.tuples(st.just("enrol"), st.integers(0, 3)),
        st.tuples(st.just("retire"), st.integers(0, 3)),
        st.tuples(st.just("roles"), st.integers(0, 3)),
    ),
    max_size=6,
)


@given(mine=steps, theirs=steps)
def test_a_change_made_again_on_its_own_ground_is_itself(
    mine: list[tuple[str, int]], theirs: list[tuple[str, int]]
) -> None:
    base = r.Roster(
        bytes(32), fixed("o"), 1, bytes(32), (), tuple(sorted_laptops(0, 1)), (), (), ()
    )
    after = walked(base, mine)
    again = base
    for edit in roster_drafts.changes_of(base, after):
        again = edit(again)
    assert (again.devices, again.persons) == (after.devices, after.persons)
    assert {cut.key for cut in again.cuts} <= {cut.key for cut in after.cuts}
    other = walked(base, theirs)
    merged = other
    for edit in roster_drafts.changes_of(base, after):
        merged = edit(merged)
    once_more = merged
    for edit in roster_drafts.changes_of(base, after):
        once_more = edit(once_more)
    assert once_more == merged


def sorted_laptops(*which: int) -> list[r.Device]:
    return sorted((laptop(at, 1) for at in which), key=lambda device: device.key)


def walked(roster: r.Roster, taken: list[tuple[str, int]]) -> r.Roster:
    for what, at in taken:
        match what:
            case "enrol":
                roster = roster_drafts.enrolling(laptop(at, 1))(roster)
            case "retire":
                roster = roster_drafts.retiring(point(PUBLIC[at], at))(roster)
            case _:
                roster = roster_drafts.giving(PUBLIC[at], [2], point(PUBLIC[at], 1))(roster)
    return roster
