"""After an exchange: what it showed of the folder and of who was heard."""

from __future__ import annotations

from collabdesk.services import membership
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.state import control_head
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync.listing import Listing

CROWDED = "too-many-folders"


def settle(workspace: Workspace, listing: Listing, log: ShareLog) -> None:
    """Note what this exchange showed, in the transaction that ends it."""
    now = workspace.clock.now_ms()
    if not workspace.founded:
        return
    log.drop_arrived()
    log.clock_set_back(now)
    for dev in membership.members(workspace.book):
        # Whoever has never been heard is counted from the day they were known.
        log.hear(dev, 0, now)
    log.see_control(control_head(log.connection, workspace.book), now)
    if listing.crowded:
        log.alarm(CROWDED, b"", now, [])
    else:
        log.alarm_over(CROWDED, b"", now)
    _end_rollbacks(log, listing, now)


def _end_rollbacks(log: ShareLog, listing: Listing, now: int) -> None:
    """A folder that shows a laptop's newest change set again has been mended."""
    standing = [alarm for alarm in log.alarms() if alarm.kind == "rollback" and not alarm.over_ms]
    if not standing:
        return
    shown = {dev for dev, _, path in log.newest_places() if listing.size_at(path) is not None}
    for alarm in standing:
        if alarm.subject in shown:
            log.alarm_over(alarm.kind, alarm.subject, now)
