"""The tests; `python -m tests.bench` and `python -m tests.conformance` are programs among them."""
