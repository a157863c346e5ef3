"""What the runs of a grid have come to so far, and which of it can be compared."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.search.grid import Grid, Place
from core.search.outcome import Attempt, Outcome, outcome
from core.search.seeds import above
from core.words import listed

TOLD = 4  # places: of more, their number is told, and the table has the others


class Found(NamedTuple):
    """What one network has come to: where it has, and what has been asked for and is compared with nothing."""

    grid: Grid
    network: str
    attempts: Mapping[Place, Sequence[Attempt]]
    outcomes: Mapping[Place, Outcome]

    def finished(self) -> dict[Place, Outcome]:
        return {place: found for place, found in self.outcomes.items() if found.finished}

    def compared(self) -> dict[Place, Outcome]:
        """What is at its end and one thing: no seed of it failed, and not some answer like chance while others do not."""
        return {
            place: found
            for place, found in self.finished().items()
            if not any(attempt.status == "failed" for attempt in self.attempts[place])
            and found.chance in (0, found.seeds)
        }

    def words(self, places: Sequence[Place]) -> str:
        """Places in words; of many their number."""
        if len(places) > TOLD:
            return f"{len(places)} others"
        return listed(self.grid.words(place) for place in places)


def outcomes(grid: Grid, attempts: Mapping[Place, Sequence[Attempt]]) -> dict[Place, Outcome]:
    """What each place has come to that has come to anything."""
    found = {place: outcome(grid.config(place), tried) for place, tried in attempts.items()}
    return {place: one for place, one in found.items() if one is not None}


def ranking(compared: Mapping[Place, Outcome]) -> list[Place]:
    """The places by their validation accuracy after the last epoch, the highest mean first."""
    return sorted(compared, key=lambda place: -compared[place].validation.mean)


def rivals(compared: Mapping[Place, Outcome], ranked: Sequence[Place]) -> list[Place]:
    """The places whose validation accuracy the seeds leave no difference to the highest one."""
    return [place for place in ranked[1:] if not above(compared[ranked[0]], compared[place], "validation")]
