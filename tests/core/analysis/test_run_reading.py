"""What is read from a run's history: each rule on a run that shows it and on one that does not."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from core.analysis.evaluation import difference_interval
from core.analysis.finding import Reading, turned
from core.analysis.neurons import Tally, net_inputs, tally
from core.analysis.run_reading import LINEAR, RULES, read
from core.checkpoints import summary
from core.config import PRESETS, CNNConfig, MLPConfig, range_of
from core.data import load_digits
from core.history import EpochEnd
from core.training import begin, train

SHORT = {
    "steps too short": MLPConfig(train_size=500, learning_rate=0.00001, epochs=6),
    "steps too long": MLPConfig(train_size=100, learning_rate=1.0, epochs=3, activation="relu"),
    "slow": MLPConfig(train_size=1_000, learning_rate=0.002, epochs=20),
    "a decay that ends it": MLPConfig(train_size=1_000, epochs=20, learning_rate=0.02, learning_rate_decay=0.8),
    "single images": MLPConfig(train_size=1_000, weight_decay=0.1, epochs=30, hidden_units=16, batch_size=1),
    "dead ReLUs": MLPConfig(train_size=1_000, batch_size=16, learning_rate=0.05, epochs=10, activation="relu"),
    "ten epochs": MLPConfig(train_size=2_000, epochs=10),
    "one epoch": MLPConfig(train_size=2_000, epochs=1),
}  # each really trained, in half a second or less


@cache
def trained(name: str) -> Reading:
    """A committed run, or one that is trained here."""
    if name in PRESETS:
        return Reading(PRESETS[name], summary(PRESETS[name].key).history)
    config, digits = SHORT[name], load_digits()
    checkpoint = begin(config, digits)
    for _ in train(config, digits, checkpoint):
        pass
    return Reading(
        config, checkpoint.history, neurons=tally(checkpoint.model, net_inputs(checkpoint.model, digits.x_val))
    )


def names(run: Reading) -> list[str]:
    return [finding.name for finding in read(run)]


def of_rule(name: str, run: Reading):
    return next(finding for finding in read(run) if finding.name == name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "shows", "does_not"),
    [
        ("stuck at chance", "steps too short", "slow"),
        ("stuck at chance", "steps too long", "MLP small"),
        ("idle neurons", "dead ReLUs", "ten epochs"),
        ("too slow", "slow", "ten epochs"),
        ("under-fitting", "a decay that ends it", "MLP small"),
        ("over-fitting", "MLP small", "MLP baseline"),
        ("over-fitting", "CNN full", "CNN baseline"),
        ("unsteady", "single images", "MLP full"),
        ("too short", "one epoch", "ten epochs"),
        ("still improving", "CNN baseline", "MLP baseline"),
        ("dropout", "CNN baseline", "CNN small"),
        ("plateau", "MLP baseline", "CNN baseline"),
    ],
)
def test_a_rule_speaks_of_a_run_that_shows_it_and_is_silent_about_another(rule, shows, does_not):
    assert rule in names(trained(shows))
    assert rule not in names(trained(does_not))


@pytest.mark.slow
def test_every_rule_but_divergence_has_a_run_that_shows_it():
    found = {name for one in [*PRESETS, *SHORT] for name in names(trained(one))}
    assert len(found) == len(RULES)


def test_of_a_run_that_failed_only_divergence_is_said_and_only_where_it_was_that():
    config = CNNConfig(momentum=0.99, learning_rate=1.0)
    broke = Reading(
        config, [], "failed", "Diverged at epoch 1: the learning rate 1.0 is too high for a gradient of 64 images."
    )
    assert names(broke) == ["diverged"]
    assert "in epoch 1" in read(broke)[0].sentence
    assert [step.setting for step in read(broke)[0].steps] == ["learning_rate", "momentum"]
    assert read(Reading(config, [], "failed", "The disk is full.")) == []


def test_nothing_is_said_of_a_run_without_an_epoch():
    assert read(Reading(MLPConfig(), [], "stopped")) == []


@pytest.mark.parametrize("name", [*PRESETS, *SHORT])
def test_every_step_changes_exactly_one_setting_within_its_limits(name):
    run = trained(name)
    for finding in read(run):
        for step in finding.steps:
            changed = [
                spec.name
                for spec in fields(run.config)
                if getattr(step.config, spec.name) != getattr(run.config, spec.name)
            ]
            assert changed == [step.setting]
            assert step.watch.startswith(("whether", "where", "when", "how"))


def test_a_step_beyond_a_limit_ends_at_it_and_one_that_is_there_already_is_none():
    highest = range_of(MLPConfig, "learning_rate").high
    assert Reading(MLPConfig(learning_rate=0.5), []).rate(10, "")[0].config.learning_rate == highest
    assert Reading(MLPConfig(learning_rate=highest), []).rate(10, "") == ()
    assert Reading(MLPConfig(), []).step("dropout", 0.5, "") == ()


def test_steps_that_were_too_short_become_longer_and_those_that_were_too_long_shorter():
    short, long = trained("steps too short"), trained("steps too long")
    assert read(short)[0].steps[0].config.learning_rate > short.config.learning_rate
    assert read(long)[0].steps[0].config.learning_rate < long.config.learning_rate


@pytest.mark.slow
def test_the_first_step_out_of_too_slow_and_of_under_fitting_helps():
    for name in ("slow", "a decay that ends it"):
        run, digits = trained(name), load_digits()
        step = read(run)[0].steps[0]
        ends = [
            event
            for event in train(replace(step.config, epochs=run.config.epochs), digits)
            if isinstance(event, EpochEnd)
        ]
        low, _ = difference_interval(ends[-1].val_accuracy, 10_000, run.end.val_accuracy, 10_000)
        assert low > 0, name


def test_a_live_run_is_not_told_that_it_is_too_slow_or_where_it_would_have_ended():
    for name in ("slow", "CNN baseline", "a decay that ends it", "one epoch"):
        said = names(trained(name)._replace(status="training"))
        assert not {"too slow", "still improving", "under-fitting", "too short"} & set(said)


def test_a_stopped_run_is_not_told_to_be_trained_for_longer():
    run = trained("CNN baseline")._replace(status="stopped")
    assert of_rule("still improving", run).steps == ()


def test_of_a_network_that_has_learnt_nothing_only_that_and_why_is_said():
    assert names(trained("steps too long")) == ["stuck at chance", "idle neurons"]


def test_a_gap_that_chance_leaves_on_few_images_is_no_over_fitting():
    """The same 2 points: on 100 images they are nothing, on 50,000 they are."""
    end = EpochEnd(1, 0.3, 0.92, 0.90, 0.01, 1.0, 0.35)
    for size, said in ((100, False), (50_000, True)):
        assert ("over-fitting" in names(Reading(MLPConfig(train_size=size, epochs=1), [end]))) == said


def test_one_saturated_neuron_of_many_is_not_worth_a_word():
    run = trained("MLP full")
    assert "idle neurons" not in names(run._replace(neurons=Tally(64, 0, 6)))
    assert "idle neurons" in names(run._replace(neurons=Tally(64, 1, 6)))


def test_the_turn_of_the_validation_loss_is_its_minimum_where_it_rose_more_than_it_wavers():
    history = trained("CNN full").history
    assert turned(history).epoch == 1 + int(np.argmin([event.val_loss for event in history]))
    assert turned(trained("MLP baseline").history) is None
    wavers = [event._replace(val_loss=0.1 + 0.01 * (event.epoch % 2)) for event in history]
    assert turned(wavers) is None


def test_the_interval_of_a_difference_is_newcombes_of_his_own_example():
    """Newcombe (1998), table II: 56/70 - 48/80 by method 10 is 0.0524 to 0.3339."""
    low, high = difference_interval(56 / 70, 70, 48 / 80, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_five_falls_in_a_row_come_by_chance_once_in_32_times():
    assert stats.binom(5, 0.5).pmf(5) == pytest.approx(1 / 32)


@pytest.mark.slow
def test_a_network_without_a_hidden_layer_reads_more_than_92_percent_of_its_images():
    digits = load_digits()
    x, y = digits.x_train.reshape(-1, 784) / np.float32(255), digits.y_train.astype(int)
    w, rng = np.zeros((10, 784), np.float32), np.random.default_rng(0)
    for epoch in range(8):
        for rows in np.split(rng.permutation(len(x)), range(100, len(x), 100)):
            z = x[rows] @ w.T
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(rows)), y[rows]] -= 1
            w -= 0.3 * 0.8**epoch * p.T @ x[rows] / len(rows)
    assert LINEAR < ((x @ w.T).argmax(axis=1) == y).mean() < LINEAR + 0.02
