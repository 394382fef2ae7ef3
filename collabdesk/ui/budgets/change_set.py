"""The signed change set behind an entry of a history."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QWidget

from collabdesk.services.figures import Signed
from collabdesk.ui.budgets.wording import laptop, when
from collabdesk.ui.desk import Desk
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.parts import panel, words
from collabdesk.ui.theme import Look


class ChangeSetDialog(Dialog):
    """Who signed a change, on which laptop, and where it stands in that laptop's chain."""

    def __init__(self, look: Look, desk: Desk, one: Signed, parent: QWidget) -> None:
        """Show what is signed."""
        sealed = bool(one.author.segment)
        title = "Signed and verified" if sealed else "Signed when it is next shared"
        super().__init__(look, title, "small", parent)
        cells = QGridLayout()
        cells.setContentsMargins(12, 8, 12, 8)
        for line, (name, said) in enumerate(_facts(desk, one)):
            cells.addWidget(words(name, ink="secondary"), line, 0)
            cells.addWidget(words(said, "bodyStrong", wrap=True), line, 1)
        cells.setColumnStretch(1, 1)
        shown = panel("foot")
        shown.setLayout(cells)
        self.body.addWidget(shown)
        self.add_button("Close", QDialogButtonBox.ButtonRole.RejectRole, primary=True)


def _facts(desk: Desk, one: Signed) -> list[tuple[str, str]]:
    author = one.author
    number = f"Change set {one.dot[1]} of this laptop, change {one.dot[2] + 1} in it"
    facts = [
        ("By", desk.who(author)),
        ("Laptop", laptop(author, desk)),
        ("Its clock", when(author)),
        ("Place", number),
    ]
    if author.segment:
        facts.append(("Fingerprint", " ".join(_fours(author.segment.hex()[:32]))))
    return facts


def _fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]
