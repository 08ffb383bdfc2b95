"""Playing journeys: each step as the order it means, refusals, reports."""
