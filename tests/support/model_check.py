"""Every way in which up to four organisations can speak in up to three attempts.

`python -m tests.support.model_check` goes through all of it and prints the counts of
docs/model-check.md. Adoption is asked of the program's own authority; only signatures are
taken as given. States in which the same organisations said the same in an attempt, for all
that adoption may look at, are one class: each class is judged by the program, and every
combination of classes through one of its members.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, product
from math import prod
from typing import Final, Self

from collabdesk.sync import records as r
from collabdesk.sync.authority import stalled
from collabdesk.sync.authority.attempts import is_void
from collabdesk.sync.authority.contradictions import double_statements
from collabdesk.sync.authority.epochs import Tree
from collabdesk.sync.authority.held import Held, Records
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.hashing import Z
from tests.support.paper_alliance import fixed
from tests.support.reference import Control

VOID: Final = "void"
Said = frozenset[int | str]
"""What one organisation said in one attempt: the drafts it voted for, by number, and VOID."""
Round = tuple[Said, ...]
"""What each organisation said in one attempt."""
SILENT: Said = frozenset()


@dataclass(frozen=True)
class Setting:
    """So many organisations, of whom k must agree; perhaps one that says what it likes."""

    size: int
    k: int
    rogue: int | None = None

    def drafts(self, attempt: int) -> range:
        """Return the drafts of an attempt: an honest owner proposes one."""
        return range(2 if attempt % self.size == self.rogue else 1)


@dataclass
class Counts:
    """What was gone through, and what was found."""

    states: int = 0
    combinations: int = 0
    adopted: int = 0
    two_winners: int = 0
    blocked: int = 0
    faults: list[str] = field(default_factory=list)

    def __iadd__(self, other: Counts) -> Self:
        """Add another setting's counts."""
        self.states += other.states
        self.combinations += other.combinations
        self.adopted += other.adopted
        self.two_winners += other.two_winners
        self.blocked += other.blocked
        self.faults += other.faults
        return self


# --- what can be said -----------------------------------------------------------------------


def rounds(setting: Setting, attempt: int) -> Iterator[Round]:
    """Yield everything that can be said in an attempt, silence included."""
    drafts, owner = setting.drafts(attempt), attempt % setting.size
    honest: list[Said] = [SILENT, frozenset([VOID]), *(frozenset([d]) for d in drafts)]
    rogue = [frozenset(c) for n in range(5) for c in combinations([VOID, *drafts], n)]
    options = [rogue if org == setting.rogue else honest for org in range(setting.size)]
    for said in product(*options):
        # Nobody honest votes before the owner of the attempt has.
        voted = {draft for one in said for draft in one if draft != VOID}
        if all(draft in said[owner] for draft in voted):
            yield said
            if len(drafts) > 1 and set(drafts) <= said[owner]:
                yield from _excused(setting, said)


def _excused(setting: Setting, said: Round) -> Iterator[Round]:
    """Yield the states in which some void what they voted in: its owner voted in it twice."""
    voters = [o for o, one in enumerate(said) if o != setting.rogue and one and VOID not in one]
    for number in range(1, len(voters) + 1):
        for chosen in combinations(voters, number):
            yield tuple(one | {VOID} if o in chosen else one for o, one in enumerate(said))


# --- what the program makes of it -------------------------------------------------------------


def key_of(org: int) -> bytes:
    """Return the one admin key of an organisation."""
    return fixed(f"key {org}", 32)


@cache
def ground(size: int, k: int) -> tuple[Held, ...]:
    """Return an adopted epoch of so many organisations, with the rosters it pins."""
    rosters, entries = [], []
    for org in range(size):
        name = bytes([org]) * 16
        roster = r.Roster(Z, name, 0, Z, (), (), (), (), ())
        held = Held(fixed(f"roster {org}", 32), roster, frozenset([key_of(org)]))
        rosters.append(held)
        entry = r.OrgEntry(name, str(org), "", (key_of(org),), 1, (), (0, held.id))
        entries.append(entry)
    epoch = r.Epoch(Z, 0, Z, 0, k, entries[0].org, tuple(entries), (), (), 1, (), (), (), "ground")
    genesis = Held(fixed(f"ground {size} {k}", 32), r.Genesis(epoch, bytes(16)), _keys([0]))
    return (genesis, *rosters)


