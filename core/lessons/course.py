"""The ten lessons in their order, by their names in an address."""

from core.lessons import asked, trained
from core.lessons.lesson import Lesson

ORDER = ("untrained", "rate", "batch", "sum", "data", "brakes", "shift", "neuron", "hardest", "ready")
COURSE: dict[str, Lesson] = {name: (asked.LESSONS | trained.LESSONS)[name] for name in ORDER}


def place(name: str) -> int:
    """The number of a lesson, from 1."""
    return ORDER.index(name) + 1
