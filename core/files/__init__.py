"""Files, written whole and read with suspicion."""
