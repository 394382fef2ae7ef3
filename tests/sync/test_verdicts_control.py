"""What later records, suspensions, cuts, landmarks and terms make of what was signed.

Each case is a world on paper with the verdicts the protocol's page gives; the reference
model and the engine must both say so, taken in at once and backwards.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collabdesk.sync import derive
from collabdesk.sync import records as r
from collabdesk.sync.hashing import Z
from collabdesk.sync.operations import Dot, PostMark
from collabdesk.sync.registry import REGISTRY_VERSION
from tests.support.bench import Bench
from tests.support.paper_alliance import (
    Op,
    Written,
    amount,
    fixed,
    group,
    plan_line,
    service_line,
)
from tests.support.paper_world import PaperWorld, at, device, listed, points, roster_of
from tests.support.reference import Reference
from tests.support.verdict_cases import approve, journal

Judgement = list[tuple[Written, list[int]]]
Case = Callable[[PaperWorld], Judgement]
RELEASE, BEACON, ADOPT = 9, 16, 18


# --- suspensions ------------------------------------------------------------------------------


def suspended_by_an_administrator_of_its_own(w: PaperWorld) -> Judgement:
    a = w["a1"]
    one, two = a.write(plan_line(1)), a.write(plan_line(2))
    w.suspend(a, [w.trusts["a"].recovery], after=one)
    return [(one, [0]), (two, [21])]


def suspended_by_two_others(w: PaperWorld) -> Judgement:
    one = w["a1"].write(plan_line(1))
    w.suspend(w["a1"], [w["lead1"].key, w["b1"].key])
    return [(one, [21])]


def suspended_by_one_other(w: PaperWorld) -> Judgement:
    one = w["a1"].write(plan_line(1))
    w.suspend(w["a1"], [w["lead1"].key, w.trusts["lead"].recovery])
    return [(one, [0])]


def each_suspended_by_the_other(w: PaperWorld) -> Judgement:
    trust, head = w.trusts["a"], w.records[-1]
    trust.admins = [w["a1"].key, w["a2"].key]
    entry = w.entry(trust)
    admitted = w.epoch(head, [*w.admins(), trust.recovery], orgs=_with(w, entry))
    w.cite_all(admitted)
    one, two = w["a1"].write(plan_line(1)), w["a2"].write(plan_line(1))
    first = w.suspend(w["a1"], [w["a2"].key])
    second = w.suspend(w["a2"], [w["a1"].key], serial=2)
    w.roster(trust, trust.rosters[0], [w["a2"].key], lifts=(second.id,))
    w.epoch(admitted, lifts=(first.id,))
    return [(one, [0]), (two, [21])]


def a_suspended_administrator_lifts_nothing(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one = w["a1"].write(plan_line(1))
    suspension = w.suspend(w["a1"], [trust.recovery])
    w.roster(trust, trust.rosters[0], [w["a1"].key], lifts=(suspension.id,))
    return [(one, [21])]


def lifted_by_an_epoch(w: PaperWorld) -> Judgement:
    one = w["a1"].write(plan_line(1))
    suspension = w.suspend(w["a1"], [w["lead1"].key, w["b1"].key])
    w.epoch(w.records[-2], lifts=(suspension.id,))
    return [(one, [0])]


def lifted_by_its_own_roster(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one = w["a1"].write(plan_line(1))
    suspension = w.suspend(w["a1"], [trust.recovery])
    w.roster(trust, trust.rosters[0], [trust.recovery], lifts=(suspension.id,))
    return [(one, [0])]


def no_roster_lifts_what_two_others_suspended(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one = w["a1"].write(plan_line(1))
    suspension = w.suspend(w["a1"], [w["lead1"].key, w["b1"].key])
    w.roster(trust, trust.rosters[0], [trust.recovery], lifts=(suspension.id,))
    return [(one, [21])]


def no_suspension_bites_below_a_landmark(w: PaperWorld) -> Judgement:
    one, two = w["a1"].write(plan_line(1)), w["a1"].write(plan_line(2))
    w.epoch(w.records[-1], landmarks=points(at(one)))
    w.suspend(w["a1"], [w.trusts["a"].recovery])
    return [(one, [0]), (two, [21])]


# --- rosters above the pin --------------------------------------------------------------------


def a_laptop_enrolled_above_the_pin(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    first = roster_of(trust.rosters[0])
    alone = w.roster(trust, trust.rosters[0], devices=(device(w["a1"]),))
    both = w.roster(trust, alone, devices=first.devices)
    w.cite(w["a2"], w.records[-3], both)
    return [(w["a2"].write(plan_line(1)), [0])]


def a_laptop_retired_at_a_cut(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one, two = w["a2"].write(plan_line(1)), w["a2"].write(plan_line(2), [BEACON, 2, Z, Z])
    w.roster(trust, trust.rosters[0], devices=(device(w["a1"]),), cuts=points(at(one)))
    return [(one, [0]), (two, [20, 20])]


def a_retired_laptop_that_says_it_is_still_last_year(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    w.roster(trust, trust.rosters[0], devices=(device(w["a1"]),))
    return [(w["a2"].write(plan_line(1), wall_ms=1), [20])]


def roles_lessened_in_a_later_roster(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one = w["a1"].write(plan_line(1), service_line(trust.org))
    w.roster(trust, trust.rosters[0], devices=listed(device(w["a1"], (2,)), device(w["a2"])))
    return [(one, [20, 20])]


def a_role_above_the_organisations_grant(w: PaperWorld) -> Judgement:
    orgs = w.entries(w.entry(w.lead), w.entry(w.trusts["a"], grants=(2,)), w.entry(w.trusts["b"]))
    w.cite_all(w.epoch(w.records[-1], orgs=orgs))
    return [(w["a1"].write(plan_line(1)), [24])]


def citing_the_roster_that_lost(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    fork = [
        w.roster(
            trust, trust.rosters[0], [key], devices=listed(device(w["a1"]), device(w["a2"], roles))
        )
        for key, roles in ((w["a1"].key, (1, 2)), (trust.recovery, (1,)))
    ]
    lost = max(fork, key=lambda held: held.id)
    w.cite(w["a1"], w.records[-3], lost)
    return [(w["a1"].write(plan_line(1)), [0])]


def the_longer_line_of_rosters_stands(w: PaperWorld) -> Judgement:
    trust, prev = w.trusts["a"], w.trusts["a"].rosters[0]
    less = w.roster(trust, prev, [w["a1"].key], devices=(device(w["a1"]),))
    same = w.roster(trust, prev, [trust.recovery])
    longer, shorter = sorted((less, same), key=lambda held: -int.from_bytes(held.id))
    w.roster(trust, longer, [trust.recovery])
    one = w["a2"].write(plan_line(1))
    assert shorter.id < longer.id
    return [(one, [20 if longer is less else 0])]


def an_administrator_of_before_cannot_sign_for_then(w: PaperWorld) -> Judgement:
    trust, old = w.trusts["a"], list(w.trusts["a"].admins)
    one = w["a2"].write(plan_line(1))
    trust.admins = [w["a2"].key]
    w.epoch(w.records[-1], [*w.admins(), *old], orgs=w.entries(*map(w.entry, w.trusts.values())))
    w.roster(trust, trust.rosters[0], old, devices=(device(w["a1"]),))
    return [(one, [0])]


def an_older_roster_than_its_past_cites(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    newer = w.roster(trust, trust.rosters[0])
    w.cite(w["a1"], w.records[-2], newer)
    first = w["a1"].write(plan_line(1))
    return [(w["a2"].write(plan_line(1), after=[first]), [23])]


# --- epochs -----------------------------------------------------------------------------------


def a_later_attempt_after_voids(w: PaperWorld) -> Judgement:
    head = w.records[-1]
    one = w["a1"].write(plan_line(1))
    for name in ("a", "b"):
        w.void(w.trusts[name], head, 0, 0)
    w.epoch(head, w.admins("a", "b"), attempt=1, orgs=_without_grants(w))
    return [(one, [20])]


def a_later_attempt_without_voids(w: PaperWorld) -> Judgement:
    head = w.records[-1]
    one = w["a1"].write(plan_line(1))
    w.void(w.trusts["a"], head, 0, 0)
    w.epoch(head, attempt=1, orgs=_without_grants(w))
    return [(one, [0])]


def an_attempt_its_owner_did_not_vote_in(w: PaperWorld) -> Judgement:
    one = w["a1"].write(plan_line(1))
    w.epoch(w.records[-1], w.admins("a", "b"), orgs=_without_grants(w))
    return [(one, [0])]


def one_vote_too_few(w: PaperWorld) -> Judgement:
    one = w["a1"].write(plan_line(1))
    w.epoch(w.records[-1], w.admins("lead"), orgs=_without_grants(w))
    return [(one, [0])]


def a_fallen_landmark(w: PaperWorld) -> Judgement:
    one, two = w["a1"].write(plan_line(1)), w["a1"].write(plan_line(2))
    fixed_at = w.epoch(w.records[-1], landmarks=points(at(two)))
    w.epoch(fixed_at, landmarks=points(at(one)), orgs=_without_grants(w))
    return [(one, [0]), (two, [0])]


def two_epochs_that_both_won(w: PaperWorld) -> Judgement:
    head = w.records[-1]
    w.epoch(head, w.admins("lead", "a"), note="one", orgs=_without_grants(w))
    lost = w.epoch(head, w.admins("lead", "b"), note="other")
    w.cite_all(lost)
    return [(w["a1"].write(plan_line(1)), [0])]


def the_one_that_is_continued(w: PaperWorld) -> Judgement:
    head = w.records[-1]
    one = w["a1"].write(plan_line(1))
    less = w.epoch(head, w.admins("lead", "a"), note="one", orgs=_without_grants(w))
    w.epoch(head, w.admins("lead", "b"), note="other")
    w.epoch(less)
    return [(one, [20])]


def below_the_floor(w: PaperWorld) -> Judgement:
    w.cite_all(w.epoch(w.records[-1], floor=REGISTRY_VERSION))
    return [(w["a1"].write(plan_line(1), schema=REGISTRY_VERSION - 1), [26])]


def an_epoch_that_is_not_held(w: PaperWorld) -> Judgement:
    epoch = w.epoch(w.records[-1])
    w.cite_all(epoch)
    w.records.remove(epoch)
    return [(w["a1"].write(plan_line(1)), [10])]


def an_epoch_of_another_number(w: PaperWorld) -> Judgement:
    head = w.records[-1]
    return [(w["a1"].write(plan_line(1), epoch=(2, head.id)), [10])]


def _without_grants(w: PaperWorld) -> tuple[r.OrgEntry, ...]:
    return _with(w, w.entry(w.trusts["a"], grants=()))


def _with(w: PaperWorld, entry: r.OrgEntry) -> tuple[r.OrgEntry, ...]:
    others = [w.entry(t) for t in w.trusts.values() if t.org != entry.org]
    return w.entries(*others, entry)


# --- laptops that signed two ways -------------------------------------------------------------


def _fork(w: PaperWorld) -> tuple[Written, Written, Written]:
    """Let a laptop sign 2 two ways, and go on to 3 along one of them."""
    a = w["a1"]
    a.write(plan_line(1))
    other = a.write(plan_line(2), keep=False)
    a.written.append(other)
    return other, a.write(plan_line(3)), a.write(plan_line(4))


def a_fork_nobody_settled(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    return [(w["a1"].written[0], [0]), (other, [22]), (one, [22]), (two, [22])]


def a_fork_settled_by_a_cut_ends_there(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    trust = w.trusts["a"]
    w.roster(trust, trust.rosters[0], cuts=points(at(one)))
    return [(other, [22]), (one, [0]), (two, [22])]


def an_epochs_cut_comes_before_a_rosters(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    trust, head = w.trusts["a"], w.records[-1]
    w.roster(trust, trust.rosters[0], cuts=points(at(two)))
    w.epoch(head, cuts=points(at(other)))
    return [(other, [0]), (one, [22]), (two, [22])]


def a_fork_at_a_landmark(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    w.epoch(w.records[-1], landmarks=points(at(one)))
    return [(other, [22]), (one, [0]), (two, [22])]


def a_cut_along_the_landmarks_branch(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    w.epoch(w.records[-1], landmarks=points(at(one)), cuts=points(at(two)))
    return [(other, [22]), (one, [0]), (two, [0])]


def a_cut_against_the_landmark(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    w.epoch(w.records[-1], landmarks=points(at(one)), cuts=points(at(other)))
    return [(other, [22]), (one, [0]), (two, [22])]


def a_fork_known_by_its_proof_alone(w: PaperWorld) -> Judgement:
    other, one, two = _fork(w)
    w["a1"].written.remove(other)
    w.prove(other, one)
    return [(w["a1"].written[0], [0]), (one, [22]), (two, [22])]


def an_old_approval_survives_a_fork_below_a_landmark(w: PaperWorld) -> Judgement:
    a = w["a1"]
    first, second = a.write(plan_line(1)), a.write(plan_line(2))
    w.epoch(w.records[-1], landmarks=points(at(second)))
    late = a.write(plan_line(3))
    a.last = None
    forged = a.write(plan_line(9))
    return [(first, [0]), (second, [0]), (late, [22]), (forged, [22])]


# --- the ledger -------------------------------------------------------------------------------


def _post(
    w: PaperWorld, term: int, number: int, link: bytes, source: Dot | None = None
) -> tuple[tuple[Op, ...], bytes]:
    inserts = journal(w.lead.org, 5, -5)
    wires = [[1, 1, op.table, op.scope, [list(cell) for cell in op.cells]] for op in inserts]
    hashed = derive.journal_hash(link, term, number, source, wires)
    return group(PostMark(1, term, number, link, source), *inserts), hashed


def _hand_over(w: PaperWorld, *ends: Written | None) -> None:
    """End one term after another, each where told; the lead's next laptop keeps the next."""
    laptops = w.lead.laptops
    terms = [r.Term(laptops[0].public, None)]
    for number, end in enumerate(ends, start=1):
        place = (end.header.seq, end.id) if end else (0, Z)
        terms[-1] = r.Term(terms[-1].key, place)
        terms.append(r.Term(laptops[number].public, None))
        w.roster(w.lead, w.lead.rosters[-1], terms=tuple(terms))
    tip = w.lead.rosters[-1]
    for laptop in laptops:
        laptop.roster = (roster_of(tip).m, tip.id)


