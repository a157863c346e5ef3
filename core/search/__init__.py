"""What each setting does: which runs answer that, what they came to, and what follows from it."""
