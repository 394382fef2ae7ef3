"""Who opens what is confidential, and that nobody else holds it."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest

from collabdesk.domain.changes import OWN, Approve, Insert, NewRow, SetCells
from collabdesk.errors import Refusal
from collabdesk.services.sealed.opening import Standing
from collabdesk.storage.queries.state import projection_digests
from tests.services.sealed.scenes import AMOUNT, STATEMENT, Scene


def test_the_partner_and_the_lead_read_a_statement_and_nobody_else(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    for name in ("lead", "a"):
        assert scene.opened(name, row, "statement").value == STATEMENT
        assert scene.opened(name, row, "share_p").value == AMOUNT
    other = scene.opened("b", row, "share_p")
    assert other.standing is Standing.SEALED
    assert other.value is None
    assert other.words == (
        "Sealed for the finance leads of the partner it is about and of the lead provider."
    )
    assert len(scene.alliance.roots) == 1


def test_a_row_is_shown_with_its_open_cells(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    for name, shown in (("a", AMOUNT), ("b", None)):
        workspace = scene.desk(name).workspace
        (found,) = workspace.query(workspace.opener().rows, "share_statement")
        assert found.row == row
        assert found.cells["month"] == 6
        assert found.cells["partner"] == scene.org("a")
        assert found.value("share_p") == shown
        assert found.value("beyond_cap_p") is None
        assert "beyond_cap_p" not in found.opened


def test_no_disk_holds_the_words_not_even_a_readers(scene: Scene) -> None:
    """Segments are packed, so bodies are unpacked; the databases are searched as they lie."""
    row = scene.state("a")
    scene.insert("lead", "programme", title="A title in clear", kind="fund")
    scene.alliance.share_all()
    assert scene.opened("a", row, "statement").value == STATEMENT
    for name in ("lead", "a", "b"):
        found = b"".join(scene.bytes_of(name))
        assert STATEMENT.encode() not in found, "not in a journal of the open database either"
    scene.alliance.close()
    disks = {name: list(scene.bytes_of(name)) for name in ("lead", "a", "b")}
    disks["share"] = list(scene.shared_bytes())
    for where, files in disks.items():
        found = b"".join([*files, *unpacked(files)])
        assert STATEMENT.encode() not in found, where
        assert AMOUNT.to_bytes(4) not in found, where
        assert b"A title in clear" in found, "the search would find what lies in clear"


def unpacked(files: list[bytes]) -> list[bytes]:
    """Return what every packed body found anywhere in the files unpacks to."""
    found = []
    for content in files:
        at = content.find(b"\x78\x9c")
        while at >= 0:
            with suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(content[at:]))
            at = content.find(b"\x78\x9c", at + 1)
    return found


def test_no_verdict_or_root_depends_on_being_a_reader(scene: Scene) -> None:
    scene.state("a")
    scene.state("b")
    scene.alliance.share_all()
    assert len(scene.alliance.roots) == 1
    digests = [desk.workspace.query(projection_digests) for desk in scene.alliance.desks.values()]
    tables = ("budgets_share_statement", "cell", "row", "contested")
    assert len({tuple(found[table] for table in tables) for found in digests}) == 1


def test_rebuilding_opens_nothing_and_changes_nothing(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    for name in ("a", "b"):
        workspace = scene.desk(name).workspace
        before = workspace.query(projection_digests)
        workspace.rebuild().result()
        assert workspace.query(projection_digests) == before
    assert scene.opened("a", row, "statement").value == STATEMENT


def test_a_laptop_without_its_key_says_so(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    scene.desk("a").keys.kept.clear()
    scene.desk("a").reopen()
    found = scene.opened("a", row, "statement")
    assert found.standing is Standing.BROKEN
    assert "not in its key store" in found.words
    assert found.value is None


def test_a_changed_value_is_sealed_anew_and_the_old_one_is_replaced(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    old = scene.desk("b").live(row, 11)
    scene.desk("lead").change(SetCells("share_statement", row, {"share_p": -5}))
    scene.alliance.share_all()
    assert scene.opened("a", row, "share_p").value == -5
    assert scene.desk("b").live(row, 11) != old
    assert scene.standing("b", row, "share_p") is Standing.SEALED


def test_two_cells_of_one_command_on_a_new_row_are_sealed_for_its_party(scene: Scene) -> None:
    made = scene.desk("lead").change(
        Insert("share_statement", OWN, _frame(scene, "b"), key="new"),
        SetCells("share_statement", NewRow("new"), {"share_p": 7, "statement": "later"}),
    )
    scene.alliance.share_all()
    assert scene.opened("b", made["new"], "share_p").value == 7
    assert scene.standing("a", made["new"], "statement") is Standing.SEALED


def _frame(scene: Scene, partner: str) -> dict[str, bytes | str | int]:
    return {"fiscal_year": "2026/27", "month": 6, "partner": scene.org(partner)}


def test_an_emptied_cell_is_empty_for_all(scene: Scene) -> None:
    row = scene.state("a")
    scene.desk("lead").change(SetCells("share_statement", row, {"share_p": None}))
    scene.alliance.share_all()
    for name in ("lead", "a", "b"):
        workspace = scene.desk(name).workspace
        assert workspace.query(workspace.opener().cell, "share_statement", row, "share_p") == ()


def test_approvals_name_the_sealed_bytes(scene: Scene) -> None:
    """Whoever cannot open them judges the approval all the same."""
    row = scene.state("a")
    scene.alliance.share_all()
    scene.desk("a").change(Approve("share_statement", row, ("share_p",)))
    scene.alliance.share_all()
    assert len(scene.alliance.roots) == 1


def test_nobody_approves_what_they_cannot_read(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    with pytest.raises(Refusal, match="cannot read what would be approved") as caught:
        scene.desk("b").change(Approve("share_statement", row, ("share_p",)))
    assert caught.value.field == "share_p"


def test_what_is_no_value_of_its_kind_is_refused_in_words(scene: Scene) -> None:
    for wrong in ("much", True):
        with pytest.raises(Refusal) as caught:
            scene.state("a", share_p=wrong)
        assert caught.value.field == "share_p"


def test_a_text_over_the_cap_is_refused_in_words(scene: Scene) -> None:
    with pytest.raises(Refusal, match="too long to be sealed for 2 laptops"):
        scene.state("a", statement="x" * 65_500)


def test_sealed_bytes_entered_again_are_opened_and_sealed_anew(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    content = scene.content("lead", row, "statement")
    again = scene.insert("lead", "share_statement", **_frame(scene, "b"), statement=content)
    scene.alliance.share_all()
    assert scene.opened("b", again, "statement").value == STATEMENT
    assert content not in scene.desk("b").live(again, 13)


def test_sealed_bytes_that_one_cannot_read_cannot_be_entered_again(scene: Scene) -> None:
    row = scene.state("a")
    scene.alliance.share_all()
    content = scene.content("b", row, "statement")
    with pytest.raises(Refusal, match="sealed for other laptops") as caught:
        scene.insert("b", "share_statement", **_frame(scene, "b"), statement=content)
    assert caught.value.remedy
