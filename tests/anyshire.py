"""A made-up partnership that the page tests visit: its configuration and everybody's password."""

from __future__ import annotations

from pathlib import Path

from app.config.dated import Named
from app.config.installation import Account, CalendarSettings, Config, Demo, Mail, Role, SignIn
from app.config.measures import Measure, Years
from tests.kit import PEOPLE, ROLES
from tests.measured import FORM, SEND

#: what the browser's site has
RETURN = Measure(
    id="return", name="Forms returned within 5 working days", basis="The Act, section 3",
    tasks=("return_form",), limit="due", happened="when",
)  # fmt: skip
PASSWORD = "a long and simple phrase"


def configuration(folder: Path) -> Config:
    """Anyshire's config.yaml, as values, for the people of the kit."""
    return Config(
        title="Rapid Review",
        organisation=(Named("Anyshire Partnership"),),
        database="",
        reference="T",
        calendar=CalendarSettings("england-and-wales", ()),
        roles={r.id: Role(r.id, r.name, r.sees, r.may) for r in ROLES.values()},
        people=tuple(
            Account(p.id, p.name, tuple(sorted(p.roles)), p.attributes, f"{p.id}@example.org")
            for p in PEOPLE.values()
        ),
        settings={},
        mail=Mail("noreply@example.org"),
        sign_in=SignIn(),
        demo=Demo(password=PASSWORD),
        secrets_dir=folder / "secrets",
        root=folder,
        timeliness=(RETURN, SEND, FORM),
        years=Years(4, 1),
    )
