"""The page Train: its form, and one run in each of its states."""
