"""What an honest laptop refuses to sign, and why, in words (sync.md §8, signers' duties)."""

from __future__ import annotations

from collections.abc import Iterable

from collabdesk.errors import Refusal
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.lessening import lessened_by_epoch, lessened_by_roster, unsettled
from collabdesk.services.control.naming import Names
from collabdesk.services.control.roster_drafts import tip_of
from collabdesk.services.wording import counted
from collabdesk.sync.authority.held import Held, entry_of, roster_line, roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import ChainPoint, Epoch, OrgEntry, Roster, Suspension


class Duties:
    """Looks at a record as its signer must; every method raises Refusal in words."""

    def __init__(self, book: Rulebook, heads: Heads) -> None:
        """Compare with the rules in force and with what was verified here."""
        self._book = book
        self._heads = heads
        self._names = Names(book)

    def roster(self, after: Roster) -> None:
        """Refuse a list of laptops that takes away more than was seen, or breaks a term."""
        before = roster_of(tip_of(self._book, after.org))
        self._no_low_cut(lessened_by_roster(before, after), after.cuts)
        self._cuts_kept(before.cuts, after.cuts)
        for point in _added(before.cuts, after.cuts):
            self._held(point, "cut")
        for term in after.terms:
            landmark = self._book.landmarks.get(term.key)
            if term.end is not None and landmark and term.end[0] < landmark.seq:
                raise Refusal(
                    code="term-below-fixed",
                    words="The ledger keeper's term would end before journals that the partners "
                    "have fixed.",
                    remedy="End it at the newest change set known of that laptop.",
                )

    def epoch(self, after: Epoch) -> None:
        """Refuse a membership with a low cut, something not held here, or a list gone back."""
        self._no_low_cut(lessened_by_epoch(self._book, after), after.cuts)
        self._cuts_kept(self._book.epoch.cuts, after.cuts)
        for point in _added(self._book.epoch.cuts, after.cuts):
            self._held(point, "cut")
        self._landmarks_kept(after)
        for entry in after.orgs:
            self._pin(entry)
        for point in _added(self._book.epoch.landmarks, after.landmarks):
            self._held(point, "landmark")
            self._cites_pinned(point, after)

    def suspension(self, record: Suspension) -> None:
        """Refuse a suspension from a change set that is not here.

        One from before the newest is signed: the laptop may go on sharing while two sign.
        """
        self._held(ChainPoint(record.key, record.seq, record.id), "cut")

    def set_aside_by(self, record: Suspension) -> int:
        """Return how many change sets known here a suspension would set aside."""
        return max(0, self._heads.standing(record.key).seq - record.seq)

    def brought_back_by(self, after: Epoch) -> int:
        """Return how many operations set aside here a membership would let count again."""
        risen = _added(self._book.epoch.landmarks, after.landmarks)
        return sum(self._heads.brought_back(point) for point in risen)

    def lost_with(self, after: Epoch) -> int:
        """Return how many change sets known here are set aside as their organisation leaves."""
        gone = [e.org for e in self._book.epoch.orgs if entry_of(after, e.org) is None]
        keys = {key for org in gone for key in unsettled(self._book, org)}
        return sum(self._heads.standing(key).seq for key in keys)

    # --- one duty each ---------------------------------------------------------------------

    def _no_low_cut(self, lessened: Iterable[bytes], cuts: Iterable[ChainPoint]) -> None:
        named = {cut.key: cut.seq for cut in cuts}
        for key in sorted(lessened):
            seen = self._heads.standing(key)
            if named.get(key, 0) < seen.seq:
                laptop = self._names.laptop(key)
                lost = counted(seen.seq - named.get(key, 0), "change set")
                raise Refusal(
                    code="cut-too-low",
                    words=f"This would set aside {lost} of {laptop} that was verified here "
                    "and that nothing speaks against.",
                    remedy="Do not sign it. Ask whoever proposed it to share first and propose "
                    "it again; then honest work stays.",
                )

    def _cuts_kept(self, before: Iterable[ChainPoint], after: Iterable[ChainPoint]) -> None:
        """A record that repeats a cut lower, or not at all, takes away what stood until then."""
        now = {cut.key: cut.seq for cut in after}
        for cut in before:
            landmark = self._book.landmarks.get(cut.key)
            kept = max(now.get(cut.key, 0), landmark.seq if landmark else 0)
            if kept < cut.seq:
                lost = counted(cut.seq - kept, "change set")
                raise Refusal(
                    code="cut-too-low",
                    words=f"This would set aside {lost} of {self._names.laptop(cut.key)} that "
                    "stood until now.",
                    remedy="Do not sign it, and ask whoever proposed it why.",
                )

    def _held(self, point: ChainPoint, what: str) -> None:
        if not point.seq or self._heads.holds(point):
            return
        laptop = self._names.laptop(point.key)
        kept = "fixes" if what == "landmark" else "keeps"
        raise Refusal(
            code=f"{what}-not-held",
            words=f"This {kept} the changes of {laptop} up to number {point.seq}, "
            "and that change set is not here.",
            remedy="Share first, so that you sign what you have seen, and try again.",
        )

    def _landmarks_kept(self, after: Epoch) -> None:
        now = {point.key: point for point in after.landmarks}
        for key, before in self._book.landmarks.items():
            kept = now.get(key)
            if kept is None or kept.seq < before.seq:
                raise Refusal(
                    code="fixed-work-loosened",
                    words=f"This would loosen changes of {self._names.laptop(key)} that the "
                    "partners have fixed.",
                    remedy="Do not sign it, and ask whoever proposed it why.",
                )

    def _pin(self, entry: OrgEntry) -> None:
        number, pinned = entry.pin
        line = roster_line(self._book.records, entry.org, number, pinned)
        if line is None:
            raise Refusal(
                code="list-not-held",
                words=f"The list of {entry.name}'s laptops that this names is not here yet.",
                remedy="Share, and try again.",
            )
        present = entry_of(self._book.epoch, entry.org)
        if present is not None and present.pin[1] not in line:
            raise Refusal(
                code="list-gone-back",
                words=f"The list of {entry.name}'s laptops that this names does not follow "
                "the one agreed before.",
                remedy="Do not sign it, and ask whoever proposed it why.",
            )

    def _cites_pinned(self, point: ChainPoint, after: Epoch) -> None:
        cited = self._heads.cites(point)
        org = self._org_of(cited)
        entry = entry_of(after, org) if org else None
        if cited is None or entry is None:
            return
        line = roster_line(self._book.records, entry.org, *entry.pin) or []
        if cited[1] not in line:
            raise Refusal(
                code="fixed-beyond-list",
                words=f"This fixes changes of {self._names.laptop(point.key)} made under a list "
                f"of laptops that it does not name.",
                remedy="Ask whoever proposed it to share and to propose it again.",
            )

    def _org_of(self, cited: tuple[int, bytes] | None) -> bytes | None:
        held: Held | None = self._book.records.get(cited[1]) if cited else None
        return held.roster.org if held and held.roster else None


def _added(before: Iterable[ChainPoint], after: Iterable[ChainPoint]) -> list[ChainPoint]:
    known = set(before)
    return [point for point in after if point not in known]
