"""What the commands about laptops, votes and recovery do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collabdesk.cli.opened import opened, shared
from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.workspace import Workspace
from collabdesk.voice import Voice

FINE = 0

Options = argparse.Namespace


def enrol(options: Options, voice: Voice) -> int:
    """Enrol the laptops whose words were read out: one's own, or partners' first ones."""
    from collabdesk.services.sharing.enrolment import enrol as admit

    with shared(options) as (workspace, store):
        if options.replaces or options.roles or options.person:
            said = [_own_laptop(workspace, store, options, words) for words in options.words]
        else:
            requests = admit(workspace, store, options.words)
            said = [f"Enrolled {r.label} of {r.org_name}: {r.person}." for r in requests]
        for line in said:
            voice.line(line)
        voice.line("It takes effect once each of them has shared, and whoever must has signed.")
        voice.result({"enrolled": said})
    return FINE


def _own_laptop(workspace: Workspace, store: Any, options: Options, words: str) -> str:  # noqa: ANN401 - a store
    from collabdesk.services.control import laptops
    from collabdesk.services.control.finding import laptop_named, roles_named

    old = laptop_named(workspace, options.replaces, own=True) if options.replaces else None
    known = [c for c in laptops.colleagues(workspace) if c.name == options.person]
    listed = laptops.enrol_laptop(
        workspace,
        store,
        words,
        person=known[0].person if known else None,
        new_person="" if known else options.person,
        roles=roles_named(options.roles),
        replaces=old,
    )
    return listed.sentence


def retire(options: Options, voice: Voice) -> int:
    """Take a laptop of one's own organisation out of use."""
    from collabdesk.services.control.finding import laptop_named
    from collabdesk.services.control.laptops import retire_laptop

    with shared(options) as (workspace, _):
        key = laptop_named(workspace, options.laptop, own=True)
        branch = _branch(workspace, key, options.version) if options.version else None
        listed = retire_laptop(workspace, key, branch)
        voice.line(listed.sentence)
        voice.result({"retired": options.laptop, "in_force": listed.in_force})
    return FINE


def suspend(options: Options, voice: Voice) -> int:
    """Suspend a laptop at once, or lift its suspension."""
    from collabdesk.services.control import suspend as control
    from collabdesk.services.control.finding import laptop_named

    with shared(options) as (workspace, _):
        key = laptop_named(workspace, options.laptop)
        if options.lift:
            standing = [item.id for item in control.suspended(workspace) if item.key == key]
            said = [control.lift(workspace, item) for item in standing]
            for line in said or ["It is not suspended."]:
                voice.line(line)
            voice.result({"lifted": said})
            return FINE
        signed = control.suspend(workspace, key, options.reason)
        voice.line(signed.words)
        voice.result({"suspended": options.laptop, "in_force": signed.in_force})
    return FINE


def vote(options: Options, voice: Voice) -> int:
    """Show what waits for a signature, sign one of it, or propose a change of membership."""
    with shared(options) as (workspace, _):
        proposed = _proposed(workspace, options)
        if proposed is not None:
            for line in proposed.changes:
                voice.line(f"  {line}")
            waits = ", ".join(proposed.waits_for)
            voice.line("It is in force." if proposed.in_force else f"It waits for: {waits}.")
            voice.result(
                {
                    "changes": list(proposed.changes),
                    "in_force": proposed.in_force,
                    "waits_for": list(proposed.waits_for),
                }
            )
            return FINE
        _tell_waiting(workspace, voice)
    return FINE


def _proposed(workspace: Workspace, options: Options) -> Any:  # noqa: ANN401 - late import
    from collabdesk.services.control import votes
    from collabdesk.services.control.finding import laptop_named
    from collabdesk.services.control.newer_roles import propose_newer_roles

    if options.sign:
        waiting = votes.drafted(workspace)
        return votes.sign(workspace, _numbered(waiting, options.sign, "decision").id)
    if options.review:
        return votes.review(workspace)
    if options.newer_roles:
        return propose_newer_roles(workspace)
    if options.administrators:
        keys = [laptop_named(workspace, name, own=True) for name in options.administrators]
        return votes.change_administrators(workspace, keys, options.signatures)
    if options.agree:
        return votes.change_agreement(workspace, options.agree)
    return _proposed_of_another(workspace, options)


