"""Feeds a target: so many inputs, and the smallest one where it fails."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

IN_ONE_GO = 1_000  # what has been tried is remembered for as long as one goes on


def feed(name: str, n: int, first: int) -> Counter[str]:
    """What became of so many inputs of a target, which the number `first` decides; raises what the smallest bad one raises."""
    target, _ = TARGETS[name]
    counts: Counter[str] = Counter()

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
        counts[target(data.draw)] += 1

    eat()
    return counts
