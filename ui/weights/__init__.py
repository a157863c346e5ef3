"""The page that looks inside a network: a module for each of its views, its controls and its address."""
