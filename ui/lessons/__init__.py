"""The parts of the page Lessons."""
