"""A lost laptop replaced: which one, the new one's words, and one signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from collabdesk.errors import Refusal
from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.parts import column, holder, words
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.look_twice import LookTwice
from collabdesk.ui.sharing.steps import Step, StepsDialog

if TYPE_CHECKING:
    from collabdesk.services.control.people import Seated
    from collabdesk.services.control.roster_signing import Listed
    from collabdesk.services.doors import Asking
    from collabdesk.services.workspace import Workspace

HOW: Final = (
    "On the new laptop: install CollabDesk, choose “Join a workspace”, and have its eight words "
    "read to you. The first four letters of each are enough."
)


class ReplaceDialog(StepsDialog):
    """Which laptop was lost?"""

    def __init__(self, decider: Decider, seats: Sequence[Seated], chosen: bytes) -> None:
        """Offer the laptops that can be replaced; the one chosen in the table is chosen here."""
        super().__init__(decider, "Which laptop was lost?")
        self._group = QButtonGroup(self)
        self.choices = {seat.key: QRadioButton(_said(seat)) for seat in seats}
        self._seats = {seat.key: seat for seat in seats}
        for key, choice in self.choices.items():
            self._group.addButton(choice)
            choice.setChecked(key == chosen or len(seats) == 1)
        self.words = FieldBox(
            decider.around, Field("words", "The new laptop's eight words", hint=HOW, required=True)
        )
        self.fields["words"] = self.words
        self._check = words("", wrap=True)
        self.alike = LookTwice(decider.around.look)
        self._effect = words("", ink="secondary", wrap=True)
        first = next((one for one in self.choices.values() if one.isChecked()), None)
        self.put_steps(
            Step(
                self._which(),
                first or next(iter(self.choices.values()), None),
                "Continue",
                self._chosen,
            ),
            Step(holder(column(self.words, None)), self.words.control, "Find it", self._find),
            Step(
                holder(column(self._check, self.alike, self._effect, None, gap=8)),
                None,
                "Replace",
                self._replace,
            ),
            Step(
                holder(column(self.done_words, self.then_words, None, gap=8)),
                None,
                "Close",
                self.accept,
            ),
        )
        self.show_step(0)

    def _which(self) -> QWidget:
        said = words(
            "The person keeps name, roles and history. What the lost laptop shared until now "
            "stands; what anybody shares from it later is kept aside.",
            ink="secondary",
            wrap=True,
        )
        return holder(column(*self.choices.values(), 4, said, None, gap=4))

    @property
    def lost(self) -> Seated | None:
        """The laptop that was lost."""
        found = (key for key, one in self.choices.items() if one.isChecked())
        return self._seats.get(next(found, b""))

    def _chosen(self) -> None:
        if self.lost is None:
            self.refuse(Refusal(code="no-laptop", words="No laptop is chosen yet."))
        else:
            self.show_step(1)

    def _find(self) -> None:
        doors, typed, lost = self.decider.house.doors, self.words.text, self.lost
        beside = lost.key if lost else None
        self.wait()
        self.decider.read(self, lambda w: doors.asking(w, typed, beside), self._found, self.refuse)

    def _found(self, asking: Asking) -> None:
        lost = self.lost
        if lost is None:
            return
        if not asking.ours:
            self.refuse(_of_another_trust(asking))
            return
        self._check.setText(
            f"{asking.laptop} of {asking.person}, {asking.organisation_name}, asks with these "
            f"words. It takes the place of {lost.label} of {lost.person}."
        )
        self.alike.say(asking.alike)
        ledger = " It keeps the ledger from then on." if lost.keeps_ledger else ""
        self._effect.setText(
            f"{lost.label} is retired at once. {asking.laptop} may act as {lost.roles_said}, as "
            f"before.{ledger}"
        )
        self.show_step(2)

    def _replace(self) -> None:
        from collabdesk.services.control.laptops import replace_laptop

        lost, doors, typed = self.lost, self.decider.house.doors, self.words.text
        if lost is None:
            return

        def work(workspace: Workspace) -> Listed:
            return doors.at_folder(
                workspace, lambda store: replace_laptop(workspace, store, typed, lost.key)
            )

        self.wait()
        self.decider.run(self, work, self._done, self.refuse)

    def _done(self, listed: Listed) -> None:
        self.tell(
            listed.sentence,
            "It can work once it has shared. If work on the lost laptop had not gone out, it is "
            "lost; what arrives from it later stands under “Kept aside”.",
        )
        self.decider.decided.emit(listed.sentence)


def _said(seat: Seated) -> str:
    ledger = ", keeps the ledger" if seat.keeps_ledger else ""
    return f"{seat.label} of {seat.person}{ledger}"


def _of_another_trust(asking: Asking) -> Refusal:
    return Refusal(
        code="another-organisation",
        words=f"These are the words of {asking.words}: a laptop of another trust.",
        remedy="Have the words read out on the laptop that is to take the lost one's place.",
        field="words",
    )
