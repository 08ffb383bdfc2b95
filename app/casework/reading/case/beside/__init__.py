"""What stands beside where a case stands: whom and what its answers name, who sees it, whom to
reach for what is open, what holds it, and how much there is of each."""

from app.casework.reading.case.beside.contacts import ContactPart, contact_parts
from app.casework.reading.case.beside.gathered import Beside, beside_of
from app.casework.reading.case.beside.matters import MatterLine, matter_lines
from app.casework.reading.case.beside.meetings import meetings_of
from app.casework.reading.case.beside.persons import (
    MemberLine,
    PersonLine,
    member_lines,
    person_lines,
)
from app.casework.reading.case.beside.reach import Contact, whom_to_reach

__all__ = [
    "Beside",
    "Contact",
    "ContactPart",
    "MatterLine",
    "MemberLine",
    "PersonLine",
    "beside_of",
    "contact_parts",
    "matter_lines",
    "meetings_of",
    "member_lines",
    "person_lines",
    "whom_to_reach",
]
