"""What is said about a sweep, where the truth is known."""

import re

import numpy as np
import pytest

from core.config import NETWORKS
from core.history import EpochEnd
from core.search.outcome import Attempt
from core.search.overfitting import outcomes
from core.search.overfitting_reading import reading, trend
from core.training import begin, train

EPOCHS = 3


def run(train: float, val: float, loss: float = 0.3) -> Attempt:
    """A finished run that ends with these accuracies."""
    rising = [EpochEnd(epoch, 1.0, train / 2, val / 2, 0.01, 1.0, 1.0) for epoch in range(1, EPOCHS)]
    return Attempt([*rising, EpochEnd(EPOCHS, loss, train, val, 0.01, 1.0, loss)])


def said(panels: dict[int, list[Attempt]]) -> str:
    """The reading of one network, without bold type."""
    (paragraph,) = reading({("mlp", size): attempts for size, attempts in panels.items()}, EPOCHS)
    return paragraph.replace("**", "")


def test_a_gap_that_shrinks_is_said_to_shrink():
    words = said({2_000: [run(0.988, 0.9066)], 50_000: [run(0.9995, 0.9759)]})
    assert "With 2,000 images the MLP reads 98.8% of them right, and 90.66% of the 10,000 validation images" in words
    assert "It over-fits with 2,000 and 50,000 images" in words
    assert "The gap shrinks with more data: 8.1 points with 2,000 images and 2.36 points with 50,000." in words
    assert "The validation accuracy rises with more data: 90.66% with 2,000 images and 97.59% with 50,000." in words


def test_a_gap_that_grows_is_said_to_grow():
    words = said({5_000: [run(0.95, 0.93)], 20_000: [run(0.99, 0.90)]})
    assert "The gap grows with more data: 2.00 points with 5,000 images and 9.00 points with 20,000." in words
    assert "training accuracy changes by +4.00 points and validation accuracy by −3.00" in words
    assert "The validation accuracy falls with more data" in words


@pytest.mark.parametrize("sizes", [(200, 1_000), (10_000, 50_000)])
def test_gaps_of_one_seed_that_chance_can_make_are_called_that(sizes):
    words = said({sizes[0]: [run(0.9706, 0.96)], sizes[1]: [run(0.9715, 0.961)]})
    assert "The gap is the same as far as these runs can tell" in words
    assert words.count("that may be chance") == 2
    assert not re.search("shrinks|grows|rises|falls|took", words)


def test_equal_means_are_called_equal():
    words = said({10_000: [run(0.97, 0.96)], 50_000: [run(0.97, 0.96)]})
    assert words.count("they are equal") == 2


def test_what_lies_within_the_seeds_is_called_that():
    words = said(
        {10_000: [run(0.99, 0.90), run(0.99, 0.96)], 50_000: [run(0.99, 0.92), run(0.99, 0.95)]},
    )
    assert words.count("that is no more than the seeds differ") == 2
    assert "(means of 2 seeds)" in words


def test_five_seeds_that_agree_closely_are_not_surer_than_their_images_allow():
    seeds = [0.0000, 0.0001, 0.0002, 0.0001, 0.0000]
    words = said(
        {10_000: [run(0.97, 0.96 + s) for s in seeds], 50_000: [run(0.97, 0.9605 + s) for s in seeds]},
    )
    assert words.count("that may be chance") == 2


def test_a_real_difference_over_five_seeds_is_told():
    seeds = [0.000, 0.001, 0.002, 0.001, 0.000]
    words = said(
        {500: [run(0.99, 0.85 + s) for s in seeds], 50_000: [run(0.99, 0.97 + s) for s in seeds]},
    )
    assert "The gap shrinks with more data" in words


def test_one_seed_is_never_spoken_of_in_the_plural_or_with_bands():
    words = said({500: [run(0.99, 0.85)], 50_000: [run(0.99, 0.97)]})
    assert "from one seed" in words
    assert not re.search("band|mean of|means of|the seeds", words)
    assert "from one seed" not in said({500: [run(0.99, 0.85)] * 2, 50_000: [run(0.99, 0.97)] * 2})


def test_a_gap_that_turns_in_the_middle_is_not_read_from_its_ends():
    words = said({500: [run(0.89, 0.85)], 5_000: [run(0.99, 0.85)], 50_000: [run(0.98, 0.93)]})
    assert (
        "The gap goes up and down with the size: it is least with 500 images (4.0 points) and most with 5,000" in words
    )
    words = said({5_000: [run(0.99, 0.90)], 10_000: [run(0.94, 0.93)], 50_000: [run(0.99, 0.90)]})
    assert "it is most with 5,000 images (9.00 points) and least with 10,000 (1.00 points)" in words


def test_a_gap_that_changes_only_between_the_middle_and_an_end_is_told_of_these():
    words = said({100: [run(0.97, 0.92)], 10_000: [run(0.99, 0.92)], 50_000: [run(0.96, 0.92)]})
    assert "The gap is lower with 50,000 images than with 10,000: 7.00 points with 10,000" in words
    assert "with more data" not in words.split("validation accuracy")[0]


def test_six_sizes_are_told_by_their_ends_and_compared_with_each_other():
    panels = {
        size: [run(0.99, val)]
        for size, val in zip((100, 500, 1_000, 5_000, 20_000, 50_000), (0.7, 0.8, 0.85, 0.9, 0.95, 0.97), strict=True)
    }
    words = said(panels)
    assert "The gap shrinks with more data: 29.0 points with 100 images and 2.00 points with 50,000." in words
    assert "It over-fits with 100, 500, 1,000, 5,000, 20,000 and 50,000 images" in words


