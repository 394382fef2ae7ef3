"""An organisation that lost every administrator, helped by the others (sync.md §8)."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.errors import Refusal
from collabdesk.services.control.lookalike import alike
from collabdesk.services.control.statements import own_entry
from collabdesk.services.control.votes import Proposed, reset_organisation
from collabdesk.services.sharing.enrolment import find_request, recovery_of
from collabdesk.services.workspace import Workspace
from collabdesk.sync.join import JoinRequest
from collabdesk.sync.stores.port import Store


@dataclass(frozen=True, slots=True)
class Heir:
    """The laptop that would sign: who has it, and in sentences what to look at twice."""

    laptop: str
    person: str
    organisation: str
    alike: tuple[str, ...]


def find_heir(workspace: Workspace, store: Store, org: bytes, typed: str) -> Heir:
    """Return the laptop that would sign for an organisation, by its eight words.

    Refusal if it says that it is another organisation's.
    """
    request = _request(workspace, store, org, typed)
    organisation = f"{request.org_name} ({request.ods})"
    seen = alike(workspace.book, request)
    return Heir(request.label, request.person, organisation, seen)


def _request(workspace: Workspace, store: Store, org: bytes, typed: str) -> JoinRequest:
    entry = own_entry(workspace.book, org)
    request = find_request(workspace, store, typed)
    if request.ods.strip().upper() != entry.ods.upper():
        raise Refusal(
            code="another-organisation",
            words=f"The laptop with these words says it is of {request.org_name} ({request.ods}), "
            f"not of {entry.name} ({entry.ods}).",
            remedy="Choose the partner that it is of, or have the words read out once more.",
            field="words",
        )
    return request


def reset_by_words(workspace: Workspace, store: Store, org: bytes, typed: str) -> Proposed:
    """Propose that a laptop, named by its eight words, signs alone for an organisation.

    The recovery key that its person has printed for it signs beside it.
    """
    request = _request(workspace, store, org, typed)
    named = recovery_of(workspace, store, request)
    return reset_organisation(workspace, org, request.key, named.key if named else None)
