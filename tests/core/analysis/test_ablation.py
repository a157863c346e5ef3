"""Ablation: what is done to the copy, and that nothing is done to the network itself."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.analysis.ablation import Ablation, ablated, least_important, units, weights
from core.config import CNNConfig, MLPConfig, SettingsError
from core.training import begin

MLPS = [
    MLPConfig(hidden_units=units, activation=name) for units, name in ((16, "relu"), (64, "sigmoid"), (256, "tanh"))
]
CNNS = [CNNConfig(), CNNConfig(architecture="deep")]
CONFIGS = [*MLPS, *CNNS]
ALL_AT_ONCE = Ablation(noise=0.3, noise_seed=5, prune=40, off=(0, 3, 15))


@pytest.fixture(params=CONFIGS, ids=lambda config: config.key)
def network(request, few):
    """A configuration and its network as training begins, with biases and normalisation that are not at their start."""
    model = begin(request.param, few).model
    rng = np.random.default_rng(1)
    arrays = {name: array.copy() for name, array in model.arrays().items()}
    for name, array in arrays.items():
        if array.ndim == 1:
            arrays[name] = (array + rng.uniform(0.1, 0.5, array.shape)).astype(array.dtype)
    model.load(arrays)
    return request.param, model


def hidden(model, images: np.ndarray, off: list[tuple[str, int]]) -> np.ndarray:
    """What PyTorch answers when a CNN's filters are silenced where the next layer listens to them."""
    layers = [name for name, module in model.named_children() if hasattr(module, "weight") and module.weight.ndim >= 2]
    hooks = []
    for name, number in off:
        n = getattr(model, name).out_channels
        following = getattr(model, layers[layers.index(name) + 1])

        def silence(module, inputs, n=n, number=number):
            (x,) = inputs
            x = x.clone()
            view = x.unflatten(1, (n, -1)) if x.ndim == 2 else x
            view[:, number] = 0
            return x

        hooks.append(following.register_forward_pre_hook(silence))
    try:
        return model.predict_proba(images)
    finally:
        for hook in hooks:
            hook.remove()


def test_the_network_itself_stays_as_it_was_bit_for_bit(network, few):
    config, model = network
    before = {name: array.tobytes() for name, array in model.arrays().items()}
    answers = model.predict_proba(few.x_test[:100])
    changed = ablated(config, model, ALL_AT_ONCE)
    changed.predict_proba(few.x_test[:100])
    for array in changed.arrays().values():
        array += 1  # nor do they share memory
    assert {name: array.tobytes() for name, array in model.arrays().items()} == before
    assert np.array_equal(model.predict_proba(few.x_test[:100]), answers)


def test_no_alteration_is_the_same_network(network, few):
    config, model = network
    same = ablated(config, model, Ablation())
    assert same is not model
    for name, array in same.arrays().items():
        assert np.array_equal(array, model.arrays()[name])
    assert np.array_equal(same.predict_proba(few.x_test[:50]), model.predict_proba(few.x_test[:50]))


def test_a_neuron_that_is_switched_off_says_nothing(few):
    config = MLPConfig(activation="tanh")
    model = begin(config, few).model
    model.b1[:] = 0.5
    x = torch.tensor(few.x_test.reshape(len(few.x_test), -1) / np.float32(255))
    f1 = torch.tanh(F.linear(x, torch.tensor(model.w1), torch.tensor(model.b1)))
    f1[:, [2, 40]] = 0
    probs = F.linear(f1, torch.tensor(model.w2), torch.tensor(model.b2)).softmax(dim=1)
    changed = ablated(config, model, Ablation(off=(2, 40)))
    np.testing.assert_allclose(changed.predict_proba(few.x_test), probs.numpy(), atol=1e-5)


@pytest.mark.parametrize("config", CNNS, ids=lambda config: config.architecture)
def test_a_filter_that_is_switched_off_is_not_heard_by_the_next_layer(config, few):
    model = begin(config, few).model
    there = units(model.arrays())
    convolutions = [m for m in model.modules() if isinstance(m, torch.nn.Conv2d)]
    assert len(there) == sum(module.out_channels for module in convolutions)
    last = len(there) - 2
    chosen = (1, convolutions[0].out_channels + 3, last)  # of the first layer, the second and the last
    assert len({there[unit].layer for unit in chosen}) == (2 if len(convolutions) == 2 else 3)
    expected = hidden(model, few.x_test[:60], [there[unit] for unit in chosen])
    changed = ablated(config, model, Ablation(off=chosen))
    np.testing.assert_allclose(changed.predict_proba(few.x_test[:60]), expected, atol=1e-5)
    assert not np.allclose(expected, model.predict_proba(few.x_test[:60]), atol=1e-5)


def test_with_everything_switched_off_every_image_gets_the_same_answer(network, few):
    config, model = network
    changed = ablated(config, model, Ablation(off=tuple(range(len(units(model.arrays()))))))
    probs = changed.predict_proba(few.x_test[:20])
    np.testing.assert_allclose(probs, np.broadcast_to(probs[0], probs.shape), atol=1e-6)


