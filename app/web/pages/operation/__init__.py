"""Pages of whoever looks after the installation: what has stopped."""
