"""The report's numbers beside a run's: what is said of the two is so, and changes with the run."""

import pytest
from scipy import stats

from core import checkpoints
from core.analysis.evaluation import Share
from core.config import REPORT, MLPConfig
from core.report import rows
from core.report.rows import opens
from core.report.said import About

WHERE = opens("MLP full")


@pytest.fixture(scope="module")
def runs():
    return {name: checkpoints.summary(config.key) for name, config in REPORT.items()}


@pytest.mark.parametrize(
    ("theirs", "ours", "n", "verdict"),
    [
        ("0.88", 0.8812, 10_000, "the same, as far as its digits go"),
        ("0.88", 0.8850, 10_000, "the same, as far as its digits go"),
        ("0.88", 0.8880, 10_000, "no more than rounding and chance"),  # 0.8816 to 0.8941, and 0.875 to 0.885
        ("0.88", 0.9065, 10_000, "**+2.65 points**"),
        ("0.88", 0.8500, 10_000, "**−3.00 points**"),
        ("0.98", 0.9860, None, "**+0.60 points**"),  # all images that there are: nothing of it is chance
        ("0.9", 0.9291, None, "the same, as far as its digits go"),
    ],
)
def test_what_was_read_off_a_curve_is_held_against_its_digits_and_chance(theirs, ours, n, verdict):
    share = Share(round(ours * (n or 50_000)), n or 50_000)
    assert rows.off_a_curve("", About(theirs), share, "MLP full", all_of_them=n is None).verdict == verdict


@pytest.mark.parametrize(("right", "theirs"), [(9_751, 4_764), (9_535, 4_764), (9_528, 4_764), (9_450, 4_764)])
def test_what_was_counted_differs_by_more_than_chance_where_fishers_test_says_so(right, theirs):
    verdict = rows.counted("", Share(theirs, 5_000), Share(right, 10_000), *WHERE).verdict
    p = stats.fisher_exact([[right, 10_000 - right], [theirs, 5_000 - theirs]]).pvalue
    assert ("more than chance" in verdict) == (p < 0.05)
    assert ("**" in verdict) == (p < 0.05)
    assert (verdict == "the same") == (right == 2 * theirs)


def test_every_row_of_a_run_follows_it(runs):
    full = runs["MLP full"]
    other = full._replace(
        test_accuracy=0.9,
        seconds=87.94,
        config=MLPConfig(batch_size=32),
        history=[*full.history[:-1], full.history[-1]._replace(train_accuracy=0.98, val_accuracy=0.5)],
    )
    altered = runs | {"MLP full": other}
    assert rows.test_accuracy(runs, "MLP full").ours == f"{full.test_accuracy:.2%}"
    assert rows.test_accuracy(altered, "MLP full").ours == "90.00%"
    assert rows.settings(runs, "MLP full").verdict == "the same"
    assert rows.settings(altered, "MLP full").verdict == "**not the same**"
    training, validation = rows.ends(altered, "MLP full")
    assert (training.verdict, validation.verdict) == ("the same, as far as its digits go", "**−45.00 points**")
    assert rows.seconds(altered, "MLP full").verdict.startswith("1× as long")
    assert "not so here" in rows.gaps(altered, "MLP").verdict, "its gap is 48 points, and that of few images 8"
    assert "so here, too" in rows.gap_of_networks(altered)[1].verdict
    assert rows.time_of_networks(altered).ours != rows.time_of_networks(runs).ours


def test_networks_that_take_about_as_long_are_told_from_such_that_do_not(runs):
    alike = runs | {"CNN full": runs["CNN full"]._replace(seconds=runs["MLP full"].seconds * 1.1)}
    assert rows.time_of_networks(alike).verdict == "so here, too"
    assert "not so here" in rows.time_of_networks(runs).verdict