@pytest.mark.parametrize("percent", [0, 1, 37, 90, 100])
def test_pruning_takes_exactly_the_smallest_weights_as_pytorch_does(network, percent):
    config, model = network
    originals = weights(model.arrays())
    changed = weights(ablated(config, model, Ablation(prune=percent)).arrays())
    flat = torch.tensor(np.concatenate([array.ravel() for array in originals.values()])).double()
    n = round(percent / 100 * len(flat))
    kept = torch.tensor(np.concatenate([array.ravel() for array in changed.values()])).double()
    assert int((kept == 0).sum()) >= n
    assert float(kept.abs().sum()) == pytest.approx(
        float(flat.abs().sum() - flat.abs().topk(n, largest=False).values.sum()), abs=1e-9
    )
    assert torch.equal(kept[kept != 0], flat[kept != 0])


def test_biases_and_normalisation_are_not_pruned_and_get_no_noise(network):
    config, model = network
    changed = ablated(config, model, Ablation(prune=100, noise=1.0)).arrays()
    others = model.arrays().keys() - weights(model.arrays()).keys()
    assert others
    for name in others:
        assert np.array_equal(changed[name], model.arrays()[name])


def test_noise_varies_as_much_as_the_weights_and_is_the_same_for_a_seed(network):
    config, model = network
    once, again, half, other = (
        weights(ablated(config, model, Ablation(noise=noise, noise_seed=seed)).arrays())
        for noise, seed in ((0.5, 1), (0.5, 1), (0.25, 1), (0.5, 2))
    )
    for name, array in weights(model.arrays()).items():
        added = once[name] - array
        few_numbers = 4 / np.sqrt(2 * added.size)  # four standard errors of a standard deviation
        assert added.std() == pytest.approx(0.5 * array.std(), rel=few_numbers)
        assert abs(added.mean()) < 4 * added.std() / np.sqrt(added.size)
        assert np.array_equal(once[name], again[name])
        np.testing.assert_allclose(2 * (half[name] - array), added, atol=1e-5)
        assert not np.allclose(once[name], other[name])
    first, second, *_ = (once[name] - array for name, array in weights(model.arrays()).items())
    n = min(first.size, second.size)
    assert abs(np.corrcoef(first.ravel()[:n], second.ravel()[:n])[0, 1]) < 4 / np.sqrt(n), "each layer has its own"


def test_what_is_switched_off_and_pruned_stays_so_under_noise(few):
    config = MLPConfig()
    model = begin(config, few).model
    changed = ablated(config, model, Ablation(noise=1.0, prune=50, off=(7,)))
    assert not changed.w2[:, 7].any()
    assert (changed.w1 == 0).mean() == pytest.approx(0.5, abs=0.05)


def test_the_least_important_neurons_of_a_trained_network_are_missed_less(trained, digits):
    """Ten of 64 by our measure cost fewer right answers than ten at random, and than the ten most important."""
    order = least_important(trained.model.arrays())

    def right(off) -> float:
        changed = ablated(trained.config, trained.model, Ablation(off=tuple(int(unit) for unit in off)))
        return (changed.predict_proba(digits.x_test).argmax(axis=1) == digits.y_test).mean()

    chance = np.mean([right(np.random.default_rng(seed).choice(64, 10, replace=False)) for seed in range(10)])
    assert right(order[:10]) > chance > right(order[-10:])


def test_importance_is_that_of_a_worked_example(few):
    arrays = {"w1": np.ones((3, 784)), "b1": np.zeros(3), "w2": np.zeros((10, 3)), "b2": np.zeros(10)}
    arrays["w2"][:2] = [[3, 1, 0], [4, 0, 2]]  # lengths 5, 1, 2
    assert least_important(arrays).tolist() == [1, 2, 0]
    filters = {"a.weight": np.zeros((2, 1, 3, 3)), "b.weight": np.zeros((2, 2, 3, 3)), "c.weight": np.zeros((10, 2))}
    filters["a.weight"][:, 0, 0, 0] = -1, 3  # sums 1 and 3, of a mean of 2: 0.5 and 1.5
    filters["b.weight"][:, 1, 1, 1] = 200, 600 / 5  # 200 and 120, of a mean of 160: 1.25 and 0.75
    assert least_important(filters).tolist() == [0, 3, 2, 1]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"prune": 101}, "Prune must be a whole number from 0 to 100, not 101."),
        ({"noise": -0.1}, "Noise must be a number from 0.0 to 2.0, not -0.1."),
        ({"noise_seed": 1.5}, "Noise seed must be a whole number from 0 to 9,999, not 1.5."),
    ],
)
def test_an_alteration_outside_the_limits_is_refused(settings, sentence):
    with pytest.raises(SettingsError, match=sentence):
        Ablation(**settings)


def test_a_unit_that_is_not_there_is_refused(few):
    config = MLPConfig(hidden_units=16)
    with pytest.raises(SettingsError, match="numbered 0 to 15, so there is no 16"):
        ablated(config, begin(config, few).model, Ablation(off=(16,)))
