"""Many at once: runs on the shelf, visitors, presses of Train, visits. python -m tests.load ends in a table; a few of each are part of
every test run.
"""
