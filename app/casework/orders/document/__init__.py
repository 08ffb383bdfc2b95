"""What a document speaks of, what it would say now, who said it, and which versions there are."""
