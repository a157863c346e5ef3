"""The home page: what is done on its first screen, the ways on, and the table of runs."""
