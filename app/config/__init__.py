"""What an installation says in config.yaml, as frozen values."""
