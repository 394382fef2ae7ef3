"""Splitting money so that the parts add up to the penny."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.errors import Refusal


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by whole weights with the method of largest remainders.

    Equal remainders are settled by position, so the caller lists the weights in an
    order that is the same on every computer. A negative total mirrors a positive one.

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    """
    _check(weights)
    whole = sum(weights)
    parts = [abs(total) * weight // whole for weight in weights]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(
        range(len(weights)), key=lambda i: (-(abs(total) * weights[i] % whole), i)
    )
    for i in by_remainder[:missing]:
        parts[i] += 1
    return parts if total >= 0 else [-part for part in parts]


def _check(weights: Sequence[int]) -> None:
    if not weights:
        raise _refused("no_weights", "There is nothing to split the amount over.")
    if any(weight < 0 for weight in weights):
        raise _refused("negative_weight", "A weight of the split is less than nought.")
    if sum(weights) == 0:
        raise _refused("weights_sum_zero", "All weights of the split are nought.")


def _refused(code: str, words: str) -> Refusal:
    remedy = "Give each part a weight of nought or more, and at least one more than nought."
    return Refusal(code=code, words=words, remedy=remedy, field="weights")
