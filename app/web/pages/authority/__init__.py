"""Pages about authority: the register of conflicts, breaking the glass, who can read what."""
