"""Agreeing a version: what is posted, said once more before it cannot be undone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QWidget

from collabdesk.services.budgets.commands import AgreeBudgetVersion
from collabdesk.services.budgets.room import Plan
from collabdesk.ui.budgets.wording import exact
from collabdesk.ui.desk import Desk
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import panel, words

_FIRST: Final = (
    "Its figures are posted to the ledger as one balanced journal and no longer change. "
    "This cannot be undone; money moves by virement afterwards."
)
_REVISED: Final = (
    "What it changes of the agreed budget is posted as one balanced journal against unallocated "
    "money; virements and letters posted since it was copied stay. This cannot be undone."
)


class AgreeDialog(Dialog):
    """Ask whether the version shall be agreed and posted."""

    def __init__(self, around: Surroundings, desk: Desk, plan: Plan, parent: QWidget) -> None:
        """Say what will be posted."""
        super().__init__(around.look, f"Agree “{plan.version.name}”?", "small", parent)
        self._around, self._desk, self._plan = around, desk, plan
        self.banner = Banner(around.look)
        self.body.addWidget(self.banner)
        said = _REVISED if plan.version.kind == "revised" else _FIRST
        self.body.addWidget(words(said, wrap=True))
        self.body.addWidget(self._figures())
        role = QDialogButtonBox.ButtonRole
        self.verb = self.add_button("Agree and post", role.ApplyRole, primary=True)
        self.add_button("Cancel", role.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.send())

    def _figures(self) -> QWidget:
        now = self._plan.summary.current
        cells = QGridLayout()
        cells.setContentsMargins(12, 8, 12, 8)
        figures = (
            ("Envelope", now.envelope),
            ("Planned on lines", now.lines),
            ("Contingency", now.contingency),
            ("Left in the envelope", now.unallocated),
        )
        for line, (name, amount) in enumerate(figures):
            cells.addWidget(words(name, ink="secondary"), line, 0)
            figure = words(exact(amount), "bodyStrong")
            cells.addWidget(figure, line, 1, Qt.AlignmentFlag.AlignRight)
        cells.setColumnStretch(0, 1)
        made = panel("foot")
        made.setLayout(cells)
        return made

    def send(self) -> None:
        """Agree and post; a refusal stays in the dialog."""
        self.verb.setEnabled(False)
        command = AgreeBudgetVersion(self._plan.version.row)
        self._desk.submit(self, command, lambda _done: self.accept(), self._refuse)

    def _refuse(self, fault: Exception) -> None:
        self.verb.setEnabled(True)
        self.banner.refuse(self._around.explainer.explain(fault))
