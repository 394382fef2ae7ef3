"""What tests of membership do again and again."""

from __future__ import annotations

from collabdesk.domain.changes import Insert, Shared
from collabdesk.services.control import decisions, laptops, votes
from collabdesk.services.sharing.enrolment import laptop_words
from collabdesk.storage.queries.sharing import kept_aside
from tests.support.alliance import Alliance, Desk, ask, further

LINE = Insert(
    "plan_line",
    Shared("draft_plan"),
    {"version": bytes(16), "service_line": bytes(16), "provider": "RHA", "profile": "equal"},
    key="line",
)


def enrolled(alliance: Alliance, name: str, trust: str, person: str, label: str) -> Desk:
    """Let a further laptop ask and its trust's administrator enrol it."""
    desk = ask(alliance, name, founder=further(trust, person, label))
    admin = alliance.desks[trust]
    admin.share()
    laptops.enrol_laptop(admin.workspace, admin.store, spoken(desk))
    alliance.share_all(2)
    return desk


def spoken(desk: Desk) -> str:
    """Return a laptop's words as they are read out."""
    return " ".join(laptop_words(desk.workspace))


def verdicts_of(desk: Desk) -> set[int]:
    """Return the verdicts that are not acceptance."""
    return {item.verdict for item in desk.workspace.query(kept_aside)}


def key_of(desk: Desk) -> bytes:
    """Return a laptop's key."""
    return desk.workspace.about.key


def org_of(desk: Desk) -> bytes:
    """Return a laptop's organisation."""
    return desk.workspace.me().organisation


def sign_all(desk: Desk) -> int:
    """Sign whatever waits for this laptop; return how much that was."""
    waiting = [item for item in decisions.drafted(desk.workspace) if item.can_sign]
    for item in waiting:
        votes.sign(desk.workspace, item.id)
    return len(waiting)
