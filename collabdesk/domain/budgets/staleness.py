"""An approval is for what was signed: any edit afterwards voids it."""

from __future__ import annotations

from collabdesk.errors import Refusal

CONTENT_CHANGED = "content_hash_changed"


def why_void(signed: str, now: str) -> str:
    """Return why an approval no longer holds, empty when it does.

    Both are the hash of the content: as the approver signed it, and as it stands.
    """
    return "" if signed == now else CONTENT_CHANGED


def check_current(what: str, signed: str, now: str) -> None:
    """Refuse to count an approval of other content; `what` names the proposal."""
    if why_void(signed, now):
        raise Refusal(
            code=CONTENT_CHANGED,
            words=f"{what} was changed after it was approved.",
            remedy="Ask the approvers to read it again and sign it as it now stands.",
            field="approval",
        )
