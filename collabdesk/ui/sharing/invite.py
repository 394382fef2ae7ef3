"""Admitting laptops by the words read out over the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.parts import column, emptied, holder, words
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.look_twice import LookTwice
from collabdesk.ui.sharing.steps import Step, StepsDialog

if TYPE_CHECKING:
    from collabdesk.services.control.laptops import Colleague
    from collabdesk.services.doors import Asking
    from collabdesk.services.workspace import Workspace

WAYS: Final = (
    "The person at the other laptop reads its eight words to you. Type them as you hear them; "
    "the first four letters of each are enough."
)
_NEW: Final = "new"
_PARTNER: Final = (
    "Its own laptop agrees at its next sharing; then the partners sign under “Decisions”, as many "
    "as must. Until then it sees the workspace's name and nothing else that is not signed for it."
)


@dataclass(frozen=True)
class _Looked:
    """Who asks, and for a laptop of one's own: whose it may be and what it may do."""

    found: tuple[Asking, ...]
    people: tuple[Colleague, ...] = ()
    roles: tuple[tuple[int, str], ...] = ()
    usual: frozenset[int] = frozenset()


class _Admitted(NamedTuple):
    who: tuple[str, ...]
    said: str


class InviteDialog(StepsDialog):
    """Which laptop do you admit?"""

    admitted = Signal(object)
    """The laptops admitted, in words."""

    def __init__(self, decider: Decider) -> None:
        """Ask for the words; whose laptop it is decides what is asked next."""
        super().__init__(decider, "Which laptop do you admit?")
        around, workspace = decider.around, decider.desk.workspace
        self.words = FieldBox(around, Field("words", "Its eight words", hint=WAYS, required=True))
        self.more = FieldBox(
            around,
            Field(
                "more", "Eight words of another laptop", hint="Only to admit two partners at once."
            ),
        )
        self.fields["words"] = self.words
        said = words(
            "They join with this workspace's words: "
            f"{' '.join(decider.house.doors.workspace_words(workspace))}",
            ink="secondary",
            wrap=True,
        )
        self._check = words("", "bodyStrong", wrap=True)
        self._asked = column(gap=4)
        self.person = FieldBox(around, Field("person", "Whose is it?", "choice"))
        self.fields["person"] = self.person
        self.roles: dict[int, QCheckBox] = {}
        self.alike = LookTwice(around.look)
        middle = column(self._check, self.alike, gap=8)
        middle.addLayout(self._asked)
        middle.addStretch(1)
        self.put_steps(
            Step(
                holder(column(self.words, self.more, said, None)),
                self.words.control,
                "Find it",
                self._find,
            ),
            Step(holder(middle), None, "Admit", self._admit),
            Step(
                holder(column(self.done_words, self.then_words, None, gap=8)),
                None,
                "Close",
                self.accept,
            ),
        )
        self._looked = _Looked(())
        self.show_step(0)

    @property
    def typed(self) -> list[str]:
        """The words typed, of one laptop or two."""
        boxes = (self.words, self.more)
        return [box.text for box in boxes if box.text.strip()] or [""]

    def _find(self) -> None:
        doors, typed = self.decider.house.doors, self.typed

        def look(workspace: Workspace) -> _Looked:
            from collabdesk.services.control.laptops import (
                ADMINISTRATOR,
                colleagues,
                roles_to_give,
            )

            found = tuple(doors.asking(workspace, one) for one in typed)
            if not any(one.ours for one in found):
                return _Looked(found)
            roles = roles_to_give(workspace)
            usual = frozenset(number for number, _ in roles if number != ADMINISTRATOR)
            return _Looked(found, colleagues(workspace), roles, usual)

        self.wait()
        self.decider.read(self, look, self._ask, self.refuse)

    def _ask(self, looked: _Looked) -> None:
        self._looked = looked
        listed = "; ".join(
            f"{one.laptop} of {one.person}, {one.organisation_name} ({one.ods})"
            for one in looked.found
        )
        self._check.setText(f"{listed}, asks with these words.")
        self.alike.say([said for one in looked.found for said in one.alike])
        emptied(self._asked)
        self.roles.clear()
        if self._ours:
            self._ask_whose(looked)
        else:
            self._asked.addWidget(words(_PARTNER, ink="secondary", wrap=True))
        self.show_step(1)

    @property
    def _ours(self) -> bool:
        found = self._looked.found
        return len(found) == 1 and found[0].ours

    def _ask_whose(self, looked: _Looked) -> None:
        asked = looked.found[0]
        listed = tuple((one.person.hex(), one.name) for one in looked.people)
        same = next((key for key, name in listed if name == asked.person), _NEW)
        choices = (*listed, (_NEW, f"Somebody new: {asked.person}"))
        whose = Field("person", "Whose is it?", "choice", choices=choices, value=same)
        self.person = FieldBox(self.decider.around, whose)
        self.fields["person"] = self.person
        self._asked.addWidget(self.person)
        self._asked.addWidget(words("What may it do?", "bodyStrong"))
        for number, said in looked.roles:
            box = QCheckBox(said)
            box.setChecked(number in looked.usual)
            self.roles[number] = box
            self._asked.addWidget(box)

    def _admit(self) -> None:
        self.wait()
        work = self._enrol if self._ours else self._admit_partners
        self.decider.run(self, work, self._done, self.refuse)

    def _enrol(self, workspace: Workspace) -> _Admitted:
        from collabdesk.services.control.laptops import enrol_laptop

        asked, chosen, typed = self._looked.found[0], self.person.text, self.typed[0]
        roles = [number for number, box in self.roles.items() if box.isChecked()]
        known = None if chosen == _NEW else bytes.fromhex(chosen)
        new = asked.person if chosen == _NEW else ""
        done = self.decider.house.doors.at_folder(
            workspace,
            lambda store: enrol_laptop(
                workspace, store, typed, person=known, new_person=new, roles=roles
            ),
        )
        return _Admitted((asked.words,), done.sentence)

    def _admit_partners(self, workspace: Workspace) -> _Admitted:
        admitted = self.decider.house.doors.enrol(workspace, self.typed)
        return _Admitted(admitted, f"Proposed: {'; '.join(admitted)}.")

    def _done(self, done: _Admitted) -> None:
        self.tell(done.said, "It takes effect when that laptop has shared once more.")
        self.admitted.emit(done.who)
        self.decider.decided.emit(done.said)
