"""Home: what needs me, where do we stand, what changed since I was last here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from collabdesk.ui.disputes import ask_to_resolve, moment_words
from collabdesk.ui.home.answers import (
    changed_lines,
    envelope_part,
    measure_line,
    need_line,
    others_lines,
    pilots_row,
    project_line,
    section,
)
from collabdesk.ui.home.frame import HomeFrame, title
from collabdesk.ui.note_versions import ask_for_one_text
from collabdesk.ui.page import Heading, Page, Surroundings
from collabdesk.ui.parts import words

if TYPE_CHECKING:
    from collabdesk.services.home import Changed, Stand
    from collabdesk.services.needs import Need, Needs
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.house import House

_QUIET_MS: Final = 200
_WITHIN: Final = {"sign": "decisions", "aside": "aside"}


@dataclass(frozen=True)
class _Answers:
    needs: Needs
    stand: Stand
    changed: tuple[Changed, ...]


class HomePage(Page):
    """The three questions, answered from this laptop's own copy."""

    def __init__(self, around: Surroundings, desk: Desk, house: House) -> None:
        """Paint the headings at once; answers follow."""
        super().__init__(around, "Home")
        self._desk, self._house = desk, house
        self._answers: _Answers | None = None
        about = desk.workspace.about
        self.heading = Heading(
            title(desk.workspace.clock.today()), f"{about.person}, {about.organisation_name}"
        )
        self.frame = HomeFrame(around.look)
        self.show_full(self.frame)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.read)
        desk.noticed.connect(lambda _notice: self._again.start(_QUIET_MS))

    @property
    def answered(self) -> bool:
        """Tell whether the answers are on show."""
        return self._answers is not None

    def arrive(self, _within: object = None) -> None:
        """Read once more whenever Home is visited."""
        self.read()

    def read(self) -> None:
        """Read the answers off this thread."""
        workspace, visit = self._desk.workspace, self._house.visit
        seen = dict(visit.heads) if visit else {}

        def work() -> _Answers:
            from collabdesk.services.home import changed, stand
            from collabdesk.services.needs import needs

            return _Answers(
                workspace.query(needs, workspace),
                workspace.query(stand, workspace),
                workspace.query(changed, workspace, seen),
            )

        self.fill(work, self._answer)

    def _answer(self, answers: _Answers) -> None:
        if answers == self._answers:
            return
        self._answers = answers
        self._show_needs(answers.needs)
        self._show_stand(answers.stand)
        self._show_changed(answers.changed)
        count = len(answers.needs.mine)
        stamp = answers.stand.envelope.stamp.words if answers.stand.envelope else ""
        self.say_status(
            ("", f"{count} {'thing needs' if count == 1 else 'things need'} you"),
            ("", f"{len(answers.changed)} changes since you were last here"),
            right=stamp,
        )

    def _show_needs(self, found: Needs) -> None:
        column = self.frame.needs
        if not found.mine:
            column.say("")
            nothing = words("Nothing waits for you.", ink="secondary", wrap=True)
            column.show_things([nothing, *others_lines(found.others)])
            return
        count = len(found.mine)
        column.say("1 thing" if count == 1 else f"{count} things, most urgent first")
        lines: list[QWidget] = [
            need_line(self.look, need, partial(self._act, need), first=not place)
            for place, need in enumerate(found.mine)
        ]
        column.show_things([*lines, *others_lines(found.others)])

    def _act(self, need: Need) -> None:
        if need.cell is not None:
            where = need.title.removeprefix("Contested figure: ")
            ask_to_resolve(self, self.look, self._desk, need.cell, where)
        elif need.lost is not None:
            self._restore(need)
        elif need.note is not None:
            ask_for_one_text(self, self.look, self._desk, need.note, need.title)
        else:
            self.go.emit(need.page, _WITHIN.get(need.kind, need.place))

    def _restore(self, need: Need) -> None:
        from collabdesk.services.contested import KeepText

        lost = need.lost
        if lost is not None:
            command = KeepText(lost.table, lost.row, lost.column, lost.mine.value)
            self._desk.submit(self, command)

    def _show_stand(self, stand: Stand) -> None:
        column, go = self.frame.stand, self.go.emit
        column.say(stand.envelope.stamp.words if stand.envelope else "")
        things: list[QWidget] = []
        if stand.envelope is not None:
            parts = envelope_part(self.look, stand.envelope)
            things.append(section("Allocated against envelope", "budgets", go, *parts))
        if stand.measures:
            lines = [measure_line(self.look, one) for one in stand.measures]
            things.append(section("Published measures, our trust", "metrics", go, *lines))
        if stand.projects:
            found = [project_line(self.look, one, go) for one in stand.projects[:3]]
            things.append(section("Improvement projects", "improvement", go, *found))
        if stand.pilots:
            boxes = pilots_row(stand.pilots)
            things.append(section("Pilots, and what each waits for", "pilots", go, boxes))
        if not things:
            said = "Budgets, measures, projects and pilots show here once there are any."
            things.append(words(said, ink="secondary", wrap=True))
        column.show_things(things)

    def _show_changed(self, changed: tuple[Changed, ...]) -> None:
        column, visit = self.frame.changed, self._house.visit
        left = visit.left_ms if visit else 0
        column.say(f"since {moment_words(left)}" if left else "so far")
        if changed:
            column.show_things(changed_lines(changed, self.go.emit))
        else:
            column.show_things([words("Nothing has changed.", ink="secondary", wrap=True)])
