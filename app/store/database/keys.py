"""Keys: one data key a case, wrapped by the key-encryption key (KEK), and sealing with them.

AES-256-GCM; what a ciphertext belongs to is bound as associated data, so it opens nowhere else.
Where the KEK comes from is `kek`'s.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.store.database.errors import Sealed, WrongKey

_NONCE = 12
#: bytes of the KEK
LENGTH = 32


class Keys:
    """The KEK and what is done with it. Holds no case's key."""

    def __init__(self, kek: bytes) -> None:
        if len(kek) != LENGTH:
            raise WrongKey(f"The key-encryption key must be {LENGTH} bytes long.")
        self._kek = AESGCM(kek)
        self._print = hmac.new(kek, b"fingerprint", hashlib.sha256).digest()
        self._marks = hmac.new(kek, b"known by", hashlib.sha256).digest()
        self._stand = hmac.new(kek, b"stand", hashlib.sha256).digest()
        #: names the KEK without telling it
        self.name = hmac.new(kek, b"name", hashlib.sha256).hexdigest()[:12]

    def fingerprint(self, content: bytes) -> bytes:
        """Tells equal contents apart from others; useless to guess contents without the KEK."""
        return hmac.new(self._print, content, hashlib.sha256).digest()

    def mark(self, sort: str, text: str) -> bytes:
        """Equal for equal texts of a sort, in whichever case; useless to guess them without the
        KEK. Each sort has a key of its own, so that a name never equals a number."""
        key = hmac.digest(self._marks, sort.encode(), "sha256")
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")

    def stand(self, name: str, number: int, newest: bytes) -> bytes:
        """Vouches for where something stands: a chain at entry `number` with this hash, or a
        counter. Only who has the KEK can say it, and a database alone cannot be set back unseen.
        """
        said = f"{name}\n{number}\n{newest.hex()}".encode()
        return hmac.digest(self._stand, said, "sha256")

    def wrap(self, case: str, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._kek.encrypt(nonce, key, f"{case}:{self.name}".encode())

    def unwrap(self, case: str, wrapped: bytes) -> CaseKey:
        bound = f"{case}:{self.name}".encode()
        try:
            return CaseKey(case, self._kek.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound))
        except (InvalidTag, ValueError) as error:
            raise WrongKey from error

    def seal(self, content: bytes, place: str) -> bytes:
        """A short text that belongs to no case, encrypted for `place`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._kek.encrypt(nonce, content, f"{place}:{self.name}".encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        bound = f"{place}:{self.name}".encode()
        try:
            return self._kek.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise Sealed from error


class CaseKey:
    """One case's data key."""

    __slots__ = ("_key", "_seal", "case")

    def __init__(self, case: str, key: bytes) -> None:
        self.case = case
        self._key = key
        self._seal = AESGCM(key)

    @classmethod
    def new(cls, case: str) -> CaseKey:
        return cls(case, os.urandom(32))

    def wrapped_by(self, keys: Keys) -> bytes:
        return keys.wrap(self.case, self._key)

    def commitment(self) -> str:
        """Binds the chain to this key: GCM alone would let two keys open one ciphertext."""
        return hmac.new(self._key, b"commit", hashlib.sha256).hexdigest()

    def seal(self, content: bytes, place: str, *, level: int = 6) -> bytes:
        """`content` compressed and encrypted for `place`, e.g. a history row's seq."""
        return self.encrypt(zlib.compress(content, level), place)

    def open(self, sealed: bytes, place: str) -> bytes:
        try:
            return zlib.decompress(self.decrypt(sealed, place))
        except zlib.error as error:
            raise Sealed from error

    def encrypt(self, content: bytes, place: str) -> bytes:
        """As it is, for what is packed already."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seal.encrypt(nonce, content, f"{self.case}:{place}".encode())

    def decrypt(self, sealed: bytes, place: str) -> bytes:
        """Raises `Sealed` for other bytes, another place or another key."""
        bound = f"{self.case}:{place}".encode()
        try:
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except (InvalidTag, ValueError) as error:  # ValueError: too short for a nonce
            raise Sealed from error
