"""A question asked in steps: each says where it stands, and nothing is signed before the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QStackedWidget, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.dialog import Dialog, Size
from collabdesk.ui.form import FieldBox
from collabdesk.ui.messages import Banner
from collabdesk.ui.parts import words
from collabdesk.ui.sharing.deciding import Decider


class Step(NamedTuple):
    """One step: what is shown, where the keyboard goes, the verb, and what it does."""

    shown: QWidget
    first: QWidget | None
    verb: str
    forward: Callable[[], object]


class StepsDialog(Dialog):
    """A dialog of a few steps with one verb; the last only says what was done."""

    def __init__(self, decider: Decider, question: str, size: Size = "medium") -> None:
        """Ask over the window of the page; a subclass gives the steps."""
        super().__init__(decider.around.look, question, size, decider.page.window())
        self.decider = decider
        self.place = words("", "caption", "secondary")
        self.banner = Banner(decider.around.look)
        self.stack = QStackedWidget()
        self.done_words = words("", "bodyStrong", wrap=True)
        self.then_words = words("", wrap=True)
        self.steps: list[Step] = []
        self.fields: dict[str, FieldBox] = {}
        for thing in (self.place, self.banner, self.stack):
            self.body.addWidget(thing)
        role = QDialogButtonBox.ButtonRole
        self.verb = self.add_button("Continue", role.ApplyRole, primary=True)
        self.back = self.add_button("Back", role.ActionRole)
        self.cancel = self.add_button("Cancel", role.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.go_on())
        self.back.clicked.connect(lambda _on=False: self.show_step(self.at - 1))

    def put_steps(self, *steps: Step) -> None:
        """Give the steps, the last of which says what was done."""
        self.steps = list(steps)
        for step in steps:
            self.stack.addWidget(step.shown)

    @property
    def at(self) -> int:
        """The step on show, from 0."""
        return self.stack.currentIndex()

    def show_step(self, at: int) -> None:
        """Show a step and give it the keyboard."""
        step, last = self.steps[at], at == len(self.steps) - 1
        self.banner.hide()
        self.stack.setCurrentIndex(at)
        steps = len(self.steps) - 1
        self.place.setText(f"Step {at + 1} of {steps}")
        self.place.setVisible(steps > 1 and not last)
        self.verb.setText(step.verb)
        self.verb.setAccessibleName(step.verb)
        self.verb.setEnabled(True)
        self.back.setVisible(at > 0 and not last)
        self.cancel.setVisible(not last)
        (step.first or self.verb).setFocus(Qt.FocusReason.OtherFocusReason)
        self.grow()

    def grow(self) -> None:
        """Be as high as what is shown now needs."""
        self.stack.updateGeometry()
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            need = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(need, layout.sizeHint().height(), self.height()))

    def go_on(self) -> None:
        """Do what the verb of this step says."""
        for box in self.fields.values():
            box.fault = ""
        self.banner.hide()
        self.steps[self.at].forward()

    def wait(self) -> None:
        """Keep the verb from being pressed twice."""
        self.verb.setEnabled(False)

    def refuse(self, fault: Exception) -> None:
        """Say at the field, or over the step, why it was not done; nothing typed is lost."""
        self.verb.setEnabled(True)
        explained = self.decider.around.explainer.explain(fault)
        key = fault.field if isinstance(fault, CollabDeskError) else ""
        box = self.fields.get(key)
        if box is None or not box.isVisibleTo(self):
            self.banner.refuse(explained)
            return
        box.fault = f"{explained.happened} {explained.remedy}".strip()
        box.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, done: str, then: str) -> None:
        """Say what was done and what happens next, on the last step."""
        self.done_words.setText(done)
        self.then_words.setText(then)
        self.show_step(len(self.steps) - 1)
