"""The same work without a browser: what `python -m core` does, a module for each command that is more than a call."""
