"""The chained history: headers, what they commit to, packed and sealed bodies, keys."""

from app.store.chain import commitments, headers, history, keys, packing

__all__ = ["commitments", "headers", "history", "keys", "packing"]
