"""Workspace policy: settings that are signed and equal for every partner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from collabdesk.domain.changes import OWN, Change, Delete, Insert, NewRow, SetCells
from collabdesk.errors import Refusal
from collabdesk.host.settings_declaration import declaration
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.storage.tables.projections import PROJECTIONS


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """A new value, as typed, for one setting of the workspace."""

    key: str
    text: str


def policy_text(reads: Connection, key: str) -> str:
    """Return the text of a policy setting: the signed value, or the declared default."""
    found = _kept(reads, key)
    return found[1] if found else declaration().workspace[key].default_text


def policy_in_force(reads: Connection) -> dict[str, str]:
    """Return the texts of the policy settings that were set and signed, by key."""
    table = PROJECTIONS["policy"]
    found = reads.execute(select(table.c.key, table.c.value).order_by(table.c.row.desc()))
    return {row.key: row.value for row in found}


def policy_value(reads: Connection, key: str) -> object:
    """Return the value of a policy setting, read as its kind."""
    return declaration().workspace[key].parse(policy_text(reads, key))


def set_policy(command: SetPolicy, reads: Connection, me: Actor) -> Outcome:
    """Decide a change of policy: only at the lead provider, only to an allowed value."""
    setting = declaration().workspace.get(command.key)
    if setting is None:
        raise Refusal(
            code="unknown-setting",
            words=f"There is no workspace setting called “{command.key}”.",
            field="key",
        )
    if not me.is_lead:
        raise Refusal(
            code="lead-sets-policy",
            words="Workspace settings are changed at the lead provider.",
            remedy="Ask the lead provider's administrator.",
            field=command.key,
        )
    setting.parse(command.text)
    kept = _kept(reads, command.key)
    words = f"Setting “{setting.words}”"
    change: Change
    back: Change
    if kept is None:
        change = Insert("policy", OWN, {"key": command.key, "value": command.text}, key="policy")
        back = Delete("policy", NewRow("policy"))
        return Outcome((change,), (back,), words, ("policy", NewRow("policy")))
    row, text = kept
    change = SetCells("policy", row, {"value": command.text})
    back = SetCells("policy", row, {"value": text})
    return Outcome((change,), (back,), words, ("policy", row))


def _kept(reads: Connection, key: str) -> tuple[bytes, str] | None:
    table = PROJECTIONS["policy"]
    query = select(table.c.row, table.c.value).where(table.c.key == key).order_by(table.c.row)
    found = reads.execute(query).first()
    return (found[0], found[1]) if found else None


HANDLERS: Final[Handlers] = {SetPolicy: set_policy}
