"""What networks do, in numbers: how good they are, what is inside them, and what can be said of it."""
