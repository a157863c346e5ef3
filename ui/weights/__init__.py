"""The page Weights: a module for each of its views, its controls and its address."""
