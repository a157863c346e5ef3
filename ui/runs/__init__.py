"""The page of all runs: a module for its address, its filters, its table, and what is drawn of the runs that are ticked."""
