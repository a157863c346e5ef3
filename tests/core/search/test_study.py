"""A search over all settings as data, its journal, and how much each setting matters."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import optuna
import pytest

from core.config import NETWORKS, CNNConfig, MLPConfig
from core.kinds import SettingsError
from core.search import journal
from core.search.grid import SETTINGS, kind_of
from core.search.importance import FEWEST, importances
from core.search.journal import JournalError
from core.search.study import Span, Study, between, position, read_span, span_text, usual_space, usual_span
from core.search.trials import Trial, best_so_far

RATE, WORDS = Span("learning_rate", (0.001, 0.1)), Span("activation", ("sigmoid", "relu"))
ONE = Study(shared=MLPConfig(train_size=300, epochs=3), space=(RATE, WORDS), runs=4)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_usual_search_of_each_network_asks_for_settings_that_may_be(network):
    study = Study(shared=NETWORKS[network](), space=usual_space(network), sampler="random")
    directly = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(50):
        config = study.config(directly.ask(journal.space_of(study)).params)
        for span in study.space:
            assert 0 <= position(span, getattr(config, span.setting)) <= 1
    assert {"learning_rate", "batch_size", "weight_decay", "augmentation"} <= {*study.searched}
    assert not {"epochs", "train_size"} & {*study.searched}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_can_be_searched_and_its_span_be_read_from_an_address(name):
    span = usual_span(name)
    assert read_span(name, span_text(span)) == span
    ends = [position(span, value) for value in span.values]
    assert (ends[0], ends[-1]) == (0, 1)
    if hasattr(kind_of(name), "low"):
        assert position(span, between(span, 0.5)) == pytest.approx(0.5)


def test_the_same_search_has_the_same_key_and_any_other_another():
    same = Study(shared=replace(ONE.shared, learning_rate=0.5, seed=7), space=(WORDS, RATE), runs=4)
    assert same == ONE, "what is searched counts for nothing in what is shared, and the order of settings is theirs"
    others = [
        replace(ONE, runs=5),
        replace(ONE, minutes=5),
        replace(ONE, sampler="random"),
        replace(ONE, pruner="none"),
        replace(ONE, seed=1),
        replace(ONE, shared=replace(ONE.shared, epochs=4)),
        replace(ONE, space=(RATE,)),
        replace(ONE, space=(Span("learning_rate", (0.001, 0.2)), WORDS)),
        Study(shared=CNNConfig(train_size=300, epochs=3), space=(RATE,), runs=4),
    ]
    assert len({one.key for one in (ONE, *others)}) == 1 + len(others)
    assert ONE.key == "search-" + ONE.key[7:]
    assert len(ONE.key) == 17


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"space": ()}, "Choose at least one setting to search, and each once."),
        ({"space": (RATE, RATE)}, "and each once"),
        ({"space": (Span("dropout", (0.1, 0.5)),)}, "Dropout is no setting of the MLP"),
        ({"space": (Span("learning_rate", (0.1, 7)),)}, "Learning rate must be a number from 1e-05 to 1.0, not 7."),
        ({"space": (Span("learning_rate", (0.1,)),)}, "needs a smallest and a largest value"),
        ({"space": (Span("weight_decay", (0, 0.01)),)}, "is searched by ratios, and 0 has none"),
        ({"space": (Span("activation", ("relu",)),)}, "Activation needs two words or more"),
        ({"runs": 201}, "Runs must be a whole number from 2 to 200, not 201."),
        ({"sampler": "grid"}, "Sampler must be one of random, optuna"),
    ],
)
def test_what_is_no_search_is_said_in_one_sentence(changes, sentence):
    with pytest.raises(SettingsError, match=sentence.replace("(", r"\(")):
        replace(ONE, **changes)


def test_the_best_is_trained_at_last_on_all_images_with_seeds_that_the_search_has_not_used():
    best = ONE.config({"learning_rate": 0.0212345, "activation": "relu"})
    assert best.learning_rate == 0.0212
    at_last = ONE.at_last(best)
    assert [config.seed for config in at_last] == [1, 2, 3]
    assert {replace(config, seed=0, train_size=300) for config in at_last} == {best}
    assert {config.train_size for config in at_last} == {50_000}


def filled(folder) -> bytes:
    """A journal as Optuna writes it: two runs that are over and one that is not."""
    found = journal.opened(ONE, folder)
    for number, state in enumerate(("COMPLETE", "PRUNED", None)):
        trial = found.ask(journal.space_of(ONE))
        for epoch in range(3 if state == "COMPLETE" else 1):
            trial.report(0.5 + number / 10 + epoch / 100, epoch)
        if state:
            value = 0.52 if state == "COMPLETE" else None
            found.tell(trial, value, state=optuna.trial.TrialState[state])
    return journal.path_of(ONE, folder).read_bytes()


def test_a_journal_is_read_as_it_was_written(tmp_path):
    filled(tmp_path)
    found = journal.read(ONE, tmp_path)
    assert [(one.number, one.state, one.accuracies) for one in found.trials] == [
        (1, "done", (0.5, 0.51, 0.52)),
        (2, "pruned", (0.6,)),
        (3, "open", (0.7,)),
    ]
    assert found.ended == ""
    assert journal.read(replace(ONE, seed=1), tmp_path) is None


def test_half_a_line_at_its_end_counts_for_nothing_and_is_cut_off_before_another_is_written(tmp_path):
    whole = filled(tmp_path)
    path = journal.path_of(ONE, tmp_path)
    found = journal.read(ONE, tmp_path)
    path.write_bytes(whole + b'{"op_code":7,"worker_id":"x","trial')
    assert journal.read(ONE, tmp_path) == found
    journal.opened(ONE, tmp_path).set_user_attr(journal.ENDED, "time")
    assert journal.read(ONE, tmp_path) == found._replace(ended="time")


def test_whoever_was_killed_in_the_middle_of_a_question_has_asked_nothing(tmp_path):
    lines = filled(tmp_path).splitlines(keepends=True)
    created = max(i for i, line in enumerate(lines) if b'"op_code":4' in line)
    for end in range(created + 1, created + 3):
        found = journal.replayed(ONE, b"".join(lines[:end]))
        assert [one.state for one in found.trials] == ["done", "pruned"]


def logs(data: bytes) -> list[dict]:
    return [json.loads(line) for line in data.splitlines()]


def forged(data: bytes, op: int, changes: dict) -> bytes:
    """A journal in which the first line of a kind says something else."""
    lines = logs(data)
    first = next(line for line in lines if line["op_code"] == op)
    first.update(changes)
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


WIDE = json.dumps({"name": "FloatDistribution", "attributes": {"step": None, "low": 0.0, "high": 9.0, "log": False}})
NOW = datetime.now(UTC).isoformat()


@pytest.mark.parametrize(
    "forge",
    [
        lambda data: b"no journal at all\n",
        lambda data: b"\x00\xff\n" * 100,
        lambda data: b"[1, 2]\n",
        lambda data: b"[" * 100_000 + b"\n",
        lambda data: b'{"op_code": 4}\n',
        lambda data: data + b'{"op_code": 99, "worker_id": "x"}\n',
        lambda data: forged(data, 0, {"study_name": "search-0000000000"}),
        lambda data: forged(data, 0, {"directions": [1]}),
        lambda data: forged(data, 0, {"directions": [2, 2]}),
        lambda data: forged(data, 5, {"param_name": "dropout"}),
        lambda data: forged(data, 5, {"param_value_internal": 5.0, "distribution": WIDE}),
        lambda data: forged(data, 5, {"param_value_internal": "much"}),
        lambda data: forged(data, 5, {"param_value_internal": float("nan")}),
        lambda data: forged(data, 7, {"intermediate_value": 7.5}),
        lambda data: forged(data, 7, {"intermediate_value": float("nan")}),
        lambda data: forged(data, 7, {"intermediate_value": "high"}),
        lambda data: forged(data, 7, {"step": 200}),
        lambda data: forged(data, 7, {"step": "<b>"}),
        lambda data: forged(data, 6, {"values": [0.99]}),
        lambda data: forged(data, 6, {"values": None}),
        lambda data: forged(data, 6, {"state": 17}),
        lambda data: (
            data
            + json.dumps({"op_code": 2, "worker_id": "x", "study_id": 0, "user_attr": {"ended": "<b>"}}).encode()
            + b"\n"
        ),
        lambda data: (
            data
            + json.dumps({"op_code": 2, "worker_id": "x", "study_id": 0, "user_attr": {"ended": [1]}}).encode()
            + b"\n"
        ),
        lambda data: (
            data
            + json.dumps({"op_code": 8, "worker_id": "x", "trial_id": 2, "user_attr": {"why": {}}}).encode()
            + b"\n"
        ),
    ],
    ids=range(24),
)
def test_a_forged_journal_is_one_clear_sentence_and_makes_way(forge, tmp_path):
    bad = forge(filled(tmp_path))
    path = journal.path_of(ONE, tmp_path)
    path.write_bytes(bad)
    with pytest.raises(JournalError, match=r"The journal of this search is damaged: .* It was moved to .*damaged"):
        journal.read(ONE, tmp_path)
    assert journal.read(ONE, tmp_path) is None
    assert path.with_name(path.name + ".damaged").read_bytes() == bad
    filled(tmp_path)
    assert len(journal.read(ONE, tmp_path).trials) == 3, "it begins anew"


def test_a_journal_that_cannot_be_read_says_why(tmp_path):
    path = journal.path_of(ONE, tmp_path)
    path.mkdir(parents=True)
    with pytest.raises(JournalError, match="cannot be read"):
        journal.read(ONE, tmp_path)


def test_a_journal_of_too_many_runs_is_none_of_this_search(tmp_path):
    found = journal.opened(ONE, tmp_path)
    for _ in range(5):
        found.ask(journal.space_of(ONE))
    with pytest.raises(JournalError, match="more runs than were asked for"):
        journal.read(ONE, tmp_path)


SIX = Study(shared=MLPConfig(epochs=1), space=usual_space("mlp"), runs=60, sampler="random")


def searched(n: int, accuracy, noise: float = 0.001) -> tuple[Trial, ...]:
    """Finished runs at random, whose accuracy is this of their settings."""
    directly = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    rng = np.random.default_rng(0)
    configs = [SIX.config(directly.ask(journal.space_of(SIX)).params) for _ in range(n)]
    return tuple(
        Trial(i + 1, config, "done", (float(accuracy(config) + rng.normal() * noise),))
        for i, config in enumerate(configs)
    )


@pytest.mark.slow
def test_what_matters_is_found_to_and_by_ratios_as_it_is_searched():
    """The accuracy depends on the logarithm of the rate alone: nothing of it is left to the others."""
    first, *others = importances(
        SIX, searched(60, lambda config: 0.9 - 0.05 * np.log10(config.learning_rate / 0.01) ** 2)
    )
    assert first.setting == "learning_rate"
    assert first.low > 0.75
    assert all(other.high < 0.15 for other in others)


@pytest.mark.slow
def test_of_noise_no_setting_is_sure_to_matter():
    first, *others = importances(SIX, searched(12, lambda config: 0.9, noise=0.01))
    assert any(other.high >= first.low for other in others)
    assert all(one.low <= one.share <= one.high for one in (first, *others))


def test_nothing_is_said_to_matter_of_too_few_runs_or_where_all_came_to_the_same():
    assert importances(SIX, searched(FEWEST - 1, lambda config: config.learning_rate)) == []
    assert importances(SIX, tuple(one._replace(accuracies=(0.5,)) for one in searched(20, lambda config: 0.5))) == []


def test_the_best_so_far_never_falls_and_only_finished_runs_make_it():
    states = ("pruned", "done", "done", "diverged", "done", "pruned", "open")
    values = (0.99, 0.5, 0.4, None, 0.7, 0.95, 0.99)
    config = ONE.config({"learning_rate": 0.01, "activation": "relu"})
    trials = [
        Trial(i + 1, config, state, () if value is None else (value,))
        for i, (state, value) in enumerate(zip(states, values, strict=True))
    ]
    assert best_so_far(trials) == [(2, 0.5), (3, 0.5), (4, 0.5), (5, 0.7), (6, 0.7), (7, 0.7)]
