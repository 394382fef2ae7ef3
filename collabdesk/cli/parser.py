"""What can be typed after `collabdesk`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from collabdesk import __version__
from collabdesk.cli import pack_verbs, verbs
from collabdesk.cli.control_parser import control
from collabdesk.voice import Voice

CarryOut = Callable[[argparse.Namespace, Voice], int]


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="collabdesk",
        description="Shared budgets, improvement, pilots and metrics for provider "
        "collaboratives. Without a command the window opens.",
        epilog="Exit codes: 0 fine, 1 something is wrong (told in words), 2 bad usage.",
    )
    parser.add_argument("--version", action="version", version=f"CollabDesk {__version__}")
    parser.add_argument("--workspace", type=Path, help="folder of the workspace to open")
    choices = parser.add_subparsers(dest="verb", metavar="command")
    _demo(choices)
    _membership(choices)
    control(partial(_verb, choices))
    _daily(choices)
    _checks(choices)
    return parser


Choices = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name


def _verb(
    choices: Choices[argparse.ArgumentParser],
    name: str,
    words: str,
    carry_out: CarryOut,
    *,
    workspace: str = "needed",
) -> argparse.ArgumentParser:
    parser = choices.add_parser(name, help=words, description=words)
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    parser.add_argument(
        "--workspace",
        type=Path,
        required=workspace == "needed",
        help="folder of the workspace" if workspace == "needed" else workspace,
    )
    parser.set_defaults(carry_out=carry_out)
    return parser


def _demo(choices: Choices[argparse.ArgumentParser]) -> None:
    parser = _verb(
        choices,
        "demo",
        "Let three sample trusts work through the whole job in one shared folder.",
        verbs.demo,
        workspace="folder for the three workspaces (default: in the output)",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("demo-output"), help="folder for everything it makes"
    )
    parser.add_argument("--no-window", action="store_true", help="do not open the window after")
    parser.add_argument("--no-pictures", action="store_true", help="take no screenshots")


def _membership(choices: Choices[argparse.ArgumentParser]) -> None:
    new = _verb(choices, "new", "Found a workspace at the lead provider.", verbs.new)
    new.add_argument("--name", required=True, help="name of the workspace")
    _who(new)
    _recovery_sheet(new)
    join = _verb(choices, "join", "Ask to join a workspace, by its eight words.", verbs.join)
    join.add_argument("--words", required=True, help="the workspace's eight words, read out to you")
    _who(join)
    _recovery_sheet(join)


def _recovery_sheet(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--recovery-sheet",
        type=Path,
        help="write the recovery key here, ready to print (default: say its rows once)",
    )
    asked.add_argument(
        "--no-recovery",
        action="store_true",
        help="make no recovery key, for a further laptop of a trust that has one",
    )


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--share", required=True, help="the shared folder")
    parser.add_argument("--organisation", required=True, help="name of your trust")
    parser.add_argument("--ods", required=True, help="ODS code of your trust")
    parser.add_argument("--role", default="Finance lead", help="your role, for example QI lead")
    parser.add_argument("--laptop", default="Laptop 1", help="what this laptop is called")
    parser.add_argument("--slot", default="", help="your folder in the share (default: ODS code)")


def _daily(choices: Choices[argparse.ArgumentParser]) -> None:
    _verb(choices, "status", "Say where the workspace stands.", verbs.status)
    sync = _verb(choices, "sync", "Exchange change sets with the shared folder.", verbs.sync)
    sync.add_argument("--watch", action="store_true", help="go on sharing until interrupted")
    sync.add_argument(
        "--every", type=float, default=300, metavar="SECONDS", help="with --watch (default: 300)"
    )
    bring = _verb(choices, "import", "Import a published metrics file.", verbs.import_file)
    bring.add_argument("file", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="say what it would do, do nothing")
    compare = _verb(choices, "compare", "Compare trusts on a measure.", verbs.compare)
    compare.add_argument("measure", help="for example MRS08b")
    _papers(choices)


def _papers(choices: Choices[argparse.ArgumentParser]) -> None:
    pack = _verb(choices, "pack", "Write the board pack of a closed month.", pack_verbs.pack)
    pack.add_argument("file", type=Path, help="what to write: its name ends .pdf, .docx or .xlsx")
    pack.add_argument("--year", help="fiscal year, such as 2026/27 (default: the newest posted)")
    pack.add_argument(
        "--month",
        type=int,
        metavar="N",
        help="an earlier month, as reported (default: closed last)",
    )
    pack.add_argument(
        "--since",
        type=int,
        metavar="JOURNAL",
        help="virements after this journal (default: after the forecast kept before)",
    )
    pack.add_argument(
        "--decision",
        action="append",
        default=[],
        metavar="WORDS",
        help="a decision the board is asked for; may be given more than once",
    )
    pack.add_argument(
        "--confidential",
        action="store_true",
        help="add the risk share by partner, as far as this laptop may open it",
    )


def _checks(choices: Choices[argparse.ArgumentParser]) -> None:
    inspect = _verb(
        choices,
        "inspect",
        "Show a change set, record or join request in readable form.",
        verbs.inspect,
        workspace="folder of a workspace, to name laptops and trusts as it knows them",
    )
    inspect.add_argument("file", type=Path)
    _verb(
        choices,
        "verify",
        "Re-check every signature and chain and rebuild every table to compare.",
        verbs.verify,
    )
    _verb(choices, "rebuild", "Work everything out again from the signed bytes.", verbs.rebuild)
    validate = _verb(
        choices,
        "validate",
        "Run files of worked cases through the installed code.",
        verbs.validate,
        workspace="not needed: the cases stand alone",
    )
    validate.add_argument("files", nargs="+", type=Path, metavar="FILE")
    validate.add_argument("--data", type=Path, help="folder that paths in the cases are under")
    validate.add_argument(
        "--allow-uncovered", action="store_true", help="cases not covered are no fault"
    )