def _proposed_of_another(workspace: Workspace, options: Options) -> Any:  # noqa: ANN401 - late import
    from collabdesk.services.control import votes
    from collabdesk.services.control.finding import laptop_named, organisation_coded, roles_named

    if options.remove:
        return votes.remove_organisation(workspace, organisation_coded(workspace, options.remove))
    if options.bring_back:
        key = laptop_named(workspace, options.bring_back, retired=True)
        return votes.bring_back(workspace, key)
    if options.grant:
        ods, *roles = options.grant
        return votes.change_grants(
            workspace, organisation_coded(workspace, ods), roles_named(roles)
        )
    if options.reset:
        return _reset(workspace, *options.reset)
    return None


def _reset(workspace: Workspace, ods: str, words: str) -> Any:  # noqa: ANN401 - late import
    from collabdesk.app import open_store
    from collabdesk.services.control import votes
    from collabdesk.services.control.finding import organisation_coded
    from collabdesk.services.sharing.enrolment import find_request, recovery_of

    store = open_store(workspace.about.store)
    org = organisation_coded(workspace, ods)
    request = find_request(workspace, store, words)
    if request.ods.upper() != ods.strip().upper():
        raise Refusal(
            code="another-organisation",
            words=f"The laptop with these words says it is of {request.org_name}.",
            field="words",
        )
    named = recovery_of(workspace, store, request)
    return votes.reset_organisation(workspace, org, request.key, named.key if named else None)


def _tell_waiting(workspace: Workspace, voice: Voice) -> None:
    from collabdesk.services.control import votes

    waiting = votes.drafted(workspace)
    attempt, whose, mine = votes.whose_turn(workspace)
    you = "your" if mine else f"{whose}'s"
    voice.line(f"Round {attempt + 1}: it is {you} turn to propose a change of membership.")
    if not waiting:
        voice.line("Nothing waits for a signature.")
    for number, item in enumerate(waiting, start=1):
        voice.line(f"{number}. {item.title}")
        for line in item.changes:
            voice.line(f"   {line}")
        voice.line(f"   Signed by: {'; '.join(item.signed_by) or 'nobody'}.")
        voice.line(f"   Waits for: {'; '.join(item.waits_for)}.")
        if item.why_not and not item.mine:
            voice.line(f"   Not signed here: {item.why_not}")
    voice.result(
        {
            "round": attempt + 1,
            "turn": whose,
            "waiting": [
                {
                    "id": item.id.hex(),
                    "title": item.title,
                    "changes": list(item.changes),
                    "signed_by": list(item.signed_by),
                    "waits_for": list(item.waits_for),
                    "can_sign": item.can_sign,
                    "why_not": item.why_not,
                }
                for item in waiting
            ],
        }
    )


def void(options: Options, voice: Voice) -> int:
    """Pass over a round of voting."""
    from collabdesk.services.control.votes import void as pass_over

    with shared(options) as (workspace, _):
        attempt = options.round - 1 if options.round else None
        passed = pass_over(workspace, attempt)
        voice.line(passed.changes[0])
        voice.result({"passed_over": list(passed.changes), "in_force": passed.in_force})
    return FINE


