"""The page Search, and what it shares with every page that compares settings: what is to be trained, how far it has come, the curves."""