def test_only_the_size_that_has_hardly_learnt_is_called_that():
    words = said({200: [run(0.235, 0.2028)], 1_000: [run(0.846, 0.8099)], 5_000: [run(0.9442, 0.9134)]})
    assert "With 200 images it has hardly learnt: it reads 23.5% of its own images right" in words
    assert "It over-fits with 1,000 and 5,000 images" in words
    assert "3.6 points with 1,000 images and 3.08 points with 5,000" in words


def test_where_no_size_has_learnt_it_is_said_of_each():
    words = said({200: [run(0.235, 0.2028)], 1_000: [run(0.31, 0.30)]})
    assert "With each of these sizes (200 and 1,000 images) it has hardly learnt" in words
    assert "over-fits" not in words
    assert "The gap" not in words


def test_a_size_at_chance_has_learnt_nothing():
    words = said({200: [run(0.11, 0.0974, 2.31)], 5_000: [run(0.97, 0.95)]})
    assert "With 200 images it has learnt nothing: it answers like chance (9.74% of the validation images)." in words
    assert "more data" not in words


def test_one_seed_of_several_at_chance_is_told_of():
    words = said({200: [run(0.97, 0.9), run(0.1, 0.1, 2.3)], 5_000: [run(0.97, 0.95)] * 2})
    assert "With 200 images, 1 of 2 seeds learnt nothing and answer" in words
    assert "The gap" not in words


def test_a_size_that_is_sure_and_wrong_is_called_that():
    words = said({100: [run(0.6, 0.23, 69.7)], 5_000: [run(0.97, 0.95)]})
    assert "With 100 images it is sure and wrong: the loss on the validation images is 69.70" in words


def test_a_run_that_diverged_is_named_with_its_reason_and_compared_with_nothing():
    failed = Attempt(run(0.5, 0.5).history[:2], "failed", "Diverged at epoch 3: the learning rate is too high.")
    words = said({500: [failed], 50_000: [run(0.99, 0.97)]})
    assert "With 500 images the MLP did not finish. Diverged at epoch 3: the learning rate is too high." in words
    assert "The gap" not in words
    assert "1 of 2 seeds of the MLP did not finish" in said(
        {500: [failed, run(0.99, 0.9)], 50_000: [run(0.99, 0.97)] * 2}
    )


def test_what_is_not_at_its_end_is_said_to_be_where_it_is():
    stopped = Attempt(run(0.9, 0.8).history[:1], "stopped")
    words = said({500: [stopped], 50_000: [run(0.99, 0.97)]})
    assert "With 500 images the MLP is not at its end (stopped after epoch 1 of 3): after epoch 1 of 3" in words
    assert "The gap" not in words
    words = said({500: [run(0.99, 0.9), stopped], 50_000: [run(0.99, 0.97)] * 2})
    assert "Left out with 500 images: 1 stopped after epoch 1 of 3." in words


def test_no_over_fitting_is_called_so_and_so_is_a_gap_that_may_be_chance():
    assert "It does not over-fit to speak of" in said({5_000: [run(0.905, 0.90)], 50_000: [run(0.95, 0.95)]})
    words = said({100: [run(0.93, 0.91)], 50_000: [run(0.95, 0.95)]})
    assert "With 100 images the gap may be chance" in words
    assert "a gap of 2.0 points" in words
    assert "no gap (−2.00 points)" in said({5_000: [run(0.90, 0.92)], 50_000: [run(0.95, 0.95)]})


@pytest.mark.parametrize("sizes", [(500, 5_000), (100, 500, 1_000, 5_000, 20_000, 50_000)])
def test_what_chance_makes_is_seldom_called_a_difference(sizes):
    """Sizes of the same true accuracies, drawn as counts: at most one comparison in twenty may find any difference."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(200):
        panels = {
            ("mlp", size): [run(rng.binomial(size, 0.97) / size, rng.binomial(10_000, 0.95) / 10_000)] for size in sizes
        }
        wrong += trend(outcomes(panels, EPOCHS), "gap").way != "neither"
    assert wrong <= 16, "5 % of 200 are 10, give or take 6"


@pytest.mark.slow
def test_a_real_sweep_is_read_as_its_numbers_are(digits):
    panels = {}
    for network in NETWORKS:
        for size in (200, 1_000, 5_000):
            checkpoint = begin(config := NETWORKS[network](train_size=size, epochs=8), digits)
            for _ in train(config, digits, checkpoint):
                pass
            panels[network, size] = [Attempt(checkpoint.history)]
    for network, paragraph in zip(NETWORKS, reading(panels, 8), strict=True):
        ends = {size: panels[network, size][0].history[-1] for size in (200, 1_000, 5_000)}
        assert all(f"{end.val_accuracy:.2%}" in paragraph for end in ends.values())
        hardly = [size for size, end in ends.items() if end.train_accuracy < 0.5]
        assert hardly == [200]
        assert "With 200 images it **has hardly learnt**" in paragraph
        found = [one for one in outcomes(panels, 8) if one.network == network and one.learnt]
        assert trend(found, "gap").way == "neither"
        assert "The gap is the same as far as these runs can tell" in paragraph
        assert "The validation accuracy **rises with more data**" in paragraph
