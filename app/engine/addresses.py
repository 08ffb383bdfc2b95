"""Whether an email address can be one, by its letters alone; nobody is asked over the network.

Where an address is typed, and what its owner is told, is for whoever asks.
"""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

#: longest path of RFC 5321 without its angle brackets
LONGEST = 254
LIKE = "like name@example.org"


def is_address(text: str) -> bool:
    """A plain address that every mail server takes: RFC 5321, in ASCII, with a real kind of host
    (no “localhost”, no “.invalid”), without a name, quotes or comments."""
    if not text.isascii() or len(text) > LONGEST:
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True
