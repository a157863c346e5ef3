"""Inputs that nobody thought of, made by the thousand: python -m tests.fuzz. A few of each are part of every test run."""
