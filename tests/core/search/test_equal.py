"""Comparisons at equal steps and at equal time: after which epoch each counts, checked by hand."""

import pytest

from core.config import CNNConfig, MLPConfig
from core.history import EpochEnd
from core.search.along import elapsed
from core.search.equal import cut, equal, words
from core.search.outcome import Attempt, outcome
from core.search.overfitting import outcomes
from core.search.overfitting_equal import remains

EPOCHS = 4
SMALL, LARGE = ("mlp", 2_000), ("mlp", 50_000)  # 32 and 782 steps an epoch
CONFIGS = {place: MLPConfig(train_size=place[1], epochs=EPOCHS) for place in (SMALL, LARGE)}
CALLED = {SMALL: "2,000 images", LARGE: "50,000 images"}


def run(*vals: float, seconds: float = 1.0, status: str = "done") -> Attempt:
    return Attempt([EpochEnd(i, 0.3, 0.99, val, 0.01, seconds, 0.3) for i, val in enumerate(vals, 1)], status)


def of(small: list[Attempt], large: list[Attempt]) -> dict:
    return {SMALL: small, LARGE: large}


# Three epochs of 1,000 images of batch 10 are 300 steps; one epoch of 3,000 as many.
CLOSE = {
    ("mlp", 1_000): MLPConfig(train_size=1_000, batch_size=10, epochs=4),
    ("mlp", 3_000): MLPConfig(train_size=3_000, batch_size=10, epochs=4),
}


def test_at_equal_steps_each_counts_after_the_last_epoch_that_is_within_the_fewest():
    runs = {place: [run(0.5, 0.6, 0.7, 0.8)] for place in CLOSE}
    (found,) = equal(CLOSE, runs, "steps")
    assert (found.amount, dict(found.epochs)) == (400, {("mlp", 1_000): 4, ("mlp", 3_000): 1})
    short = cut(runs, [found])
    assert [len(short[place][0].history) for place in CLOSE] == [4, 1]
    for place, config in CLOSE.items():
        one = outcome(config, short[place])
        assert one.finished
        assert one.validation.mean == [0.8, 0.5][place[1] == 3_000]
    assert words(found, {place: f"{place[1]:,} images" for place in CLOSE}, False).replace("**", "") == (
        "Compared at equal steps: after at most 400 steps each, the fewest that any of them takes in all. That is after epoch 4 of 4 with "
        "1,000 images (400 steps) and after epoch 1 of 4 with 3,000 images (300 steps)."
    )


def test_where_the_first_epoch_takes_more_nothing_is_compared():
    (found,) = equal(CONFIGS, of([run(*[0.8] * 4)], [run(*[0.9] * 4)]), "steps")
    assert dict(found.epochs) == {SMALL: 4, LARGE: 0}
    short = cut(of([run(*[0.8] * 4)], [run(*[0.9] * 4)]), [found])
    assert outcome(CONFIGS[LARGE], short[LARGE]) is None
    assert "With 50,000 images already the first epoch takes more, so nothing is compared there." in words(
        found, CALLED, False
    )


def test_at_equal_time_the_slowest_seed_of_each_decides():
    quick, slow = run(0.5, 0.6, 0.7, 0.8, seconds=0.1), run(0.5, 0.6, 0.7, 0.8, seconds=0.15)
    (found,) = equal(CONFIGS, of([quick, slow], [quick, slow]), "seconds")
    assert found.amount == pytest.approx(0.4)
    assert dict(found.epochs) == {SMALL: 2, LARGE: 2}
    assert "after at most 0.4" in words(found, CALLED, True).replace("**", "")
    assert "of the MLP" in words(found, CALLED, True)
    assert elapsed([quick.history, slow.history], 32, "seconds") == pytest.approx([0.125, 0.25, 0.375, 0.5])


def test_only_what_is_at_its_end_decides_and_each_network_for_itself():
    stopped = run(0.5, status="stopped")
    assert equal(CONFIGS, of([run(*[0.8] * 4)], [stopped]), "steps") == []
    assert equal(CONFIGS, of([run(*[0.8] * 4)], [run(*[0.8] * 4)]), "epochs") == []
    runs = of([run(*[0.8] * 4), stopped], [run(*[0.8] * 4), stopped])
    (found,) = equal(CONFIGS, runs, "steps")
    assert found.amount == 4 * 32
    assert cut(runs, [found])[LARGE][1] is stopped
    both = {
        **CONFIGS,
        ("cnn", 2_000): CNNConfig(train_size=2_000, epochs=2),
        ("cnn", 4_000): CNNConfig(train_size=4_000, epochs=2),
    }
    found = equal(both, {place: [run(0.5, 0.6)] for place in both}, "steps")
    assert [(one.network, one.amount) for one in found] == [("mlp", 64), ("cnn", 64)]


def said(small: list[float], large: list[float], at: int) -> str:
    """What is said of the effect of data where the smaller size counts at its end and the larger after epoch `at`."""
    ends = of([run(*small)], [run(*large)])
    cuts = of([run(*small)], [run(*large)._replace(history=run(*large).history[:at], cut=at)])
    return remains(*(outcomes(found, EPOCHS) for found in (ends, cuts)), "steps").replace("**", "")


@pytest.mark.parametrize(
    ("small", "large", "told"),
    [
        (
            (0.5, 0.6, 0.7, 0.80),
            (0.5, 0.85, 0.88, 0.90),
            "by +10.00 points of validation accuracy, at equal steps by +5.00: 50% of the effect",
        ),
        (
            (0.5, 0.6, 0.7, 0.80),
            (0.5, 0.801, 0.88, 0.90),
            "as far as they can tell, the effect of data is there only with more steps",
        ),
        ((0.5, 0.6, 0.7, 0.80), (0.5, 0.70, 0.88, 0.90), "it is behind there"),
        ((0.5, 0.6, 0.7, 0.80), (0.5, 0.92, 0.91, 0.90), "all of the effect of data remains"),
    ],
)
def test_what_remains_of_the_effect_of_data_is_told_where_it_is_known(small, large, told):
    assert told in said(list(small), list(large), 2)


def test_of_data_that_does_not_help_nothing_remains_and_nothing_is_said():
    assert said([0.5, 0.6, 0.7, 0.9], [0.5, 0.6, 0.7, 0.9], 2) == ""
    assert said([0.5, 0.6, 0.7, 0.9], [0.5, 0.6, 0.7, 0.901], 2) == "", "which may be chance"
    assert said([0.5, 0.6, 0.7, 0.9], [0.5, 0.6, 0.7, 0.8], 2) == ""
