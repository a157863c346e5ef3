"""What pages that compare settings share: what is to be trained, how far it has come, and the curves side by side."""
