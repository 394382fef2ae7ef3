"""What waits for signatures, and what can be decided about partners, laptops and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from collabdesk.ui.parts import column, holder, row, rule
from collabdesk.ui.sharing import questions
from collabdesk.ui.sharing.cards import (
    Sheet,
    act,
    bullets,
    buttons,
    card,
    line,
    marked,
    section,
)
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.membership_view import membership, remarks
from collabdesk.ui.sharing.room import Council
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.control.decisions import Decision
    from collabdesk.services.control.keeper import Keeping
    from collabdesk.services.control.promises import Promise
    from collabdesk.services.control.suspend import Suspended

NOTHING = "Nothing waits for a signature."
OUT_OF_REACH = "This can no longer be agreed: too few partners are left who did not pass over it."
_SIDE_BY_SIDE = 820


class DecisionsView(Sheet):
    """Decisions that lack signatures at the left; what stands, and can be changed, at the right."""

    def __init__(self, look: Look, decider: Decider, recovery: Callable[[], object]) -> None:
        """Show nothing before it was read."""
        super().__init__("Decisions")
        self._look, self._decider, self._recovery = look, decider, recovery
        self._both: QBoxLayout | None = None
        self._shown: Council | None = None

    def show_council(self, council: Council) -> None:
        """Show how the decisions stand; what did not change keeps the keyboard."""
        if council == self._shown:
            return
        self._shown = council
        turn = membership(self._look, self._decider, council)
        seen = remarks(self._look, council)
        left = column(*_apart(self._waiting(council), seen, turn), None, gap=8)
        right = column(
            *_apart(
                self._ledger(council),
                self._suspended(council),
                self._recovery_key(council),
                self._promises(council),
            ),
            None,
            gap=8,
        )
        both = row(holder(left), holder(right), gap=24)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self._both = both
        self.fill(column(holder(both)))
        self._turn_to_fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the two sides where they would not fit side by side."""
        super().resizeEvent(event)
        self._turn_to_fit()

    def _turn_to_fit(self) -> None:
        if self._both is not None:
            wide = self.width() >= _SIDE_BY_SIDE * self._look.theme.factor
            way = QBoxLayout.Direction
            self._both.setDirection(way.LeftToRight if wide else way.TopToBottom)

    # --- waiting -----------------------------------------------------------------------------

    def _waiting(self, council: Council) -> Iterator[QWidget]:
        waiting = council.decisions
        yield section(self._look, "verified", "mark.accent", "Waiting for signatures", len(waiting))
        if not waiting:
            yield line(NOTHING, ink="secondary")
        for decision in waiting:
            yield self._decision(decision)

    def _decision(self, decision: Decision) -> QWidget:
        things = [line(decision.title, "bodyStrong"), bullets(decision.changes)]
        signed = "; ".join(decision.signed_by) or "nobody yet"
        things.append(line(f"Signed by {signed}.", "caption", "secondary"))
        if decision.out_of_reach:
            things.append(line(OUT_OF_REACH, "captionStrong"))
        elif decision.waits_for:
            waits = "; ".join(decision.waits_for)
            things.append(line(f"Waits for {waits}.", "caption", "secondary"))
        if decision.can_sign:
            things.append(buttons(act("Sign…", partial(self._sign, decision))))
        elif decision.may_pass_over:
            close = act("Pass over this round…", self._close_round)
            things.append(buttons(close))
        elif decision.mine:
            things.append(line("You have signed it.", "captionStrong"))
        else:
            why = f"{decision.why_not} {decision.remedy}".strip()
            things.append(line(why, "caption"))
        made = card("selected" if decision.can_sign else "", *things)
        made.setAccessibleName(f"{decision.title}: {' '.join(decision.changes)}")
        return made

    def _sign(self, decision: Decision) -> None:
        self._decider.decide(self, questions.sign_decision(decision.id))

    def _close_round(self) -> None:
        self._decider.ask(questions.close_round())

    # --- what stands -------------------------------------------------------------------------

    def _ledger(self, council: Council) -> Iterator[QWidget]:
        now = council.keeping
        if now is None:
            return
        yield section(self._look, "budgets", "mark.accent", "The ledger")
        yield line(_keeping_words(now))
        made = list(self._ledger_buttons(now, council))
        if made:
            yield buttons(*made)

    def _ledger_buttons(self, now: Keeping, council: Council) -> Iterator[QPushButton]:
        ask = self._decider.ask
        others = council.may_keep
        if now.mine and not now.laid_down:
            yield act("Hand it over…", lambda: ask(questions.lay_down()))
        if not council.signs_for_lead:
            return
        if now.laid_down or now.key is None:
            none = "" if others else "No other laptop of the lead provider may post journals."
            yield act("Appoint the next…", lambda: ask(questions.appoint(others)), why_off=none)
        elif not now.mine:
            yield act("Is it lost?…", lambda: ask(questions.keeper_lost(now.laptop, others)))

    def _suspended(self, council: Council) -> Iterator[QWidget]:
        if not council.suspended:
            return
        yield section(self._look, "locked", "mark.concern", "Suspended", len(council.suspended))
        for one in council.suspended:
            yield card("concern", *self._one_suspended(one, council))

    def _one_suspended(self, one: Suspended, council: Council) -> Iterator[QWidget]:
        yield line(one.laptop, "bodyStrong")
        yield line(f"“{one.reason}”")
        yield line(f"Signed by {'; '.join(one.signed_by)}. {one.lifted_by}", "caption")
        if council.signs_here:
            yield buttons(act("Lift…", lambda: self._decider.ask(questions.lift(one))))

    def _recovery_key(self, council: Council) -> Iterator[QWidget]:
        if not council.signs_here:
            return
        yield section(self._look, "file", "mark.accent", "Recovery key")
        if council.has_recovery_key:
            yield line(
                f"{council.signs_here} has one. A new one takes the place of the sheet you have."
            )
        else:
            yield line(
                f"{council.signs_here} has none. If its only laptop is lost, nobody can sign for "
                "it any more. Print one and lock it away."
            )
        yield buttons(act("Make a recovery key…", self._recovery))

    def _promises(self, council: Council) -> Iterator[QWidget]:
        if not council.promises:
            return
        yield section(self._look, "note", "mark.accent", "What holds, and what cannot be promised")
        for promise in council.promises:
            yield self._promise(promise)

    def _promise(self, promise: Promise) -> QWidget:
        if promise.kept:
            return marked(self._look, "done", "mark.good", promise.words, promise.do)
        return marked(self._look, "concern", "mark.concern", promise.words, promise.do)


def _apart(*sections: Iterator[QWidget]) -> Iterator[QWidget | int]:
    """Yield sections with a line between them."""
    first = True
    for one in sections:
        for at, thing in enumerate(one):
            if at == 0 and not first:
                yield 4
                yield rule()
            yield thing
            first = False


def _keeping_words(now: Keeping) -> str:
    if now.key is None:
        return "Nobody keeps the ledger at present, so nothing is posted."
    if now.laid_down:
        return f"{now.laptop} has laid the ledger down. Nothing is posted until it is taken up."
    return f"{now.laptop} keeps the ledger." + (" It is this laptop." if now.mine else "")