def a_hand_over(w: PaperWorld) -> Judgement:
    first, second = w["lead1"], w["lead2"]
    ops, link = _post(w, 1, 1, w.workspace)
    one = first.write(*ops, [RELEASE, 2, 1])
    _hand_over(w, one)
    ops, link = _post(w, 2, 2, link)
    two = second.write(*ops, after=[one])
    return [(one, [0] * 6), (two, [0] * 5)]


def a_keeper_that_never_linked_its_forerunners_end(w: PaperWorld) -> Judgement:
    ops, link = _post(w, 1, 1, w.workspace)
    one = w["lead1"].write(*ops)
    _hand_over(w, one)
    return [(w["lead2"].write(*_post(w, 2, 2, link)[0]), [27] * 5)]


def a_keeper_that_hides_what_came_before_its_empty_forerunner(w: PaperWorld) -> Judgement:
    first = w["lead1"].write(*_post(w, 1, 1, w.workspace)[0], after=[w["a1"].write(plan_line(1))])
    _hand_over(w, first, None)
    rogue = w["lead3"].write(*_post(w, 3, 1, w.workspace)[0])
    return [(first, [0] * 5), (rogue, [27] * 5)]


def journals_past_the_end_of_a_term(w: PaperWorld) -> Judgement:
    ops, link = _post(w, 1, 1, w.workspace)
    one = w["lead1"].write(*ops)
    ops, _ = _post(w, 1, 2, link)
    late = w["lead1"].write(*ops)
    _hand_over(w, one)
    ops, _ = _post(w, 2, 2, link)
    return [(one, [0] * 5), (late, [27] * 5), (w["lead2"].write(*ops, after=[one]), [0] * 5)]