def _keys(orgs: Iterable[int]) -> frozenset[bytes]:
    return frozenset(key_of(org) for org in orgs)


def records(setting: Setting, said: tuple[Round, ...]) -> list[Held]:
    """Return the records in which the organisations say all this."""
    base = ground(setting.size, setting.k)
    epoch = base[0].epoch
    assert epoch is not None
    found = list(base)
    for attempt, one in enumerate(said):
        for draft in setting.drafts(attempt):
            voters = [org for org, words in enumerate(one) if draft in words]
            made = replace(
                epoch, ws=base[0].id, n=1, prev=base[0].id, attempt=attempt, note=str(draft)
            )
            if voters:
                found.append(Held(fixed(f"draft {attempt} {draft}", 32), made, _keys(voters)))
        for org in (org for org, words in enumerate(one) if VOID in words):
            void = r.Void(base[0].id, bytes([org]) * 16, base[0].id, attempt, attempt)
            found.append(Held(fixed(f"void {attempt} {org}", 32), void, _keys([org])))
    return found


@dataclass(frozen=True)
class Kind:
    """All that an attempt contributes, by the program's own judgement.

    `winners` are the drafts that win once the attempt is open.
    """

    winners: frozenset[int]
    void: bool
    doubled: frozenset[int]
    all_spoke: bool


def judged(setting: Setting, said: tuple[Round, ...]) -> tuple[Tree, Records]:
    """Return what the program makes of all that was said."""
    workspace = ground(setting.size, setting.k)[0].id
    held = Records(workspace, records(setting, said))
    return Tree(held, workspace), held


def winners(tree: Tree) -> list[tuple[int, int]]:
    """Return attempt and number of the drafts that win."""
    won = [h.epoch for h in tree.children(tree.nodes[0]) if h.epoch]
    return sorted((epoch.attempt, int(epoch.note)) for epoch in won)


def kind_of(setting: Setting, attempt: int, one: Round) -> Kind:
    """Return what one attempt contributes, all before it declared void by everybody."""
    everybody = tuple([frozenset[int | str]([VOID])] * setting.size)
    tree, held = judged(setting, (*[everybody] * attempt, one))
    root = tree.nodes[0]
    return Kind(
        frozenset(draft for _, draft in winners(tree)),
        is_void(held, root, attempt),
        frozenset(org[0] for org, which in double_statements(held, root) if which == attempt),
        all(one),
    )


def check(setting: Setting, attempts: int) -> Counts:
    """Go through every combination of what can be said in so many attempts."""
    counts = Counts()
    per_attempt: list[dict[Kind, list[Round]]] = []
    for attempt in range(attempts):
        kinds: dict[Kind, list[Round]] = {}
        for one in rounds(setting, attempt):
            kind = kind_of(setting, attempt, one)
            kinds.setdefault(kind, []).append(one)
            counts.faults += _slandered(setting, attempt, one, kind)
            counts.faults += _without_a_way_out(setting, attempt, one, kind)
        per_attempt.append(kinds)
    for combined in product(*(one.items() for one in per_attempt)):
        number = prod(len(members) for _, members in combined)
        said = tuple(members[0] for _, members in combined)
        counts.combinations += 1
        counts.states += number
        _tally(setting, said, [kind for kind, _ in combined], number, counts)
    return counts


def _slandered(setting: Setting, attempt: int, one: Round, kind: Kind) -> list[str]:
    """Return a fault if somebody is named who spoke once."""
    once = {org for org in kind.doubled if len(one[org]) < 2}
    return [f"{setting}: {once} named for one statement: {attempt} {one}"] if once else []


def _without_a_way_out(setting: Setting, attempt: int, one: Round, kind: Kind) -> list[str]:
    """Return a fault if all spoke, nothing moves, and nobody can do anything about it.

    Something can be done where the owner voted twice: those who see it declare the attempt
    void, whatever they had said in it.
    """
    if kind.winners or kind.void or not kind.all_spoke:
        return []
    owner = attempt % setting.size
    if len(one[owner] - {VOID}) > 1:
        rescued = [words | {VOID} if o != owner else words for o, words in enumerate(one)]
        if kind_of(setting, attempt, tuple(rescued)).void:
            return []
    return [f"{setting}: blocked for ever: {attempt} {one}"]


