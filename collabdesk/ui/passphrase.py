"""Asking for the passphrase of a workspace's keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import words


class PassphraseDialog(Dialog):
    """Which passphrase opens the keys of this workspace?"""

    typed = Signal(str)

    def __init__(self, around: Surroundings, why: CollabDeskError, parent: QWidget) -> None:
        """Say which keys are meant, or that the passphrase before was wrong."""
        super().__init__(around.look, "What is the passphrase of this workspace?", "small", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Passphrase")
        wrong = why.code == "wrong-passphrase"
        said = words(why.words, ink="danger" if wrong else "primary", wrap=True)
        self.body.addWidget(said)
        self.body.addWidget(words("Passphrase", "bodyStrong"))
        self.body.addWidget(self.passphrase)
        self.add_button("Open", QDialogButtonBox.ButtonRole.AcceptRole, primary=True)
        self.add_button("Not now", QDialogButtonBox.ButtonRole.RejectRole)
        self.accepted.connect(lambda: self.typed.emit(self.passphrase.text()))