def a_keeper_that_posts_after_its_release(w: PaperWorld) -> Judgement:
    one = w["lead1"].write([RELEASE, 2, 1])
    return [(one, [0]), (w["lead1"].write(*_post(w, 1, 1, w.workspace)[0]), [27] * 5)]


def a_release_by_who_never_kept_the_ledger(w: PaperWorld) -> Judgement:
    return [(w["lead2"].write([RELEASE, 2, 1]), [27])]


def a_term_ended_below_its_landmark(w: PaperWorld) -> Judgement:
    ops, link = _post(w, 1, 1, w.workspace)
    one = w["lead1"].write(*ops)
    two = w["lead1"].write(*_post(w, 1, 2, link)[0])
    w.epoch(w.records[-1], landmarks=points(at(two)))
    terms = (r.Term(w["lead1"].public, (1, one.id)), r.Term(w["lead2"].public, None))
    w.roster(w.lead, w.lead.rosters[0], terms=terms)
    return [(two, [0] * 5)]


def a_source_posted_twice(w: PaperWorld) -> Judgement:
    row = w["a1"].write(plan_line(1))
    ops, link = _post(w, 1, 1, w.workspace, row.dot(0))
    one = w["lead1"].write(*ops, after=[row])
    return [(one, [0] * 5), (w["lead1"].write(*_post(w, 1, 2, link, row.dot(0))[0]), [33] * 5)]


