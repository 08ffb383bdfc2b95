"""What a journey may check, each in the module of its subject."""
