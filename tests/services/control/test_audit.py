"""The audit list and what a workspace can promise, in words."""

from __future__ import annotations

from pathlib import Path

from collabdesk.services.control import audit, laptops, suspend, votes
from collabdesk.services.control.promises import promises
from tests.services.control.desks import enrolled, key_of, sign_all
from tests.support.alliance import Alliance, found_alliance


def test_every_decision_is_listed_with_who_signed_and_what_it_changed(
    alliance: Alliance,
) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    done = suspend.suspend(a.workspace, key_of(second), "Lost")
    suspend.lift(a.workspace, done.record)
    laptops.retire_laptop(a.workspace, key_of(second))
    votes.void(b.workspace)
    alliance.share_all(2)
    votes.review(lead.workspace)
    alliance.share_all(2)
    found = audit.decisions(b.workspace)
    titles = [decided.title for decided in found]
    assert titles.count("Laptops of Lincolnshire Partnership NHS Foundation Trust") == 4
    assert {"Workspace founded", "Membership 1", "Membership 2", "Turn to vote passed over"} <= set(
        titles
    )
    said = {line for decided in found for line in decided.changes}
    assert "Ward laptop of Ward manager is enrolled as " in " ".join(said)
    assert any(line.startswith("Ward laptop is retired") for line in said)
    by_title = {decided.title: decided for decided in found}
    assert by_title["Laptop suspended"].standing == audit.LIFTED
    assert by_title["Membership 2"].standing == audit.WAITS
    assert by_title["Membership 1"].standing == audit.IN_FORCE
    assert by_title["Laptop suspended"].signed_by == (
        "QI lead, Lincolnshire Partnership NHS Foundation Trust",
    )
    assert all(decided.first_seen_ms > 0 for decided in found)
    assert found == audit.decisions(b.workspace)
    sign_all(a)
    alliance.share_all(2)
    again = {decided.title: decided for decided in audit.decisions(b.workspace)}
    assert again["Membership 2"].standing == audit.IN_FORCE


def test_what_one_two_and_three_organisations_can_promise(
    alliance: Alliance, tmp_path: Path
) -> None:
    alone = found_alliance(tmp_path / "alone", ())
    pair = found_alliance(tmp_path / "pair", ("a",))

    def limits(alliance: Alliance) -> str:
        book = alliance.desks["lead"].workspace.book
        return " ".join(promise.words for promise in promises(book) if not promise.kept)

    assert "nobody else can vouch" in limits(alone)
    assert "neither can suspend the other's laptops" in limits(pair)
    assert "stops the membership for ever" in limits(pair)
    kept = [p.words for p in promises(alliance.desks["a"].workspace.book) if p.kept]
    assert "2 of 3 organisations must agree" in kept[0]
    assert "has no recovery key" in limits(alliance)
    alone.close()
    pair.close()
