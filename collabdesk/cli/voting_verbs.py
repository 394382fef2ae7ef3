"""What the commands about votes do, and the list of what was decided."""

from __future__ import annotations

import argparse
from typing import Any

from collabdesk.cli.opened import numbered, opened, shared
from collabdesk.services.workspace import Workspace
from collabdesk.voice import Voice

FINE = 0

Options = argparse.Namespace


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
        return votes.sign(workspace, numbered(waiting, options.sign, "decision").id)
    if options.review:
        return votes.review(workspace)
    if options.newer_roles:
        return propose_newer_roles(workspace)
    if options.administrators:
        keys = [laptop_named(workspace, name, own=True) for name in options.administrators]
        return votes.change_administrators(workspace, keys, options.signatures)
    if options.agree:
        return votes.change_agreement(workspace, options.agree)
    if options.require_version:
        return votes.require_version(workspace, options.require_version)
    return _proposed_of_another(workspace, options)


def _proposed_of_another(workspace: Workspace, options: Options) -> Any:  # noqa: ANN401 - late import
    from collabdesk.services.control import votes
    from collabdesk.services.control.finding import laptop_named, organisation_coded, roles_named

    if options.remove:
        org = organisation_coded(workspace, options.remove)
        return votes.remove_organisation(workspace, org, at_once=options.at_once)
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
    from collabdesk.services.control.finding import organisation_coded
    from collabdesk.services.control.resetting import reset_by_words

    store = open_store(workspace.about.store)
    return reset_by_words(workspace, store, organisation_coded(workspace, ods), words)


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
        if item.out_of_reach:
            voice.line("   Too few partners are left who could agree to it.")
            if item.may_pass_over:
                voice.line("   Type: collabdesk void. Then the next partner may propose.")
        else:
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
                    "out_of_reach": item.out_of_reach,
                    "may_pass_over": item.may_pass_over,
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
