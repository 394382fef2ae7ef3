"""A late record: only what it touches is looked at again, and the end is as if known at first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from collabdesk.sync import records as r
from collabdesk.sync import verdicts as v
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.derive import row_id
from collabdesk.sync.engine import Rejudged
from collabdesk.sync.hashing import Z
from collabdesk.sync.operations import PostMark
from tests.support.bench import Bench, bench
from tests.support.paper_alliance import (
    PaperAlliance,
    Written,
    amount,
    group,
    held,
    plan_line,
)
from tests.support.verdict_cases import journal

LONG = 12


def learn(made: Bench, *found: Held) -> Rejudged:
    before = made.rulebook
    made.rulebook = Rulebook(before.workspace, [*before.records.values(), *found])
    return made.engine.rejudge(before)


def chains(alliance: PaperAlliance) -> dict[str, list[Written]]:
    """Return a long chain of each laptop, none of which has seen another's."""
    return {
        name: [scribe.write(plan_line(n)) for n in range(LONG)]
        for name, scribe in alliance.scribes.items()
    }


def suspension(alliance: PaperAlliance, name: str, after: Written) -> Held:
    scribe = alliance[name]
    place = (scribe.public, after.place[1], after.id)
    made = r.Suspension(alliance.workspace, scribe.org, *place, 0, "lost", 1)
    return held(made, scribe.key)


def same(made: Bench, alliance: PaperAlliance, late: Sequence[Held], files: list[Written]) -> None:
    """See that the replica is as one that knew the records from the first."""
    with bench(alliance) as fresh:
        fresh.rulebook = Rulebook(alliance.workspace, [*alliance.records, *late])
        fresh.receive(*files)
        assert (made.root, made.control) == (fresh.root, fresh.control)
        assert made.digests() == fresh.digests()


@pytest.mark.parametrize("kept", [0, 5, LONG - 1])
def test_a_suspension_looks_only_at_what_came_after_it(kept: int) -> None:
    alliance = PaperAlliance("a", "b")
    written = chains(alliance)
    files = [one for chain in written.values() for one in chain]
    late = suspension(alliance, "a", written["a"][kept])
    with bench(alliance) as made:
        made.receive(*files)
        again = learn(made, late)
        assert (again.segments, again.operations) == (LONG - kept - 1, LONG - kept - 1)
        assert not again.rebuilt
        assert [made.of(one) for one in written["a"]] == [[0]] * (kept + 1) + [[v.SUSPENDED]] * (
            LONG - kept - 1
        )
        same(made, alliance, [late], files)


def test_a_right_taken_away_spreads_to_others_changes_of_the_rows_it_made() -> None:
    alliance = PaperAlliance("a", "b")
    first = alliance["a"].write(plan_line(1))
    answer = alliance["b"].write(amount(first.row(0), 2, first.dot(0)), after=[first])
    files = [first, answer, *[alliance["b"].write(plan_line(n)) for n in range(LONG)]]
    less = alliance.adopt(orgs=alliance.orgs(a=(2,)))
    alliance.records.remove(less)
    with bench(alliance) as made:
        made.receive(*files)
        again = learn(made, less)
        assert again.segments == 2
        assert (made.of(first), made.of(answer)) == ([v.PAST_A_CUT], [v.ROW_QUARANTINED])
        same(made, alliance, [less], files)


def test_a_record_that_takes_nothing_away_looks_at_nothing() -> None:
    alliance = PaperAlliance("a", "b")
    files = [one for chain in chains(alliance).values() for one in chain]
    more = alliance.adopt(note="Nothing changes")
    alliance.records.remove(more)
    with bench(alliance) as made:
        made.receive(*files)
        assert learn(made, more).segments == 0
        same(made, alliance, [more], files)


def test_what_cited_a_record_before_it_came_is_judged_when_it_comes() -> None:
    alliance = PaperAlliance("a", "b")
    more = alliance.adopt(note="A new epoch")
    alliance.cite(more)
    written = chains(alliance)
    files = [one for chain in written.values() for one in chain]
    alliance.records.remove(more)
    with bench(alliance) as made:
        made.receive(*files)
        assert {number for one in files for number in made.of(one)} == {v.CITED_RECORD_NOT_HELD}
        assert learn(made, more).segments == len(files)
        assert {number for one in files for number in made.of(one)} == {v.ACCEPTED}
        same(made, alliance, [more], files)


def test_what_falls_with_its_group_is_named_further_down_in_its_segment() -> None:
    alliance = PaperAlliance("a", "b")
    scribe = alliance["b"]
    first = alliance["a"].write(plan_line(1))
    made = row_id(scribe.public, 1, 2)
    answer = scribe.write(
        *group(amount(first.row(0), 2, first.dot(0)), plan_line(3)),
        amount(made, 4, (scribe.dev, 1, 2)),
        plan_line(5),
        after=[first],
    )
    author = alliance["a"]
    whole = r.Suspension(alliance.workspace, author.org, author.public, 0, Z, 0, "lost", 1)
    late = held(whole, author.key)
    with bench(alliance) as found:
        found.receive(first, answer)
        assert found.of(answer) == [0] * 5
        learn(found, late)
        assert found.of(answer) == [v.ROW_QUARANTINED] * 4 + [0]
        same(found, alliance, [late], [first, answer])


def test_a_journal_beside_a_change_that_falls_stays_in_the_ledger() -> None:
    alliance = PaperAlliance("a", "b")
    lead, author = alliance["lead"], alliance["a"]
    first = author.write(plan_line(1))
    post = PostMark(1, 1, 1, alliance.workspace, None)
    mixed = lead.write(
        amount(first.row(0), 2, first.dot(0)),
        *group(post, *journal(lead.org, 5, -5)),
        after=[first],
    )
    whole = r.Suspension(alliance.workspace, author.org, author.public, 0, Z, 0, "lost", 1)
    late = held(whole, author.key)
    with bench(alliance) as made:
        made.receive(first, mixed)
        learn(made, late)
        assert made.of(mixed) == [v.ROW_QUARANTINED, *[0] * 5]
        same(made, alliance, [late], [first, mixed])
