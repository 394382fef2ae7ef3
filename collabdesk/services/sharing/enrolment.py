"""Asking to join and admitting, by words read aloud over the telephone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from nacl.signing import SigningKey

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services import membership
from collabdesk.services.membership import Recovery
from collabdesk.services.workspace import Workspace
from collabdesk.sync import names, records, words
from collabdesk.sync.codec import Malformed
from collabdesk.sync.join import JoinRequest, read_join
from collabdesk.sync.listing import Found, Listing, slots, workspaces
from collabdesk.sync.records import Genesis
from collabdesk.sync.stores.port import Store, TooLarge


def find_workspace(store: Store, typed: str) -> tuple[bytes, str]:
    """Return id and name of the workspace whose eight words were read out.

    Refusal if no workspace in the folder has these words: joining the wrong one is how a
    forged folder would begin.
    """
    read_out = words.parse_words(typed)
    present = workspaces(store)
    if not present:
        raise NotPossible(
            code="no-workspace-in-share",
            words="The shared folder holds no CollabDesk workspace.",
            remedy="Check that you chose the folder the lead provider named.",
            field="store",
        )
    for ws26 in present:
        found = _genesis(store, ws26)
        if found is not None and words.matches(read_out, found[0]):
            return found
    raise Refusal(
        code="words-differ",
        words="No workspace in the shared folder has these eight words.",
        remedy="Have them read out once more. If they still differ, do not join: "
        "tell the lead provider that the folder may not be theirs.",
        field="words",
    )


def _genesis(store: Store, ws26: str) -> tuple[bytes, str] | None:
    listing = Listing(store, ws26, known=lambda _: False)
    for found in (*listing.genesis(), *listing.records()):
        content = _content(store, found)
        if content is None:
            continue
        try:
            file = records.read_file(content)
            record = records.read_record(file.record_bytes)
        except Malformed:
            continue
        rid = records.record_id(file.record_bytes)
        if isinstance(record, Genesis) and names.ws26(rid) == ws26:
            return rid, record.epoch.note
    return None


def _content(store: Store, found: Found) -> bytes | None:
    """Return a file's bytes; one that is too large is none of ours and hides no other."""
    try:
        return store.get(found.path, found.cap)
    except TooLarge:
        return None


def find_request(workspace: Workspace, store: Store, typed: str) -> JoinRequest:
    """Return the join request of the laptop whose eight words were read out."""
    read_out = words.parse_words(typed)
    for found in _everywhere(workspace, store).joins(words.search_name(read_out)):
        content = _content(store, found)
        if content is None:
            continue
        try:
            request = read_join(content)
        except Malformed:
            continue
        if request.ws != workspace.about.workspace:
            continue
        if words.matches(read_out, names.devhash(request.key)):
            _refuse_look_alikes(request)
            return request
    raise Refusal(
        code="no-such-request",
        words="No laptop with these eight words has asked to join.",
        remedy="Have the words read out once more, and ask whether the other laptop "
        "has shared since it asked.",
        field="words",
    )


def _everywhere(workspace: Workspace, store: Store) -> Listing:
    """Look into every slot, however many there are: a flood of them hides nobody."""
    ws26 = names.ws26(workspace.about.workspace)
    return Listing(store, ws26, known=lambda _: False, homes=slots(store, ws26))


def _refuse_look_alikes(request: JoinRequest) -> None:
    """Refuse names in letters that only look Latin: they could pass for another trust's."""
    for name in (request.org_name, request.ods, request.person, request.label):
        odd = [c for c in name if c.isalpha() and not unicodedata.name(c, "").startswith("LATIN ")]
        if odd:
            raise Refusal(
                code="look-alike-letters",
                words=f"The name “{name}” holds letters of another alphabet "
                f"(“{odd[0]}”), which can look like Latin ones.",
                remedy="Ask the other laptop to ask again with its name typed in plain letters.",
                field="words",
            )


def recovery_of(workspace: Workspace, store: Store, request: JoinRequest) -> Recovery | None:
    """Return the recovery key that a laptop's request names, if its own request is here.

    The words that were read out vouch for the laptop's request, and that for the key.
    """
    named = membership.recovery26(request)
    if not named:
        return None
    for found in _everywhere(workspace, store).joins(named[: words.SEARCH_LENGTH]):
        content = _content(store, found)
        try:
            beside = read_join(content) if content else None
        except Malformed:
            continue
        if beside and names.dev26(beside.key) == named and beside.seal_key:
            return Recovery(beside.key, beside.seal_key)
    raise NotPossible(
        code="recovery-key-not-here",
        words=f"{request.label} of {request.org_name} names a recovery key that is not in the "
        "shared folder yet.",
        remedy="Ask them to share once more, and try again.",
        field="words",
    )


def enrol(workspace: Workspace, store: Store, typed: Sequence[str]) -> list[JoinRequest]:
    """Enrol the laptops whose words were read out: one's own, or partners' first ones.

    Partners are admitted by a membership that takes effect once each newcomer's laptop has
    agreed at its next sharing, and then as many partners as must.
    """
    from collabdesk.services.control.laptops import enrol_request

    requests = [find_request(workspace, store, text) for text in typed]
    me = workspace.me()
    for request in requests:
        if request.ods == me.ods:
            enrol_request(workspace, request)
    newcomers = [request for request in requests if request.ods != me.ods]
    if newcomers:
        _admit(workspace, store, newcomers)
    return requests


def _admit(workspace: Workspace, store: Store, requests: Sequence[JoinRequest]) -> None:
    from collabdesk.services.control import votes
    from collabdesk.services.control.epoch_drafts import admitting
    from collabdesk.services.control.signing import administered_here, keep

    if not (workspace.me().is_lead or votes.whose_turn(workspace)[2]):
        raise Refusal(
            code="lead-enrols",
            words="Partners are enrolled on the lead provider's laptop.",
            remedy="Read the words to the lead provider's administrator.",
        )
    administered_here(workspace)
    membership.check_newcomers(workspace.book, requests)
    made = [
        membership.newcomer(request, recovery_of(workspace, store, request)) for request in requests
    ]
    signing = _signing_key(workspace)
    keep(workspace, *(records.sign_record(roster, signing) for roster, _ in made))
    draft = votes.draft_epoch(workspace, [admitting(entry for _, entry in made)])
    votes.agree_when_all_have(workspace, draft)


def _signing_key(workspace: Workspace) -> SigningKey:
    return workspace.keys().signing


def laptop_words(workspace: Workspace) -> tuple[str, ...]:
    """Return the eight words of this laptop's key."""
    return words.words_of(names.devhash(workspace.about.key))


def workspace_words(workspace: Workspace) -> tuple[str, ...]:
    """Return the eight words of the workspace."""
    return words.words_of(workspace.about.workspace)
