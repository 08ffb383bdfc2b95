"""What people and timers may do: the table of orders and their wording, how a case takes one."""

from app.casework.orders.admission import handled, hold, refusal
from app.casework.orders.idempotency import again, answered
from app.casework.orders.order import Again, ApiWords, OrderForm, State, StepWords, states_of, takes
from app.casework.orders.signing import (
    SIGNED,
    FourEyes,
    Signature,
    as_given,
    barred,
    people_needed,
    signature,
)
from app.casework.orders.startable import active, form_scope, may_start
from app.casework.orders.table import ORDERS, POWERS, replayed
from app.casework.orders.waking import Reads, look_for_stalls, noted, wake, wake_due, with_print
from app.casework.orders.wording import WORDING

__all__ = [
    "ORDERS",
    "POWERS",
    "SIGNED",
    "WORDING",
    "Again",
    "ApiWords",
    "FourEyes",
    "OrderForm",
    "Reads",
    "Signature",
    "State",
    "StepWords",
    "active",
    "again",
    "answered",
    "as_given",
    "barred",
    "form_scope",
    "handled",
    "hold",
    "look_for_stalls",
    "may_start",
    "noted",
    "people_needed",
    "refusal",
    "replayed",
    "signature",
    "states_of",
    "takes",
    "wake",
    "wake_due",
    "with_print",
]
