"""What the commands about laptops do, and about what was set aside."""

from __future__ import annotations

import argparse
from typing import Any

from collabdesk.cli.opened import numbered, opened, shared
from collabdesk.errors import Refusal
from collabdesk.services.workspace import Workspace
from collabdesk.voice import Voice

FINE = 0

Options = argparse.Namespace


def enrol(options: Options, voice: Voice) -> int:
    """Enrol the laptops whose words were read out: one's own, or partners' first ones."""
    from collabdesk.services.sharing.enrolment import enrol as admit

    with shared(options) as (workspace, store):
        for line in _alike(workspace, store, options):
            voice.line(line)
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


def _alike(workspace: Workspace, store: Any, options: Options) -> list[str]:  # noqa: ANN401 - a store
    """Return what to look at before names that can be taken for others are let in."""
    from collabdesk.services.control.finding import laptop_named
    from collabdesk.services.control.lookalike import alike
    from collabdesk.services.sharing.enrolment import find_request

    old = laptop_named(workspace, options.replaces, own=True) if options.replaces else None
    return [
        f"Look twice: {line}"
        for words in options.words
        for line in alike(workspace.book, find_request(workspace, store, words), old)
    ]


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


def adopt(options: Options, voice: Voice) -> int:
    """Show what was set aside, or adopt some of it."""
    from collabdesk.services.control import adopting

    with shared(options) as (workspace, _):
        waiting = adopting.quarantined(workspace)
        if options.items:
            chosen = [numbered(waiting, typed, "change").id for typed in options.items]
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
