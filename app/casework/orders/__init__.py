"""What people and timers may order, and what each order does."""
