"""What can be typed about laptops, votes, recovery and the ledger's keeper."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from collabdesk.cli import control_verbs as verbs
from collabdesk.cli import recovery_verbs as recovery
from collabdesk.cli import voting_verbs as votes
from collabdesk.voice import Voice

CarryOut = Callable[[argparse.Namespace, Voice], int]
Verb = Callable[[str, str, CarryOut], argparse.ArgumentParser]


def control(verb: Verb) -> None:
    """Declare the commands; `verb` makes a parser with what every command has."""
    _laptops(verb)
    _votes(verb)
    _aside(verb)
    _recovery(verb)


def _laptops(verb: Verb) -> None:
    enrol = verb(
        "enrol",
        "Enrol laptops by the words read out to you: your own, or new partners'.",
        verbs.enrol,
    )
    enrol.add_argument(
        "--words",
        required=True,
        action="append",
        help="a laptop's eight words; give it once for each laptop",
    )
    enrol.add_argument("--person", default="", help="whose laptop it is, by role")
    enrol.add_argument(
        "--roles", action="append", default=[], help="a role it gets; give it once for each"
    )
    enrol.add_argument("--replaces", default="", help="the lost laptop whose place it takes")
    retire = verb("retire", "Take a laptop of your organisation out of use.", verbs.retire)
    retire.add_argument("laptop", help="what it is called, or its eight words")
    retire.add_argument(
        "--version", type=int, default=0, help="which version stands, if it signed two ways"
    )
    suspend = verb("suspend", "Suspend a laptop at once, or lift its suspension.", verbs.suspend)
    suspend.add_argument("laptop", help="what it is called, or its eight words")
    suspend.add_argument("--reason", default="", help="why, in a sentence that partners read")
    suspend.add_argument("--lift", action="store_true", help="lift the suspension instead")


def _votes(verb: Verb) -> None:
    vote = verb(
        "vote",
        "Show what waits for a signature; sign it, or propose a change of membership.",
        votes.vote,
    )
    asked = vote.add_mutually_exclusive_group()
    asked.add_argument("--sign", default="", help="number or id of what is signed")
    asked.add_argument(
        "--review", action="store_true", help="propose that nothing changes: fixes what was done"
    )
    asked.add_argument("--remove", default="", metavar="ODS", help="propose that a partner leaves")
    asked.add_argument(
        "--administrators", nargs="+", metavar="LAPTOP", help="propose who signs for your trust"
    )
    asked.add_argument(
        "--newer-roles", action="store_true", help="propose what the roles may do in this version"
    )
    asked.add_argument(
        "--bring-back",
        default="",
        metavar="LAPTOP",
        help="propose that all that was seen of a laptop stands",
    )
    asked.add_argument("--agree", type=int, default=0, help="propose how many must agree")
    asked.add_argument(
        "--require-version",
        type=int,
        default=0,
        metavar="VERSION",
        help="propose that laptops need this version of the data at least",
    )
    asked.add_argument(
        "--grant", nargs="+", metavar="ODS ROLE", help="propose the roles a partner may give"
    )
    asked.add_argument(
        "--reset",
        nargs=2,
        metavar=("ODS", "WORDS"),
        help="propose a new administrator for a partner that lost all of its own",
    )
    vote.add_argument(
        "--at-once", action="store_true", help="with --remove: without settling its list first"
    )
    vote.add_argument("--signatures", type=int, help="with --administrators: how many must sign")
    void = verb("void", "Pass over a round of voting; your organisation will not vote.", votes.void)
    void.add_argument("round", nargs="?", type=int, default=0, help="default: the next")
    verb("decisions", "List every membership decision in words.", votes.decisions)


def _aside(verb: Verb) -> None:
    adopt = verb("adopt", "Show what was set aside, or make some of it your own.", verbs.adopt)
    adopt.add_argument("items", nargs="*", help="numbers or ids from the list")
    verb("heal", "Read the shared folder back and put right what is damaged.", verbs.heal)
    proofs = verb(
        "proofs",
        "Name laptops that signed two ways, and say which version stands.",
        verbs.proofs,
    )
    proofs.add_argument("--settle", default="", metavar="LAPTOP", help="the laptop to settle")
    proofs.add_argument("--version", type=int, default=1, help="with --settle: which stands")


def _recovery(verb: Verb) -> None:
    recover = verb(
        "recover",
        "Take a lost laptop's place by the printed recovery key, or print a new one.",
        recovery.recover,
    )
    recover.add_argument("--rows", default="", help="the rows of the printed key")
    recover.add_argument("--sheet", type=Path, help="the sheet as a text file")
    recover.add_argument("--lost", default="", help="which laptop was lost, if there are several")
    recover.add_argument(
        "--new-keys", action="store_true", help="make this laptop new keys and ask anew"
    )
    recover.add_argument("--new", type=Path, help="make a new key and write its sheet here")
    keeper = verb(
        "keeper",
        "Say whose laptop keeps the ledger, lay it down, or hand it over.",
        recovery.keeper,
    )
    keeper.add_argument("--lay-down", action="store_true", help="on the laptop that keeps it")
    keeper.add_argument("--appoint", default="", metavar="LAPTOP", help="who keeps it next")
    keeper.add_argument("--lost", action="store_true", help="the keeper's laptop is lost")
