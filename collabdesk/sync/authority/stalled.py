"""A proposal that asks for more votes than it leaves, and the one way past it.

Where enough voted for it to keep its attempt from being void, and too few are left for the
membership it proposes, everybody has spoken and nothing is decided. Two organisations may
then declare the attempt void although they voted in it: its owner, and the next in turn
that stays. Such a proposal wins only with more than k of the old votes, so that where it
wins and its attempt is void at least two spoke twice: nobody dishonest hides behind them.
"""

from __future__ import annotations

from collections.abc import Iterator

from collabdesk.sync.authority import attempts
from collabdesk.sync.authority.held import Held, Records, entry_of, epoch_of, votes
from collabdesk.sync.records import Epoch, OrgEntry


def asks_for_more(after: Epoch, before: Epoch) -> bool:
    """Tell whether a proposal could end neither adopted nor void with everybody having spoken."""
    return raised_by(after, before) > 0


def raised_by(after: Epoch, before: Epoch) -> int:
    """Return how many more votes a proposal asks for than it leaves and brings."""
    leaving = len(before.orgs) - len(staying(after, before))
    joining = len(after.orgs) - len(before.orgs) + leaving
    return after.k - (before.k - leaving + joining)


def staying(after: Epoch, before: Epoch) -> list[OrgEntry]:
    """Return the organisations that a proposal leaves in, as they vote on it."""
    return [entry for entry in before.orgs if entry_of(after, entry.org) is not None]


def second(after: Epoch, before: Epoch, attempt: int) -> OrgEntry | None:
    """Return the next organisation in turn after an attempt's owner that stays."""
    size = len(before.orgs)
    turns = (attempts.owner_of(before, attempt + further) for further in range(1, size))
    return next((entry for entry in turns if entry_of(after, entry.org) is not None), None)


def before_whom(draft: Held, parent: Held, org: bytes) -> OrgEntry | None:
    """Return the organisation without whose vote this one should not yet vote for a draft.

    It is the second in turn, which can then pass over the attempt with nobody slandered.
    """
    rec, e = epoch_of(draft), epoch_of(parent)
    next_in_turn = second(rec, e, rec.attempt)
    if next_in_turn is None or not asks_for_more(rec, e):
        return None
    first = {attempts.owner_of(e, rec.attempt).org, next_in_turn.org}
    known = entry_of(e, org) is not None
    voted = votes(draft.signers, next_in_turn)
    return None if org in first or voted or not known else next_in_turn


def out_of_reach(records: Records, parent: Held, draft: Held) -> bool:
    """Tell whether too few are left that could still agree to a draft."""
    return _too_few(draft, parent, _against(records, parent, draft))


def may_take_back(records: Records, parent: Held, org: bytes, attempt: int) -> bool:
    """Tell whether an organisation may declare an attempt void although it voted in it."""
    draft = _only_draft(records, parent, attempt)
    if draft is None or org not in _first_two(draft, parent):
        return False
    against = _against(records, parent, draft)
    if not _voted_early(draft, parent):
        against -= _first_two(draft, parent)
    return _too_few(draft, parent, against)


def excused(records: Records, parent: Held, org: bytes, attempt: int) -> bool:
    """Tell whether an organisation's vote and declaration about an attempt are no fault of its own.

    They are where the draft has not its votes, or has them by another that spoke twice.
    """
    draft = _only_draft(records, parent, attempt)
    if draft is None or org not in _first_two(draft, parent):
        return False
    if not attempts.enough_votes(draft.signers, epoch_of(draft), epoch_of(parent)):
        return True
    spoke_twice = {
        entry.org
        for entry in epoch_of(parent).orgs
        if votes(draft.signers, entry) and attempts.voided_by(records, parent, entry, attempt)
    }
    return bool(spoke_twice - _first_two(draft, parent))


def _only_draft(records: Records, parent: Held, attempt: int) -> Held | None:
    """Return the one draft that an attempt's owner voted for, if it may stall."""
    e = epoch_of(parent)
    found = list(_voted_for(records, parent, attempts.owner_of(e, attempt), attempt))
    return found[0] if len(found) == 1 and asks_for_more(epoch_of(found[0]), e) else None


def _voted_for(records: Records, parent: Held, entry: OrgEntry, attempt: int) -> Iterator[Held]:
    number = epoch_of(parent).n + 1
    for draft in records.epochs_after(parent.id):
        rec = epoch_of(draft)
        if (rec.n, rec.attempt) == (number, attempt) and votes(draft.signers, entry):
            yield draft


def _first_two(draft: Held, parent: Held) -> frozenset[bytes]:
    rec, e = epoch_of(draft), epoch_of(parent)
    next_in_turn = second(rec, e, rec.attempt)
    two = (attempts.owner_of(e, rec.attempt), next_in_turn)
    return frozenset(entry.org for entry in two if entry is not None)


def _against(records: Records, parent: Held, draft: Held) -> frozenset[bytes]:
    """Return who declared a draft's attempt void and did not vote for it."""
    attempt = epoch_of(draft).attempt
    return frozenset(
        entry.org
        for entry in epoch_of(parent).orgs
        if not votes(draft.signers, entry) and attempts.voided_by(records, parent, entry, attempt)
    )


def _too_few(draft: Held, parent: Held, against: frozenset[bytes]) -> bool:
    rec, e = epoch_of(draft), epoch_of(parent)
    left = sum(entry.org not in against for entry in rec.orgs)
    return left < rec.k or len(e.orgs) - len(against) < e.k


def _voted_early(draft: Held, parent: Held) -> bool:
    """Tell whether somebody voted who should not have: who leaves, or before the second in turn."""
    rec, e = epoch_of(draft), epoch_of(parent)
    remain = staying(rec, e)
    voted = [entry for entry in e.orgs if votes(draft.signers, entry)]
    if len(remain) >= e.k and any(entry not in remain for entry in voted):
        return True
    return any(before_whom(draft, parent, entry.org) is not None for entry in voted)
