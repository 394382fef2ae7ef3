"""Search (Ctrl+K): records and commands in one box."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from collabdesk.ui.page import PageAction
from collabdesk.ui.pages import Place
from collabdesk.ui.search import Hit

if TYPE_CHECKING:
    from collabdesk.services.search import Found
    from collabdesk.ui.desk import Desk
    from collabdesk.ui.window import Window

_COMMANDS: Final = 5


class Finding:
    """Answers the search box of one open workspace."""

    def __init__(self, window: Window, desk: Desk, places: Sequence[Place]) -> None:
        """Find in a workspace, and commands of the window and of the page on show."""
        self._window, self._desk, self._places = window, desk, places

    def seek(self, typed: str) -> None:
        """Show what is found for the words typed."""
        if not typed:
            self._window.top_bar.search.show_hits([])
            return
        from collabdesk.services.search import find

        self._desk.ask(self._desk, find, typed, done=partial(self._show, typed))

    def _show(self, typed: str, found: Sequence[Found]) -> None:
        if self._window.top_bar.search.text().strip() != typed:
            return
        records = [Hit(one.title, one.where, partial(self._open, one)) for one in found]
        self._window.top_bar.search.show_hits([*self.commands(typed), *records])

    def _open(self, found: Found) -> None:
        self._window.go(found.page, (found.table, found.row))

    def commands(self, typed: str) -> list[Hit]:
        """Return the commands whose words hold what was typed."""
        wanted = typed.casefold()
        hits = [hit for hit in self._all() if wanted in hit.words.casefold()]
        return hits[:_COMMANDS]

    def _all(self) -> list[Hit]:
        hits = [Hit(f"Go to {p.title}", "", partial(self._window.go, p.key)) for p in self._places]
        page = self._window.page
        if page is not None:
            heading = page.heading
            actions = [*heading.secondary, *([heading.primary] if heading.primary else [])]
            hits += [_hit(action, heading.title) for action in actions if action.on]
        stack = self._desk.workspace.undo_stack
        for said, words, do in (
            ("Undo", stack.undo_words, self._desk.undo),
            ("Redo", stack.redo_words, self._desk.redo),
        ):
            if words:
                hits.append(Hit(f"{said}: {words}", "Ctrl+Z" if said == "Undo" else "Ctrl+Y", do))
        return hits


def _hit(action: PageAction, where: str) -> Hit:
    return Hit(action.words.rstrip("…"), where, action.do)
