"""Pages of one case: itself, its parts, its history, its documents, and what is recorded in it."""
