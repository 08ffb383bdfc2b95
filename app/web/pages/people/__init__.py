"""Pages about accounts: those of everybody, one's own, and the way in by a link."""
