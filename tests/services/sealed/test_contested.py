"""Confidential values that several people set: each opened, settled under seal."""

from __future__ import annotations

from collabdesk.domain.changes import Sealed, SetCells
from collabdesk.services.contested import KeepText, ResolveContested
from collabdesk.services.figures import contested_cells, overtaken
from collabdesk.services.needs import value_words
from collabdesk.services.sealed.opening import Standing
from collabdesk.storage.queries.history import history
from tests.services.sealed.scenes import STATEMENT, Scene


def contest(scene: Scene, **cells: int | str) -> tuple[str, bytes]:
    """Let both laptops of the lead set cells of a statement at the same time."""
    row = scene.state("a")
    scene.alliance.share_all()
    second = scene.second_laptop("lead")
    for name, add in (("lead", 1), (second, 2)):
        changed = {n: v + add if isinstance(v, int) else v * add for n, v in cells.items()}
        scene.desk(name).change(SetCells("share_statement", row, changed))
    scene.alliance.share_all()
    return second, row


def values(scene: Scene, name: str, row: bytes, column: str) -> set[object]:
    workspace = scene.desk(name).workspace
    found = workspace.query(workspace.opener().cell, "share_statement", row, column)
    return {one.value if one.standing is Standing.OPEN else one.standing for one in found}


def test_readers_see_both_values_and_settle_with_either(scene: Scene) -> None:
    second, row = contest(scene, share_p=100)
    assert values(scene, "a", row, "share_p") == {101, 102}
    assert values(scene, "b", row, "share_p") == {Standing.SEALED}
    (cell,) = scene.desk("lead").workspace.query(contested_cells, "share_statement")
    assert all(isinstance(one.value, Sealed) for one in cell.siblings)
    theirs = next(one for one in cell.siblings if one.author.device == scene.dev16(second))
    assert value_words("share_p", theirs.value) == "a confidential value"
    command = ResolveContested("share_statement", row, "share_p", theirs.value, "Checked")
    done = scene.desk("lead").run(command)
    assert done.words == ("Contested figure settled at a confidential value; this cannot be undone")
    scene.alliance.share_all()
    assert values(scene, "a", row, "share_p") == {102}
    assert values(scene, second, row, "share_p") == {102}


def test_a_third_value_settles_it_too_and_stays_sealed(scene: Scene) -> None:
    second, row = contest(scene, share_p=100)
    command = ResolveContested("share_statement", row, "share_p", 7, "Neither")
    assert "7" not in scene.desk("lead").run(command).words
    scene.alliance.share_all()
    assert values(scene, second, row, "share_p") == {7}
    assert values(scene, "b", row, "share_p") == {Standing.SEALED}
    assert len(scene.alliance.roots) == 1


def test_lists_of_any_table_show_that_something_is_there_and_not_what(scene: Scene) -> None:
    row = scene.state("a")
    (entry,) = scene.desk("lead").workspace.query(history, row)
    told = {change.column: str(change.new) for change in entry.changes}
    assert told["statement"] == told["share_p"] == "a confidential value"
    assert told["month"] == "6"
    assert STATEMENT not in str(entry)


def test_a_restored_text_is_sealed_anew(scene: Scene) -> None:
    proposal = scene.insert(
        "lead",
        "proposal",
        programme=scene.insert("lead", "programme", title="Call", kind="fund"),
        reference="P-1",
    )
    scene.alliance.share_all()
    second = scene.second_laptop("lead")
    scene.desk("lead").change(SetCells("proposal", proposal, {"title": "Ours"}))
    scene.desk(second).change(SetCells("proposal", proposal, {"title": "Theirs"}))
    scene.alliance.share_all()
    (lost,) = scene.desk("lead").workspace.query(overtaken, scene.org("lead"))
    scene.desk("lead").run(KeepText("proposal", proposal, "title", lost.mine.value))
    scene.alliance.share_all()
    shown = {scene.opened(name, proposal, "title", "proposal").value for name in ("a", second)}
    assert len(shown) == 1
    assert shown < {"Ours", "Theirs"}
