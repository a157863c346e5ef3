"""Feeds a target: so many inputs, and the smallest one where it fails."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.memory import taken
from tests.fuzz.targets import TARGETS

IN_ONE_GO = 1_000  # what has been tried is remembered for as long as one goes on
MOST_MEGABYTES = 256.0  # that one input may take


@dataclass
class Fed:
    """What became of inputs, and how much memory the one that took most has taken."""

    counts: Counter[str] = field(default_factory=Counter)
    megabytes: float = 0.0


def feed(name: str, n: int, first: int, fed: Fed | None = None) -> Fed:
    """Feed a target so many inputs, which the number `first` decides; raises what the smallest bad one raises."""
    target, _ = TARGETS[name]
    fed = fed or Fed()

    @seed(first)
    @settings(
        max_examples=n,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.data())
    def eat(data: st.DataObject) -> None:
        with taken() as memory:
            outcome = target(data.draw)
        fed.counts[outcome] += 1
        fed.megabytes = max(fed.megabytes, memory.megabytes)
        assert memory.megabytes < MOST_MEGABYTES

    eat()
    return fed
