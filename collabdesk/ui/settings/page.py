"""Settings, made from their declaration: this computer's, and the workspace's policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.host.settings_declaration import declaration
from collabdesk.ui.page import Heading, Page, Surroundings
from collabdesk.ui.parts import column, holder, words
from collabdesk.ui.settings.line import SettingLine

if TYPE_CHECKING:
    from collabdesk.services.notices import Notice
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.house import House

LEAD_ONLY = "Set at the lead provider for every partner"


class SettingsPage(Page):
    """Every setting with its words, kept as soon as it is changed."""

    def __init__(self, around: Surroundings, desk: Desk, house: House) -> None:
        """Show this computer's settings at once; the workspace's are read first."""
        super().__init__(around, "Settings")
        self._desk, self._house = desk, house
        self.heading = Heading("Settings", "Kept as you change them.")
        self.lines: dict[str, SettingLine] = {}
        self.policy: dict[str, SettingLine] = {}
        desk.noticed.connect(self._hear)

    def arrive(self, _within: object = None) -> None:
        """Build the page on the first visit, and read the policy in force."""
        if not self.lines:
            self.show_full(self._sheet())
        self._read()

    def _sheet(self) -> QWidget:
        inside = column(gap=0)
        inside.setContentsMargins(16, 12, 16, 16)
        inside.addWidget(_heading("This computer", "Yours alone; never shared."))
        group = ""
        for one in self._house.settings.all():
            if one.setting.group != group:
                group = one.setting.group
                inside.addWidget(holder(column(words(group, "captionStrong")), 4, 12, 4, 0))
            line = SettingLine(
                self.look,
                one.setting,
                one.setting.format(one.value),
                str(one.origin.value),
                self._choose,
            )
            if one.fixed:
                line.fix(str(one.origin.value))
            self.lines[one.setting.key] = line
            inside.addWidget(line)
        inside.addWidget(_heading("This workspace", "Signed and shared with every partner."))
        for setting in declaration().workspace.values():
            line = SettingLine(
                self.look, setting, setting.format(setting.default), "Standard", self._agree
            )
            self.policy[setting.key] = line
            inside.addWidget(line)
        inside.addStretch(1)
        return _scrolled(inside)

    def _choose(self, key: str, text: str) -> None:
        resolved = self._house.settings.choose(key, text)
        self.lines[key].show_value(resolved.setting.format(resolved.value), resolved.origin.value)
        if key in {"theme", "text_size"}:
            self._house.wear()
        if key == "automatic_sync_seconds":
            self._house.sharing.set_interval(self._house.settings.number(key))

    def _agree(self, key: str, text: str) -> None:
        from collabdesk.services.policy import SetPolicy

        def refused(fault: Exception) -> None:
            if isinstance(fault, CollabDeskError):
                self.policy[key].refuse(fault)
            else:
                self.refuse(fault)

        self._desk.submit(self, SetPolicy(key, text), refused=refused)

    def _hear(self, notice: Notice) -> None:
        if "policy" in notice.changed:
            self._read()

    def _read(self) -> None:
        from collabdesk.services.policy import policy_in_force

        self._desk.ask(self, policy_in_force, done=self._show_policy)

    def _show_policy(self, kept: Mapping[str, str]) -> None:
        mine = any(
            member.is_lead and member.key == self._desk.workspace.about.key
            for member in self._desk.people.values()
        )
        for key, line in self.policy.items():
            origin = "Set by the lead provider" if key in kept else "Standard"
            line.show_value(kept.get(key, line.setting.format(line.setting.default)), origin)
            if not mine:
                line.fix(LEAD_ONLY)


def _heading(name: str, said: str) -> QWidget:
    both = column(words(name, "heading"), words(said, ink="secondary", wrap=True), gap=0)
    return holder(both, 4, 16, 4, 4)


def _scrolled(layout: QLayout) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("ground", "page")
    inside.setLayout(layout)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
