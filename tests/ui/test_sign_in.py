"""Nothing that approves or posts is sent before the person has signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from collabdesk.errors import CollabDeskError
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.budgets.commands import AgreeBudgetVersion, CreateBudgetVersion
from collabdesk.services.membership import Founder
from collabdesk.services.workspace import Workspace
from collabdesk.ui.desk import Desk, SignIn
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import children
from collabdesk.ui.sign_in import SignInDialog, ask_to_sign_in
from tests.support.shell import until
from tests.ui.hands import keys, press, show

PASSPHRASE = "copper harvest window"  # noqa: S105 - of a test
COMMAND = AgreeBudgetVersion(b"v" * 16)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk of a workspace in earnest, its keys sealed by a passphrase."""
    workspace = Workspace.found(
        tmp_path / "laptop",
        PassphraseStore.create(tmp_path / "keys.sealed", PASSPHRASE, Work(1, 8192)),
        name="Alliance",
        founder=Founder("Lincolnshire Partnership", "RP7", "Finance lead", "Laptop 1"),
        store=str(tmp_path / "share"),
        slot="rp7",
    )
    made = Desk(workspace)
    yield made
    made.close()
    workspace.close()


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    """Whatever a command is sent from."""
    made = QWidget()
    qtbot.addWidget(made)
    show(made)
    return made


def test_an_approval_waits_until_somebody_signs_in(
    qtbot: QtBot, around: Surroundings, desk: Desk, owner: QWidget
) -> None:
    told: list[str] = []
    desk.sign_in_wanted.connect(lambda wanted: ask_to_sign_in(around, desk, wanted, owner))
    desk.submit(owner, COMMAND, refused=lambda fault: told.append(code(fault)))
    until(qtbot, lambda: bool(children(owner, SignInDialog)))
    (dialog,) = children(owner, SignInDialog)
    assert dialog.answer.echoMode() is QLineEdit.EchoMode.Password
    keys(dialog.answer, "another passphrase")
    press(dialog, "Sign in")
    until(qtbot, lambda: "does not open" in dialog.box.fault)
    assert told == []
    dialog.answer.clear()
    keys(dialog.answer, PASSPHRASE)
    press(dialog, "Sign in")
    until(qtbot, lambda: bool(told))
    assert told == ["not_here"]


def test_whoever_does_not_sign_in_sends_nothing(
    qtbot: QtBot, around: Surroundings, desk: Desk, owner: QWidget
) -> None:
    told: list[str] = []
    desk.sign_in_wanted.connect(lambda wanted: ask_to_sign_in(around, desk, wanted, owner))
    desk.submit(owner, COMMAND, refused=lambda fault: told.append(code(fault)))
    until(qtbot, lambda: bool(children(owner, SignInDialog)))
    press(children(owner, SignInDialog)[0], "Cancel")
    assert told == ["not-signed-in"]


def test_where_nobody_asks_nothing_is_sent(qtbot: QtBot, desk: Desk, owner: QWidget) -> None:
    told: list[str] = []
    asked: list[SignIn] = []
    desk.sign_in_wanted.connect(asked.append)
    desk.submit(owner, COMMAND, refused=lambda fault: told.append(code(fault)))
    until(qtbot, lambda: bool(asked))
    assert told == []


def test_drafting_is_not_asked(qtbot: QtBot, desk: Desk, owner: QWidget) -> None:
    asked: list[SignIn] = []
    desk.sign_in_wanted.connect(asked.append)
    with qtbot.waitSignal(desk.did):
        desk.submit(owner, CreateBudgetVersion("2026/27", "Draft"))
    assert asked == []


def code(fault: Exception) -> str:
    """Return what a refusal is called."""
    assert isinstance(fault, CollabDeskError)
    return fault.code
