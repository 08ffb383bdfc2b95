"""The steps from an empty database to today's tables; each is written once and never changed."""
