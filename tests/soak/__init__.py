"""Fire drills: what kills, stops, cuts off or repeats the product, and what must hold then.

Each drill is a function of a seed and a size that gives a `Report`; its short form in `make test`
calls the same function with a small size. `make soak` runs them all (docs/drills.md).
"""
