"""The store's one family of errors; no exception of SQLAlchemy or a driver leaves the room."""

from __future__ import annotations


class StoreFault(Exception):
    """The database did not do what was asked; nothing was changed."""

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        super().__init__(self.sentence)


class Busy(StoreFault):
    """Somebody else holds this for longer than we wait; please try again."""


class Unreachable(StoreFault):
    """The database cannot be reached."""


class Clash(StoreFault):
    """Somebody else wrote the same row first."""


class Sealed(StoreFault):
    """This content cannot be opened: its key is missing or its bytes were changed."""


class Destroyed(Sealed):
    """The content of this case was destroyed on purpose; who decided it and when is kept."""

    def __init__(self, case: str) -> None:
        super().__init__()
        #: id
        self.case = case


class WrongKey(StoreFault):
    """The key-encryption key does not belong to this database."""


class OlderSchema(StoreFault):
    """The database has no tables yet, or those of an older release. Back up, then run
    “rapid-review migrate”; nothing else changes tables."""

    def __init__(self) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))


class NewerSchema(StoreFault):
    """The database belongs to a newer version of this program."""


class Unfinished(StoreFault):
    """An earlier upgrade was not finished. Where the release before still runs, finish it with that
    one's own “rapid-review migrate --finish” first; where nothing runs, with this one's."""

    def __init__(self) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()))


class Spoilt(StoreFault):
    """What is stored here was changed, and is no longer what it was stored as."""
