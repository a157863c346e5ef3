"""Who the workers are, while a scheduler answers, is asked, and does not answer."""

import pytest

from core.runs.crew import UNANSWERED, Crew
from core.runs.engine import Lost, Worker

ONE = Worker("tcp://127.0.0.1:1", "one", 1, 0.0)


class Connection:
    """A line to a scheduler, on which the crew is looked at whenever it asks."""

    open = True

    def __init__(self, crew: Crew):
        self.crew, self.answers, self.seen = crew, True, []

    def workers(self) -> list[Worker]:
        self.seen.append(self.crew.find(ONE.address))
        if not self.answers:
            raise Lost("no answer")
        return [ONE]

    def close(self) -> None:
        self.open = False


@pytest.fixture
def crew() -> Crew:
    crew = Crew(1, 100)
    crew.at = "tcp://127.0.0.1:2"  # a cluster's: nothing is started
    crew.connection = Connection(crew)
    return crew


def test_workers_are_there_while_the_scheduler_is_asked_who_is(crew):
    for _ in range(3):
        crew.muster(0.5)
    assert crew.connection.seen == [None, ONE, ONE]
    assert crew.workers == crew.well() == [ONE]


def test_workers_are_gone_when_the_scheduler_has_not_answered_for_long_enough(crew):
    crew.muster(0.5)
    crew.connection.answers = False
    there = []
    for _ in range(UNANSWERED):
        crew.muster(0.5)
        there.append(crew.workers)
    assert there == [[ONE]] * (UNANSWERED - 1) + [[]]
    assert crew.connection is None
    assert "does not answer" in crew.trouble
