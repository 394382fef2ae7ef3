"""A scheme of approval written as one line: who must agree, by amount.

`up to 50000.00: 1 of finance_lead, approver; above: 2 of approver`
"""

from __future__ import annotations

import re
from typing import NamedTuple

ANYBODY = "anybody"
_STEP = re.compile(
    r"(?:up to £?(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<pence>[0-9]{2}))?|above)"
    r"\s*:\s*(?P<needed>[1-9]) of (?P<roles>[a-z_]+(?:\s*,\s*[a-z_]+)*)"
)


class ApprovalTier(NamedTuple):
    """One step: its largest amount in pence (None: no limit), the roles, how many people."""

    upto_p: int | None
    roles: tuple[str, ...]
    needed: int


def parse_tiers(text: str) -> tuple[ApprovalTier, ...]:
    """Read a scheme; ValueError says in words which step is wrong and how."""
    tiers = tuple(_parse_step(step.strip()) for step in text.split(";"))
    limits = [tier.upto_p for tier in tiers]
    if limits[-1] is not None or None in limits[:-1]:
        raise ValueError("The last step, and only that, must begin with “above”.")
    rising = [limit for limit in limits if limit is not None]
    if rising != sorted(set(rising)):
        raise ValueError("Each step must reach a larger amount than the one before it.")
    return tiers


def format_tiers(tiers: tuple[ApprovalTier, ...]) -> str:
    """Write a scheme in the one form in which it is kept."""
    return "; ".join(map(_format_step, tiers))


def _parse_step(step: str) -> ApprovalTier:
    found = _STEP.fullmatch(step)
    if not found:
        raise ValueError(
            f"“{step}” is no step. Write “up to 50000.00: 1 of finance_lead” or “above: 2 of …”."
        )
    roles = tuple(role.strip() for role in found["roles"].split(","))
    if len(set(roles)) != len(roles):
        raise ValueError(f"“{step}” names a role twice.")
    limit = None
    if found["pounds"]:
        limit = int(found["pounds"].replace(",", "")) * 100 + int(found["pence"] or 0)
    return ApprovalTier(limit, () if roles == (ANYBODY,) else roles, int(found["needed"]))


def _format_step(tier: ApprovalTier) -> str:
    who = f"{tier.needed} of {', '.join(tier.roles) or ANYBODY}"
    if tier.upto_p is None:
        return f"above: {who}"
    return f"up to {tier.upto_p // 100}.{tier.upto_p % 100:02}: {who}"
