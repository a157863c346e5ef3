"""Who may change what, and how much a visitor may ask for."""

import pytest

from core.config import MLPConfig
from core.history import EpochEnd
from core.host.hosting import Hosting
from core.host.visitors import owner
from core.runs.rules import (
    HOUR,
    OF_ALL,
    Asker,
    Uploads,
    may_change,
    require_change,
    require_kept,
    require_place,
    stopped_words,
    too_long,
)
from core.runs.run import Run, RunError
from core.words import SPACE

OPEN, CLASS, SHOW = Hosting(), Hosting("class", "chalk and board"), Hosting("showcase")
ANN, BEN, TEACHER = Asker("ann"), Asker("ben"), Asker("tom", teacher=True)


@pytest.mark.parametrize(
    ("owned_by", "asker", "hosting", "may"),
    [
        (owner("ann"), ANN, OPEN, True),
        (owner("ann"), BEN, OPEN, False),
        (owner("ann"), BEN, CLASS, False),
        (owner("ann"), TEACHER, CLASS, True),
        ("", BEN, OPEN, True),
        ("", BEN, CLASS, False),
        ("", TEACHER, CLASS, True),
        (owner("ann"), ANN, SHOW, False),
        ("", TEACHER, SHOW, False),
        ("ann", ANN, OPEN, False),
    ],
)
def test_a_run_is_changed_by_its_owner_and_by_the_teacher(owned_by, asker, hosting, may):
    assert may_change(owned_by, asker, hosting) is may
    if may:
        require_change(owned_by, asker, hosting)
    else:
        with pytest.raises(RunError, match=r"\.$"):
            require_change(owned_by, asker, hosting)


def waiting(n: int, visitor: str, status: str = "queued") -> list[Run]:
    return [Run(MLPConfig(seed=seed), visitor, status) for seed in range(n)]


def test_a_visitor_asks_for_so_many_runs_and_another_one_for_as_many():
    hosting = Hosting(runs_per_visitor=3)
    runs = waiting(2, "ann") + waiting(1, "ann", "training") + waiting(5, "ann", "done")
    with pytest.raises(RunError, match="3 of your runs"):
        require_place(runs, "ann", hosting)
    require_place(runs, "ben", hosting)
    require_place(runs[1:], "ann", hosting)


def test_the_line_is_bounded_however_many_visitors_there_are():
    hosting = Hosting(runs_in_all=10)
    runs = [Run(MLPConfig(seed=seed), f"visitor {seed}") for seed in range(10)]
    with pytest.raises(RunError, match="10 runs wait"):
        require_place(runs, "somebody new", hosting)
    require_place(runs[1:], "somebody new", hosting)


def test_in_a_showcase_nothing_trains_and_nothing_is_kept():
    for ask in (
        lambda: require_place([], "ann", SHOW),
        lambda: require_kept(SHOW),
        lambda: Uploads().admit("ann", 1, SHOW),
    ):
        with pytest.raises(RunError, match="showcase"):
            ask()


def test_uploads_are_counted_by_number_and_by_size_and_forgotten_after_an_hour():
    hosting, uploads = Hosting(uploads_per_hour=2, upload_megabytes_per_hour=10), Uploads()
    uploads.admit("ann", 6 * 2**20, hosting, now=0)
    with pytest.raises(RunError, match="2 files of 10 MB"):
        uploads.admit("ann", 5 * 2**20, hosting, now=1)
    uploads.admit("ann", 4 * 2**20, hosting, now=2)
    with pytest.raises(RunError):
        uploads.admit("ann", 1, hosting, now=3)
    uploads.admit("ben", 1, hosting, now=4)
    uploads.admit("ann", 1, hosting, now=HOUR + 1)


def test_whoever_takes_a_new_name_for_every_upload_comes_to_an_end_too():
    hosting, uploads = Hosting(uploads_per_hour=2), Uploads()
    for number in range(2 * OF_ALL):
        uploads.admit(f"visitor {number}", 1, hosting, now=number)
    with pytest.raises(RunError, match="nothing more is taken"):
        uploads.admit("one more", 1, hosting, now=100)
    assert len(uploads._brought) == 2 * OF_ALL


HOUR_LONG = Hosting(minutes_per_run=60)


@pytest.mark.parametrize(
    ("expected", "left", "words"),
    [
        (3_600, 1.0, None),
        (7_200, 0.5, None),
        (7_200, 1.0, "About 35 epochs of these"),
        (7_200, 0.6, "About 35 epochs of these"),
        (3_601, 1.0, "About 69 epochs of these"),
        (200_000, 1.0, "About 1 epoch of these"),
        (300_000, 1.0, "fewer images"),
    ],
)
def test_what_takes_too_long_is_said_before_with_what_would_fit(expected, left, words):
    said = too_long(MLPConfig(epochs=70), expected, left, HOUR_LONG)
    assert (said is None) == (words is None)
    if said:
        assert f"1{SPACE}h that a run may train" in said
        assert words in said


def epochs(n: int, seconds: float) -> list[EpochEnd]:
    return [EpochEnd(i + 1, 1.0, 0.5, 0.5, 0.01, seconds, 1.0) for i in range(n)]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([], f"before the end of epoch 1 of 70, since no run may train here for longer than 1{SPACE}h in one go"),
        ([], "With fewer images"),
        (epochs(9, 400), "after epoch 9 of 70"),
        (epochs(9, 400), "About 9 epochs of these"),
        (epochs(60, 1), "With fewer images"),  # a pace that it has not kept
    ],
)
def test_what_was_stopped_for_its_length_says_where_why_and_what_to_do(history, words):
    said = stopped_words(Run(MLPConfig(epochs=70), events=[*history]), 3_600)
    assert words in said
    assert "Resume goes on from there" in said
    assert "Resume" not in stopped_words(Run(MLPConfig(), events=[*history], check=True), 3_600)
