"""The scheduler room: the clock, waking what is due, sending what waits in the outbox.

It holds no truth: everything is in the store, and losing a scheduler loses nothing.
"""