def _tally(
    setting: Setting, said: tuple[Round, ...], kinds: list[Kind], number: int, counts: Counts
) -> None:
    tree, held = judged(setting, said)
    won = winners(tree)
    opened = next((at for at, kind in enumerate(kinds) if not kind.void), len(kinds))
    expected = [(at, d) for at, kind in enumerate(kinds[: opened + 1]) for d in kind.winners]
    if won != sorted(expected):
        counts.faults.append(f"{setting}: {won} won where {expected} should: {said}")
    counts.adopted += number * bool(won)
    if len(won) > 1:
        counts.two_winners += number
        if not any(True for _ in double_statements(held, tree.nodes[0])):
            counts.faults.append(f"{setting}: two winners, nobody spoke twice: {said}")
    line, tied = tree.walk()
    if (len(line) - 1, len(tied)) != ((1, 0) if len(won) == 1 else (0, len(won))):
        counts.faults.append(f"{setting}: the walk takes {len(line)} of {won}: {said}")
    stuck = opened < len(kinds) and kinds[opened].all_spoke and not won
    counts.blocked += number * stuck


# --- memberships that change ------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A draft that leaves some out, admits some, and asks for another number of votes."""

    size: int
    k: int
    leaving: int
    joining: int
    new_k: int

    def safe(self) -> bool:
        """Tell whether it can never block, whoever votes for it."""
        return self.new_k <= self.k - self.leaving + self.joining


def changes() -> Iterator[Change]:
    """Yield every change of up to four organisations and one newcomer."""
    for size in range(1, 5):
        for k in quorums(size):
            for leaving, joining in product(range(size), range(2)):
                for new_k in quorums(size - leaving + joining):
                    yield Change(size, k, leaving, joining, new_k)


Speech = tuple[Said, ...]
"""What each organisation said of one change of membership: VOTE, VOID, both or nothing."""
VOTE: Final = "vote"
VOTED, PASSED = frozenset[int | str]([VOTE]), frozenset[int | str]([VOID])
BOTH = VOTED | PASSED


@dataclass(frozen=True)
class Outcome:
    """What the program makes of what was said of a change: who is named, who may yet pass over."""

    wins: bool
    void: bool
    named: frozenset[int]
    may_take_back: frozenset[int]

    @property
    def blocked(self) -> bool:
        """Tell whether it neither wins nor lets the next attempt open."""
        return not (self.wins or self.void)


