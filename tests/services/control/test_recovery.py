"""The printed recovery key: made, mistyped, listed, and used when the only laptop is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.changes import SetCells
from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.control import recovery, votes
from collabdesk.services.control.promises import promises
from collabdesk.services.recovery_key import RecoveryKey, read_recovery_key
from tests.services.control.desks import LINE, enrolled, key_of, org_of, sign_all
from tests.support.alliance import Alliance, ask, found_alliance, further

KEYS = {name: RecoveryKey(bytes([at]) * 32) for at, name in enumerate(("lead", "a", "b"), 1)}


@pytest.fixture(scope="module")
def printed_once(tmp_path_factory: pytest.TempPathFactory) -> Alliance:
    made = found_alliance(tmp_path_factory.mktemp("printed") / "alliance", recovery=KEYS)
    made.close()
    return made


@pytest.fixture
def printed(printed_once: Alliance, tmp_path: Path) -> Iterator[Alliance]:
    """Three partners, each with a printed recovery key."""
    copy = printed_once.copy_to(tmp_path / "alliance")
    yield copy
    copy.close()


@given(st.binary(min_size=32, max_size=32))
def test_what_is_printed_is_read_back(secret: bytes) -> None:
    key = RecoveryKey(secret)
    assert len(key.rows) == 6
    assert read_recovery_key("\n".join(key.rows)).secret == secret
    assert read_recovery_key(" ".join(key.words)).secret == secret
    short = " ".join(word[:4].upper() for word in key.words)
    assert read_recovery_key(short).public == key.public


def test_a_mistyped_row_is_named() -> None:
    rows = list(RecoveryKey(bytes(range(32))).rows)
    words = rows[2].split(" ")
    words[2] = "zoo" if words[2] != "zoo" else "able"
    rows[2] = " ".join(words)
    with pytest.raises(Refusal, match="Row 3 does not agree"):
        read_recovery_key("\n".join(rows))
    with pytest.raises(Refusal, match="Word 2 of row 1, “xyzzy”"):
        read_recovery_key("\n".join(["1. able xyzzy able able 00", *rows[1:]]))
    with pytest.raises(Refusal, match="20 words were typed"):
        read_recovery_key("\n".join(rows[:5]))
    words = " ".join(RecoveryKey(bytes(32)).words).split(" ")
    words[0], words[23] = words[23], words[0]
    with pytest.raises(Refusal, match="do not belong together"):
        read_recovery_key(" ".join(words))


def test_every_partner_has_its_recovery_key_from_the_start(printed: Alliance) -> None:
    for name, desk in printed.desks.items():
        assert recovery.has_recovery_key(desk.workspace)
        book = desk.workspace.book
        entry = next(e for e in book.epoch.orgs if e.org == org_of(desk))
        assert entry.admins == tuple(sorted((key_of(desk), KEYS[name].public)))
        roster = book.roster(entry.org)
        assert roster is not None
        listed = next(d for d in roster.devices if d.key == KEYS[name].public)
        assert (listed.label, listed.roles) == ("Recovery key", ())
        assert listed.seal_key == KEYS[name].seal_public
    said = [promise for promise in promises(book) if "recovery key" in promise.words]
    assert said == []


def test_the_sheet_says_what_it_is_for(printed: Alliance, tmp_path: Path) -> None:
    sheet = recovery.sheet(printed.desks["a"].workspace, KEYS["a"])
    sheet.write(tmp_path / "sheet.html")
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "Recovery key of Lincolnshire Partnership" in page
    assert " ".join(KEYS["a"].words[:4]) in page
    sheet.write(tmp_path / "sheet.txt")
    text = (tmp_path / "sheet.txt").read_text(encoding="utf-8")
    assert read_recovery_key(text.split("rows below.")[1]).secret == KEYS["a"].secret
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(NotPossible):
        sheet.write(tmp_path / "taken" / "sheet.txt")


def test_the_only_laptop_is_lost_and_the_trust_goes_on(printed: Alliance) -> None:
    lost, lead, b = (printed.desks[name] for name in ("a", "lead", "b"))
    row = lost.change(LINE)["line"]
    printed.share_all(2)
    person, old = lost.workspace.me().person, key_of(lost)
    printed.desks.pop("a").workspace.close()
    again = ask(printed, "a2", founder=further("a", "whoever", "QI laptop 2"))
    done = recovery.use_recovery_key(again.workspace, "\n".join(KEYS["a"].rows))
    assert done.in_force
    assert done.words.startswith("QI laptop 2 takes the place of QI lead laptop 1 for QI lead.")
    assert "old laptop can sign for the organisation until" in done.words
    book = again.workspace.book
    assert any("A retired laptop can still sign" in promise.words for promise in promises(book))
    printed.share_all(2)
    me = again.workspace.me()
    assert (me.person, me.role) == (person, "QI lead")
    again.change(SetCells("plan_line", row, {"m1": 4}))
    printed.share_all(2)
    assert b.live(row, 11) == {4}
    votes.review(lead.workspace)
    printed.share_all(2)
    sign_all(b)
    printed.share_all(2)
    entry = next(e for e in lead.workspace.book.epoch.orgs if e.org == me.organisation)
    assert key_of(again) in entry.admins
    assert old not in entry.admins
    said = [promise.words for promise in promises(lead.workspace.book)]
    assert not any("A retired laptop" in words for words in said)
    assert KEYS["a"].public in entry.admins


def test_the_founder_alone_recovers_ledger_and_membership_at_once(tmp_path: Path) -> None:
    alliance = found_alliance(tmp_path / "alone", (), recovery=KEYS)
    lead = alliance.desks.pop("lead")
    row = lead.change(LINE)["line"]
    lead.share()
    alliance.desks["lead"] = lead
    again = ask(alliance, "l2", founder=further("lead", "Finance lead", "Finance laptop 2"))
    alliance.desks.pop("lead").workspace.close()
    recovery.use_recovery_key(again.workspace, " ".join(KEYS["lead"].words))
    book = again.workspace.book
    assert book.keeper == key_of(again)
    assert book.epoch.n == 1
    assert key_of(again) in book.epoch.orgs[0].admins
    assert again.live(row, 3) == {"RHA"}
    again.share()
    alliance.close()


def test_a_retired_administrators_laptop_does_not_put_itself_back(printed: Alliance) -> None:
    found, again = (
        printed.desks["a"],
        ask(printed, "a2", founder=further("a", "whoever", "QI laptop 2")),
    )
    recovery.use_recovery_key(again.workspace, " ".join(KEYS["a"].words))
    printed.share_all(3)
    assert not found.workspace.enrolled
    assert again.workspace.enrolled
    assert len(found.workspace.book.rosters(org_of(again))) == 2


def test_a_recovery_key_of_somebody_else_is_refused(printed: Alliance) -> None:
    again = ask(printed, "a2", founder=further("a", "QI lead", "QI laptop 2"))
    with pytest.raises(Refusal, match="signs for no organisation"):
        recovery.use_recovery_key(again.workspace, " ".join(RecoveryKey(bytes(32)).words))
    with pytest.raises(Refusal, match="asked to join for Lincolnshire"):
        recovery.use_recovery_key(again.workspace, " ".join(KEYS["b"].words))
    with pytest.raises(Refusal, match="needs no recovery key"):
        recovery.use_recovery_key(printed.desks["a"].workspace, " ".join(KEYS["a"].words))


def test_which_of_several_laptops_was_lost_is_asked(printed: Alliance) -> None:
    second = enrolled(printed, "a2", "a", "Ward manager", "Ward laptop")
    again = ask(printed, "a3", founder=further("a", "x", "Ward laptop 2"))
    choices = recovery.lost_choices(again.workspace, KEYS["a"])
    assert [device.label for device in choices] == ["QI lead laptop 1", "Ward laptop"]
    said = recovery.use_recovery_key(
        again.workspace, " ".join(KEYS["a"].words), lost=key_of(second)
    )
    assert "takes the place of Ward laptop" in said.words


def test_a_recovery_key_made_later_signs_from_the_next_membership_on(alliance: Alliance) -> None:
    a, lead, b = (alliance.desks[name] for name in ("a", "lead", "b"))
    assert not recovery.has_recovery_key(a.workspace)
    recovery.list_recovery_key(a.workspace, KEYS["a"])
    alliance.share_all(2)
    proposed = votes.review(lead.workspace)
    assert any("recovery key of Lincolnshire" in line for line in proposed.changes)
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(2)
    assert recovery.has_recovery_key(a.workspace)
    recovery.list_recovery_key(a.workspace, KEYS["b"])
    roster = a.workspace.book.roster(org_of(a))
    assert roster is not None
    assert KEYS["a"].public not in {device.key for device in roster.devices}