def adopt(options: Options, voice: Voice) -> int:
    """Show what was set aside, or adopt some of it."""
    from collabdesk.services.control import adopting

    with shared(options) as (workspace, _):
        waiting = adopting.quarantined(workspace)
        if options.items:
            chosen = [_numbered(waiting, typed, "change").id for typed in options.items]
            done = adopting.adopt(workspace, chosen)
            voice.line(f"{done.words}.")
            voice.result({"adopted": len(chosen), "words": done.words})
            return FINE
        if not waiting:
            voice.line("Nothing is set aside.")
        for number, item in enumerate(waiting, start=1):
            voice.line(f"{number}. {item.who}: {item.reason}")
            for line in item.lines:
                voice.line(f"   {line}")
            if item.adopted:
                voice.line(f"   Adopted by {item.adopted}.")
            elif item.why_not:
                voice.line(f"   {item.why_not} {item.remedy}")
        for line in adopting.findings(workspace):
            voice.line(line)
        voice.result(
            {
                "waiting": [
                    {
                        "id": f"{item.id[0].hex()}:{item.id[1]}",
                        "who": item.who,
                        "reason": item.reason,
                        "lines": list(item.lines),
                        "adopted": item.adopted,
                        "why_not": item.why_not,
                    }
                    for item in waiting
                ]
            }
        )
    return FINE


def heal(options: Options, voice: Voice) -> int:
    """Read the folder back and put right what is missing or damaged."""
    from collabdesk.app import open_store
    from collabdesk.services.sharing.cycle import share

    with opened(options) as workspace:
        store = open_store(workspace.about.store)
        report = share(workspace, store, audit=True, grace_ms=0, progress=voice.progress)
        mended = [*report.healed, *report.put_back]
        for path in mended:
            voice.line(f"Put right: {path}")
        voice.line(f"Shared: {report.sentence()}.")
        voice.result({"healed": report.healed, "put_back": report.put_back})
    return FINE


def proofs(options: Options, voice: Voice) -> int:
    """Name the laptops that signed two ways, and say which version stands."""
    from collabdesk.services.control.finding import laptop_named
    from collabdesk.services.control.laptops import settle_branches
    from collabdesk.services.control.proofs import signed_two_ways

    with shared(options) as (workspace, _):
        if options.settle:
            key = laptop_named(workspace, options.settle, own=True)
            listed = settle_branches(workspace, key, _branch(workspace, key, options.version))
            voice.line(listed.sentence)
        found = signed_two_ways(workspace)
        if not found:
            voice.line("No laptop is known to have signed two ways.")
        for item in found:
            voice.line(item.words)
            for number, branch in enumerate(item.branches, start=1):
                voice.line(f"  Version {number}: up to change set {branch.changes}")
        voice.result(
            {
                "signed_two_ways": [
                    {
                        "laptop": item.laptop,
                        "number": item.number,
                        "versions": [branch.head.id.hex() for branch in item.branches],
                        "settled": item.settled,
                        "proved": item.proved,
                    }
                    for item in found
                ]
            }
        )
    return FINE


def recover(options: Options, voice: Voice) -> int:
    """Take a lost laptop's place by the printed recovery key, or make new keys."""
    from collabdesk.services.control import recovery

    if options.new_keys:
        return _new_keys(options, voice)
    with shared(options) as (workspace, _):
        if options.new:
            key = recovery.make_recovery_key()
            # Written first: a key that is listed and not on paper would be worth nothing.
            recovery.sheet(workspace, key).write(options.new)
            listed = recovery.list_recovery_key(workspace, key)
            voice.line(f"{listed.sentence} It is printed in {options.new}.")
            voice.result({"sheet": str(options.new), "in_force": listed.in_force})
            return FINE
        typed = options.rows or _sheet_text(options.sheet)
        choices = recovery.lost_choices(workspace, recovery.read_recovery_key(typed))
        lost = [d.key for d in choices if d.label.casefold() == options.lost.casefold()]
        done = recovery.use_recovery_key(workspace, typed, lost[0] if lost else None)
        voice.line(done.sentence)
        voice.result({"recovered": True, "in_force": done.in_force})
    return FINE


def _new_keys(options: Options, voice: Voice) -> int:
    from collabdesk.app import open_store
    from collabdesk.services.control.renewal import ask_anew

    with opened(options) as workspace:
        words = " ".join(ask_anew(workspace, open_store(workspace.about.store)))
        voice.line("This laptop has new keys. Read these eight words to your administrator, who")
        voice.line("enrols it in its own place:")
        voice.line(f"  {words}")
        voice.result({"laptop_words": words})
    return FINE


