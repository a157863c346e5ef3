"""The confusion page: a module for each of its views, its controls and its address."""