class Discussed:
    """One change of membership in an attempt of one owner, and all that can be said of it."""

    def __init__(self, change: Change, owner: int) -> None:
        """Put it to the vote; the newcomers have signed."""
        self.change, self.owner = change, owner
        self._base = ground(change.size, change.k)
        first, fifth = self._base[0].epoch, ground(5, 3)[0].epoch
        assert first is not None
        assert fifth is not None
        # The first leads and stays; the last leave.
        self.staying = range(change.size - change.leaving)
        entries = (*first.orgs[: len(self.staying)], *fifth.orgs[4 : 4 + change.joining])
        self._draft = replace(
            first, ws=self._base[0].id, n=1, prev=self._base[0].id, attempt=owner,
            k=change.new_k, orgs=entries,
        )  # fmt: skip
        self._seen: dict[Speech, Outcome] = {}
        following = stalled.second(self._draft, first, owner)
        self.second = None if following is None else following.org[0]
        self.asks_for_more = stalled.asks_for_more(self._draft, first)

    def outcome(self, said: Speech) -> Outcome:
        """Return what the program makes of it."""
        if said not in self._seen:
            self._seen[said] = self._judged(said)
        return self._seen[said]

    def _judged(self, said: Speech) -> Outcome:
        base, size = self._base, self.change.size
        newcomers = ground(5, 3)[5 : 5 + self.change.joining]
        yes = [org for org, one in enumerate(said) if VOTE in one]
        signers = _keys([*yes, *range(4, 4 + self.change.joining)])
        found = [*base, *newcomers, Held(fixed("change", 32), self._draft, signers)]
        for org in range(size):
            # All before was passed over by everybody.
            last = self.owner if VOID in said[org] else self.owner - 1
            if last >= 0:
                void = r.Void(base[0].id, bytes([org]) * 16, base[0].id, 0, last)
                found.append(Held(fixed(f"void {org}", 32), void, _keys([org])))
        held = Records(base[0].id, found)
        tree = Tree(held, base[0].id)
        root = tree.nodes[0]
        return Outcome(
            bool(tree.children(root)),
            is_void(held, root, self.owner),
            frozenset(org[0] for org, _ in double_statements(held, root)),
            frozenset(
                org for org in range(size)
                if stalled.may_take_back(held, root, bytes([org]) * 16, self.owner)
            ),
        )  # fmt: skip

    def speeches(self) -> Iterator[Speech]:
        """Yield everything that can be said."""
        return product((SILENT, VOTED, PASSED, BOTH), repeat=self.change.size)

    def honest(self, said: Speech, rogue: int | None) -> bool:
        """Tell whether all but the rogue kept to what the program lets them say."""
        return all(self._kept(org, said, rogue) for org in range(self.change.size) if org != rogue)

    def _kept(self, org: int, said: Speech, rogue: int | None) -> bool:
        if VOTE not in said[org]:
            return True
        if VOTE not in said[self.owner]:
            return False
        if org not in self.staying and len(self.staying) >= self.change.k:
            return False
        if org not in (self.owner, self.second):
            return VOID not in said[org] and self._in_turn(said)
        return VOID not in said[org] or self._took_back(org, said, rogue)

    def _in_turn(self, said: Speech) -> bool:
        """Tell whether others than the first two may have voted: after the second did."""
        return not self.asks_for_more or self.second is None or VOTE in said[self.second]

    def _took_back(self, org: int, said: Speech, rogue: int | None) -> bool:
        """Tell whether there was a moment at which it might pass over what it had voted for."""
        before = [*said]
        before[org] = VOTED
        others = [one for one in range(self.change.size) if one not in (rogue, org, self.owner)]
        parts = [frozenset[int | str](), VOTED, PASSED, BOTH] if rogue is not None else [SILENT]
        for part in parts:
            if rogue is not None and part <= said[rogue]:
                before[rogue] = part
            # Whoever voted handed on the votes it had seen.
            early = any(VOTE in said[one] for one in others if one != self.second)
            seen = not early or self._in_turn(tuple(before))
            if seen and org in self.outcome(tuple(before)).may_take_back:
                return True
        return False

    def faults(self) -> Iterator[str]:
        """Yield whatever does not hold of it, whoever is rogue."""
        for said in self.speeches():
            now = self.outcome(said)
            if now.wins and now.void and not now.named:
                yield f"{self.change} {self.owner}: wins and is void, nobody named: {said}"
            for rogue in (None, *range(self.change.size)):
                if self.honest(said, rogue):
                    yield from self._faults_with(said, now, rogue)

    def _faults_with(self, said: Speech, now: Outcome, rogue: int | None) -> Iterator[str]:
        where = f"{self.change} {self.owner}, rogue {rogue}: {said}"
        if now.named - {rogue}:
            yield f"{where} names {now.named}"
        if now.blocked and all(said) and not self._way_out(said, now, rogue):
            yield f"{where} is blocked for ever"

    def _way_out(self, said: Speech, now: Outcome, rogue: int | None) -> bool:
        for org in now.may_take_back - {rogue}:
            then = self.outcome((*said[:org], said[org] | PASSED, *said[org + 1 :]))
            if then.void and not then.named - {rogue}:
                return True
        return False


def discussed(most: int = 4) -> Iterator[Discussed]:
    """Yield every change of up to so many organisations, in the attempt of each of them."""
    for change in changes():
        if change.size <= most:
            yield from (Discussed(change, owner) for owner in range(change.size))


def blocks(change: Change, *, leavers_vote: bool) -> bool:
    """Tell whether a change of the lead's can come to a stop with everybody having spoken once."""
    said_of = Discussed(change, 0)
    leaving = range(len(said_of.staying), change.size)
    for voters in product((True, False), repeat=change.size):
        if not leavers_vote and any(voters[org] for org in leaving):
            continue
        said = tuple(VOTED if voted else PASSED for voted in voters)
        if voters[0] and said_of.outcome(said).blocked:
            return True
    return False


# --- rosters that fork --------------------------------------------------------------------------


def roster_trees(most: int) -> Iterator[tuple[bytes, list[Held]]]:
    """Yield every tree of so many rosters above a pin, each signed by one admin, or by both."""
    for count in range(1, most + 1):
        parents = product(*(range(-1, at) for at in range(count)))
        for shape, k_org in product(parents, (1, 2)):
            for signers in product(((0,), (1,), (0, 1)), repeat=count):
                yield _roster_tree(shape, signers, k_org)


