"""Guests: somebody without an account who is asked one task, by a link and a code.

Who is asked is worked out anew from the case at every step, so that a corrected number, another
agency or a closed case ends at once what was given out before.
"""

from app.casework.people.guests.arriving import Arrived, Present, enter, holder, leave, sent
from app.casework.people.guests.codes import LASTS, Texted, by_sms, read_out, serves, texted
from app.casework.people.guests.contacts import Contact, masked, masked_number
from app.casework.people.guests.inviting import (
    Invitation,
    again,
    again_for,
    demand,
    invite,
    told,
    waiting_for,
)
from app.casework.people.guests.placing import Place, placed
from app.casework.people.guests.team import Panel, case_id, panel, send_anew, withdraw

__all__ = [
    "LASTS",
    "Arrived",
    "Contact",
    "Invitation",
    "Panel",
    "Place",
    "Present",
    "Texted",
    "again",
    "again_for",
    "by_sms",
    "case_id",
    "demand",
    "enter",
    "holder",
    "invite",
    "leave",
    "masked",
    "masked_number",
    "panel",
    "placed",
    "read_out",
    "send_anew",
    "sent",
    "serves",
    "texted",
    "told",
    "waiting_for",
    "withdraw",
]
