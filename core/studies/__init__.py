"""Searches over all settings, as they go on: who asks for the next run, counts it, and stops it where it is hopeless."""
