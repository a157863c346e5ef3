"""How often a page looks at a live run, by how many do."""

import pytest

from core.config import MLPConfig
from core.runs import Run
from ui import looks


class Shelf:
    """Two runs that train and one that has ended, each with somebody who looks on."""

    def __init__(self, n: int):
        self.runs = [
            Run(MLPConfig(seed=seed), status=status) for seed, status in enumerate(("training", "queued", "done"))
        ]
        for i in range(n):
            self.runs[i % 2].watch(f"tab {i}")
            self.runs[(i + 1) % 2].watch(f"tab {i // 2}")  # of two runs at once, and twice of one
            self.runs[2].watch(f"late {i}")

    def known(self) -> list[Run]:
        return self.runs


@pytest.fixture
def class_of(monkeypatch):
    """Have so many tabs look at live runs."""
    return lambda n: monkeypatch.setattr(looks, "runs", lambda: Shelf(n))


@pytest.mark.parametrize("n", range(0, 200, 7))
def test_a_class_of_any_size_looks_hardly_more_often_than_five_until_each_waits_five_seconds(class_of, n):
    class_of(n)
    waits = looks.Pace(0.5).seconds
    assert 0.5 <= waits <= 5
    assert n / waits <= 10.001 or waits == 5


def test_what_looks_seldom_anyway_never_waits_less(class_of):
    for n in (1, 60):
        class_of(n)
        assert looks.Pace(10).seconds == 10


def test_a_page_is_drawn_anew_when_twice_as_many_look_or_half_as_many_and_not_for_each_that_comes(class_of):
    class_of(10)
    pace = looks.Pace(0.5)
    assert not pace.is_out_of_step()
    for n, due in ((10, False), (15, False), (20, False), (21, True), (5, False), (4, False), (100, True)):
        class_of(n)
        assert pace.is_out_of_step() is due, n
    class_of(40)
    pace = looks.Pace(0.5)
    assert not pace.is_out_of_step()
    class_of(1)
    assert pace.is_out_of_step()


def test_a_page_that_is_still_being_drawn_is_not_drawn_anew(class_of):
    class_of(0)
    pace = looks.Pace(0.5)
    class_of(50)
    assert not pace.is_out_of_step(), "the look of the page's own run"
    assert pace.is_out_of_step()
