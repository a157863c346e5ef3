"""The page Over-fitting: its form, its panels, and what they come to."""
