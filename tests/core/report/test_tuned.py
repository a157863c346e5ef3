"""What tuning brings, held against what is recorded of each run, read here from the file itself."""

import gzip
import json
import re

import numpy as np
import pytest

from core import checkpoints
from core.config import REPORT, MLPConfig, from_dict
from core.report import tuned
from core.report.rows import plateau
from core.search.recorded import FILE, recorded
from core.search.tuning import JUDGED, JUDGES


@pytest.fixture(scope="module")
def committed() -> dict:
    return {"MLP baseline": checkpoints.summary(REPORT["MLP baseline"].key)}


@pytest.fixture(scope="module")
def file() -> dict:
    """The lines of the file, by their settings."""
    read = [json.loads(line) for line in gzip.decompress(FILE.read_bytes()).decode().splitlines()]
    return {from_dict(line["config"]): line for line in read}


def test_each_line_has_the_mean_and_the_deviation_over_its_seeds(file):
    for line in tuned.lines(recorded())[: len(JUDGED)]:
        runs = [own for config, own in file.items() if _but_for_the_seed(config) == _but_for_the_seed(line.opens)]
        runs = [own for own in runs if own["config"]["seed"] < JUDGES]
        assert len(runs) == JUDGES
        for words, values in (
            (line.validation, [own["history"][2][-1] for own in runs]),
            (line.test, [own["test_accuracy"] for own in runs]),
        ):
            mean, deviation = map(float, re.fullmatch(r"([\d.]+)%\s±\s([\d.]+)", words).groups())
            assert mean == pytest.approx(100 * np.mean(values), abs=0.0051)
            assert deviation == pytest.approx(100 * np.std(values, ddof=1), abs=0.0051)


def test_the_test_images_are_asked_about_the_judged_runs_alone(file):
    judged = {config for one in JUDGED for config in one.runs()}
    assert {config for config, own in file.items() if own["test_accuracy"] is not None} == judged


def test_what_is_called_the_best_is_the_best_on_the_validation_images_with_as_many_images():
    for size in (2_000, 50_000):
        fair = next(
            one for one in JUDGED if (one.config.train_size, one.words) == (size, "the best found without augmentation")
        )
        means = {
            one.words: np.mean([recorded()[config.key].history[-1].val_accuracy for config in one.runs()])
            for one in JUDGED
            if one.config.train_size == size
        }
        assert means[fair.words] > means["the report's"]
        assert means.get("the best found", 1.0) > means[fair.words]
        assert fair.config.augmentation == 0
        assert fair.config.hidden_units == MLPConfig().hidden_units
        others = [one for one in recorded().values() if isinstance(one.config, MLPConfig) and one.history]
        without = [one for one in others if one.config.train_size == size and not one.config.augmentation]
        assert means[fair.words] > max(
            one.history[-1].val_accuracy for one in without if one.config not in fair.runs()
        ), "one of the report's tuning is better"


def test_a_curve_that_still_rises_has_no_plateau(committed):
    assert plateau(committed).verdict.startswith("so here, too")
    run = committed["MLP baseline"]
    rising = [event._replace(val_accuracy=event.epoch / 110) for event in run.history]
    assert plateau({"MLP baseline": run._replace(history=rising)}).verdict.startswith("**not so here**")


def _but_for_the_seed(config) -> tuple:
    return type(config), tuple((name, value) for name, value in vars(config).items() if name != "seed")
