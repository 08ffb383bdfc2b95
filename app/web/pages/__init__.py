"""The pages, each in the module of its subject."""
