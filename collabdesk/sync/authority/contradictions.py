"""Organisations that said two things about one attempt."""

from __future__ import annotations

from collections.abc import Iterator

from collabdesk.sync.authority import stalled
from collabdesk.sync.authority.attempts import owner_of, voided_by, voted
from collabdesk.sync.authority.held import Held, Records, epoch_of


def double_statements(records: Records, parent: Held) -> Iterator[tuple[bytes, int]]:
    """Yield organisation and attempt wherever one made two statements about one attempt.

    Where an attempt's owner voted for two records of it, whoever voted may void it as well:
    else everybody could have spoken and nothing be decided. Then the owner alone is named.
    Nor is anybody named who took back a vote for a proposal that stalled.
    """
    epoch = epoch_of(parent)
    by_org = {entry.org: voted(records, parent, entry) for entry in epoch.orgs}
    for entry in epoch.orgs:
        for attempt, number in sorted(by_org[entry.org].items()):
            owner_once = by_org[owner_of(epoch, attempt).org][attempt] <= 1
            voided = owner_once and voided_by(records, parent, entry, attempt)
            if number > 1 or (voided and not stalled.excused(records, parent, entry.org, attempt)):
                yield entry.org, attempt