# --- changes adopted --------------------------------------------------------------------------


def a_change_adopted_in_a_group(w: PaperWorld) -> Judgement:
    source = fixed("whatever it names", 32)
    one = w["a1"].write(*group([ADOPT, 2, source, 7], plan_line(1)), [ADOPT, 2, source, 7])
    return [(one, [0, 0, 0, 31])]


def a_wrong_approval_of_a_row_not_readable_yet(w: PaperWorld) -> Judgement:
    made = w["a1"].write([1, REGISTRY_VERSION + 1, 13, 1, []])
    row = made.row(0)
    one = w["a1"].write(amount(row, 5))
    right, wrong = approve(row, one.dot(0), 5), approve(row, one.dot(0), 6)
    return [(made, [11]), (one, [12]), (w["b1"].write(right, wrong, after=[one]), [12, 31])]


def a_row_made_past_a_cut(w: PaperWorld) -> Judgement:
    trust = w.trusts["a"]
    one = w["a2"].write(plan_line(1))
    w.roster(trust, trust.rosters[0], devices=(device(w["a1"]),))
    return [(w["b1"].write(amount(one.row(0), 5, one.dot(0)), after=[one]), [25])]


CASES: list[Case] = [
    value
    for value in list(globals().values())
    if callable(value) and getattr(value, "__annotations__", {}).get("return") == "Judgement"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_page_says_so_and_so_do_model_and_engine(case: Case) -> None:
    world = PaperWorld(lead=3, a=2, b=1)
    world.cite_all(world.admit_all())
    expected = case(world)
    model = Reference(world.workspace, world.records, world.files)
    whole = Bench(world.workspace, world.records)
    whole.receive(*world.written)
    late = Bench(world.workspace, [world.genesis])
    late.receive(*world.written)
    for record in world.records[::-1]:
        late.learn(record)
    for written in world.written[::-1]:
        late.receive(written)
    for written, numbers in expected:
        assert [o.verdict for o in model.ops if o.segment.id == written.id] == numbers
        assert (whole.of(written), late.of(written)) == (numbers, numbers)
    assert (whole.root, whole.control) == (model.root, model.control_head)
    assert (late.root, late.control) == (model.root, model.control_head)
    whole.close()
    late.close()