def _roster_tree(
    shape: tuple[int, ...], signers: tuple[tuple[int, ...], ...], k_org: int
) -> tuple[bytes, list[Held]]:
    (genesis, pinned) = ground(1, 1)
    epoch, first = genesis.epoch, pinned.roster
    assert epoch is not None
    assert first is not None
    two = replace(epoch.orgs[0], admins=tuple(sorted(_keys([0, 1]))), k_org=k_org)
    root = Held(genesis.id, r.Genesis(replace(epoch, orgs=(two,)), bytes(16)), _keys([0, 1]))
    line, found = [pinned], [root, pinned]
    for at, (parent, by) in enumerate(zip(shape, signers, strict=True)):
        before = line[parent + 1]
        assert before.roster is not None
        roster = replace(first, ws=genesis.id, m=before.roster.m + 1, prev=before.id)
        made = Held(fixed(f"roster {at} {shape}", 32), roster, _keys(by))
        line.append(made)
        found.append(made)
    return genesis.id, found


def differing_rosters(most: int) -> tuple[int, list[str]]:
    """Return how many trees there are, and those of which the reference takes another line."""
    count, faults = 0, []
    for workspace, held in roster_trees(most):
        count += 1
        book, model = Rulebook(workspace, held[::-1]), Control(workspace, held)
        org = bytes(16)
        if list(book.rosters(org)) != model.rosters[org]:
            faults.append(str([one.id.hex()[:6] for one in held]))
    return count, faults


# --- the whole -----------------------------------------------------------------------------------


def quorums(size: int) -> range:
    """Return the numbers of votes that are more than half."""
    return range(size // 2 + 1, size + 1)


def settings(most: int, *, rogue: bool) -> Iterator[Setting]:
    """Yield every number of organisations and votes, and every one that may be rogue."""
    for size in range(1, most + 1):
        for k in quorums(size):
            if rogue:
                yield from (Setting(size, k, one) for one in range(size))
            else:
                yield Setting(size, k)


def table(most: int, attempts: int) -> list[str]:
    """Return the rows of the table of counts."""
    rows = []
    for size, rogue in product(range(1, most + 1), (False, True)):
        total = Counts()
        for setting in settings(size, rogue=rogue):
            if setting.size == size:
                total += check(setting, attempts)
        cells = [
            size,
            "one" if rogue else "none",
            *(f"{n:,}" for n in (total.states, total.combinations, total.adopted)),
            *(f"{n:,}" for n in (total.two_winners, total.blocked, len(total.faults))),
        ]
        rows.append("| " + " | ".join(map(str, cells)) + " |")
        rows += total.faults[:5]
    return rows


HEAD: Final = (
    "| organisations | rogue | states | judged | adopted | two winners | blocked | faults |",
    "|---:|---|---:|---:|---:|---:|---:|---:|",
)


def report(organisations: int = 4, attempts: int = 3, rosters: int = 5) -> tuple[list[str], bool]:
    """Return what was gone through and found, and whether everything holds."""
    rows = table(organisations, attempts)
    every = list(changes())
    voting = [one for one in every if blocks(one, leavers_vote=True)]
    voiding = [one for one in every if blocks(one, leavers_vote=False)]
    unsafe = [one for one in voting if one.safe()]
    trees, differing = differing_rosters(rosters)
    put = list(discussed(organisations))
    wrong = [fault for one in put for fault in one.faults()]
    lines = [
        *HEAD,
        *rows,
        "",
        f"Changes of membership: {len(every)}",
        f"  that can block: {len(voting)}",
        f"  of these, with k' <= k - leaving + joining: {len(unsafe)}",
        f"  of these, where whoever leaves declares the attempt void: {len(voiding)}",
        f"Put to the vote in each one's turn: {len(put)}",
        f"  what can be said of them: {sum(4**one.change.size for one in put):,}",
        f"  two winners unnamed, an honest one named, or blocked: {len(wrong)}",
        *wrong[:5],
        f"Trees of up to {rosters} rosters above a pin: {trees:,}",
        f"  where program and reference take another line: {len(differing)}",
    ]
    return lines, not (unsafe or differing or wrong) and all(row.endswith("| 0 |") for row in rows)


def main() -> int:
    """Go through everything and print the counts; 1 if something does not hold."""
    lines, holds = report()
    sys.stdout.write("\n".join(lines) + "\n")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
