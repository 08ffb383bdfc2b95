"""Prints the policy to docs/policy.md: `python -m tests.casework.policy_page`."""

from __future__ import annotations

from pathlib import Path

from app.casework.policy import (
    ANY,
    GUEST,
    NO_CASE,
    ORDERS,
    PART,
    RELATIONS,
    SIGHT,
    TASK,
    VIEWS,
    WHOLE,
    Relation,
    Rule,
    sight,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"


def printed() -> str:
    """The table as docs/policy.md holds it."""
    lines = [_HEAD, "## What is seen of a case\n", "| relation | how it comes about |", "|---|---|"]
    lines += [f"| {relation} | {how} |" for relation, how in RELATIONS.items()]
    lines += ["", "| a role’s `sees:` | " + " | ".join(Relation) + " |", "|---" * 5 + "|"]
    for sees in SIGHT:
        lines.append(f"| {sees} | " + " | ".join(sight(sees, one) for one in Relation) + " |")
    lines.append(_COVERED)
    for title, rules in (("What people do", ORDERS), ("What people read", VIEWS)):
        lines += [f"\n## {title}\n", "| what | who | sees of the case | states | bound |"]
        lines += ["|---|---|---|---|---|", *(_row(name, row) for name, row in rules.items())]
    return "\n".join(lines) + "\n"


def _row(name: str, row: Rule) -> str:
    powers = [f"`{power}`" for power in (row.power, row.or_power) if power]
    who = " or ".join(powers) or "whoever is signed in"
    who = "a guest" if row.sees == GUEST else who
    who = "the installation alone" if row.system else who
    who += f"; {row.unless}" if row.unless else ""
    part = "a part or all of it"
    seen = {
        WHOLE: "all of it", PART: part, TASK: f"{part}; a guest, their task",
        GUEST: "one task, as a guest", NO_CASE: "–",
    }[row.sees]  # fmt: skip
    if row.sees == NO_CASE:
        states = "–"
    elif row.ends is not None:
        states = f"only {row.ends}"
    else:
        states = ", ".join(["open", *sorted(row.also)]) if row.also != ANY else "any"
    return f"| {row.what} (`{name}`) | {who} | {seen} | {states} | {row.bound or '–'} |"


_HEAD = """# Who may do what

Printed from `app/casework/policy` by `python -m tests.casework.policy_page`. Pages,
the API, commands, lists, mails and exports ask those rows, and what stands in no row nobody may.
Tests walk every address as every kind of person in every relation to a case against it. A word in
`code` is a power that a role has by `may:` in config.yaml.
"""
_COVERED = """
Somebody who covers for a person who is away sees, beside their own, what that person sees by those
roles that work on cases (`own`, `case`), as long as the cover runs; never what either is shut out
of. Of several roles and relations the one by which most is seen counts.

A guest has no account and no role. By a link and a code they see one task of one case, while it is
open and the case still names them so; nothing else in any case.
"""


if __name__ == "__main__":
    PAGE.write_text(printed())