def keeper(options: Options, voice: Voice) -> int:
    """Say whose laptop keeps the ledger, lay it down, or hand it over."""
    from collabdesk.services.control import keeper as control
    from collabdesk.services.control.finding import laptop_named

    with shared(options) as (workspace, _):
        named = laptop_named(workspace, options.appoint, own=True) if options.appoint else None
        if options.lay_down:
            voice.line(control.release_ledger(workspace))
        if options.lost:
            voice.line(control.end_lost_term(workspace, named).sentence)
        elif named is not None:
            voice.line(control.appoint_keeper(workspace, named).sentence)
        now = control.keeping(workspace)
        voice.line(f"{now.laptop} keeps the ledger." + " It has laid it down." * now.laid_down)
        for line in control.appointments_by_one(workspace):
            voice.line(line)
        voice.result({"keeper": now.laptop, "term": now.term, "laid_down": now.laid_down})
    return FINE


def decisions(options: Options, voice: Voice) -> int:
    """List every membership decision in words, and what the workspace can promise."""
    from collabdesk.services.control.audit import decisions as audited
    from collabdesk.services.control.audit import note_first_seen
    from collabdesk.services.control.promises import promises

    with opened(options) as workspace:
        note_first_seen(workspace)
        found = audited(workspace)
        for item in found:
            voice.line(f"{item.title} ({item.standing}); signed by {'; '.join(item.signed_by)}")
            for line in item.changes:
                voice.line(f"   {line}")
        held = promises(workspace.book)
        for promise in held:
            voice.line(f"{'Holds' if promise.kept else 'Does not hold'}: {promise.words}")
        voice.result(
            {
                "decisions": [
                    {
                        "id": item.id.hex(),
                        "title": item.title,
                        "changes": list(item.changes),
                        "signed_by": list(item.signed_by),
                        "standing": item.standing,
                        "first_seen_ms": item.first_seen_ms,
                    }
                    for item in found
                ],
                "promises": [{"kept": p.kept, "words": p.words, "do": p.do} for p in held],
            }
        )
    return FINE


# --- small parts -------------------------------------------------------------------------------


def _numbered(items: Sequence[Any], typed: str, what: str) -> Any:  # noqa: ANN401 - one of the list
    if typed.isdigit() and 1 <= int(typed) <= len(items):
        return items[int(typed) - 1]
    for item in items:
        name = item.id if isinstance(item.id, bytes) else item.id[0]
        if len(typed) >= 8 and name.hex().startswith(typed.casefold().split(":")[0]):  # noqa: PLR2004 - enough to tell apart
            return item
    raise Refusal(
        code="no-such-number",
        words=f"There is no {what} “{typed}” in the list.",
        remedy="Run the command without it to see the list.",
    )


def _branch(workspace: Workspace, key: bytes, number: int) -> bytes:
    from collabdesk.services.control.proofs import signed_two_ways

    branches = next((f.branches for f in signed_two_ways(workspace) if f.key == key), ())
    if not 1 <= number <= len(branches):
        raise Refusal(
            code="no-such-version",
            words=f"This laptop has no version {number}.",
            remedy="“collabdesk proofs” lists the versions.",
            field="version",
        )
    return branches[number - 1].head.id


def _sheet_text(path: Path | None) -> str:
    """Return the rows of a sheet kept as plain text: the lines that begin with a number."""
    if path is None:
        raise Refusal(
            code="no-rows",
            words="The rows of the recovery key are missing.",
            remedy="Type them with --rows, or name the text file of the sheet with --sheet.",
            field="recovery",
        )
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotPossible(
            code="cannot-read",
            words=f"{path} cannot be read as a sheet.",
            remedy="Type the rows with --rows.",
            field="recovery",
        ) from error
    return "\n".join(line for line in lines if line[:1].isdigit())
