"""The chained history: headers, what they commit to, packed and sealed bodies, keys."""
