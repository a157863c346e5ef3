"""The CNN, against torch's own layers and the textbook."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.cnn import ARCHITECTURES, CNN, CNNLearner, DeepCNN, drop
from core.config import CNNConfig
from core.pooling import max_pool, pooled_convolution
from core.training import begin


@pytest.fixture(scope="module")
def model() -> CNN:
    return CNN(seed=1, mean=0.13, std=0.31)


def test_its_layers_are_lenets_in_the_reports_variant(model):
    shapes = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
    assert shapes == {
        "conv1.weight": (6, 1, 5, 5),
        "conv1.bias": (6,),
        "conv2.weight": (16, 6, 5, 5),
        "conv2.bias": (16,),
        "fc1.weight": (120, 256),
        "fc1.bias": (120,),
        "fc2.weight": (84, 120),
        "fc2.bias": (84,),
        "fc3.weight": (10, 84),
        "fc3.bias": (10,),
    }
    assert sum(parameter.numel() for parameter in model.parameters()) == CNNConfig().parameter_count == 44_426


def textbook(model: CNN, x: torch.Tensor) -> torch.Tensor:
    """The logits (n, 10) by torch's own layers, in the order in which one draws them."""
    maps = F.max_pool2d(F.relu(F.conv2d(x, model.conv1.weight, model.conv1.bias)), 2)
    maps = F.max_pool2d(F.relu(F.conv2d(maps, model.conv2.weight, model.conv2.bias)), 2)
    return model.fc3(F.relu(model.fc2(F.relu(model.fc1(maps.flatten(1))))))


def test_logits_and_gradients_equal_those_of_torchs_layers(model):
    x = torch.randn(8, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    logits, expected = model(x), textbook(model, x)
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    parameters = [*model.parameters()]
    labels = torch.arange(8)
    gradients = torch.autograd.grad(F.cross_entropy(logits, labels), parameters)
    for ours, theirs in zip(gradients, torch.autograd.grad(F.cross_entropy(expected, labels), parameters), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


def test_answers_equal_those_of_torchs_layers(model, few):
    with torch.inference_mode():
        expected = textbook(model, model.normalise(torch.tensor(few.x_test))).softmax(dim=1).numpy()
    np.testing.assert_allclose(model.predict_proba(few.x_test), expected, atol=1e-5)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_last_of_its_stages_are_the_logits(architecture):
    model = ARCHITECTURES[architecture](seed=1, mean=0.13, std=0.31).eval()
    x = torch.randn(3, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close([*model.stages(x)][-1].values, model(x), rtol=1e-4, atol=1e-5)


def test_its_stages_are_those_that_one_draws(model):
    stages = [*model.stages(torch.zeros(3, 1, 28, 28))]
    assert [stage.kind for stage in stages] == ["convolution", "ReLU", "pooling"] * 2 + ["fully connected"] * 3
    assert [tuple(stage.values.shape[1:]) for stage in stages[:6:3]] == [(6, 24, 24), (16, 8, 8)]


def test_the_deep_one_has_the_parameters_that_its_settings_say():
    model = DeepCNN()
    assert sum(parameter.numel() for parameter in model.parameters()) == CNNConfig(architecture="deep").parameter_count
    shapes = [
        tuple(stage.values.shape[1:]) for stage in model.stages(torch.zeros(2, 1, 28, 28)) if stage.kind == "ReLU"
    ]
    assert shapes == [(24, 12, 12), (32, 12, 12), (48, 6, 6), (80, 3, 3)]


def test_the_arrays_of_the_deep_one_are_its_weights_and_running_means_alone():
    model = DeepCNN(seed=1)
    names = set(model.arrays())
    assert {"norm1.weight", "norm1.bias", "norm1.running_mean", "norm1.running_var"} <= names
    assert not any("num_batches" in name for name in names)
    other = DeepCNN(seed=2)
    other.load(model.arrays())
    assert all(np.array_equal(array, other.arrays()[name]) for name, array in model.arrays().items())


@pytest.mark.slow
def test_the_deep_one_answers_by_its_running_means_however_many_are_asked(few):
    model = DeepCNN(seed=5)
    learner = CNNLearner(model, few.x_train, few.y_train, momentum=0.9, weight_decay=0.0, dropout=0.5)
    learner.step(np.arange(64), learning_rate=0.01, rng_key=(0, 1, 0))
    before = model.arrays()["norm1.running_mean"].copy()
    alone = np.concatenate([model.predict_proba(few.x_test[i : i + 1]) for i in range(5)])
    np.testing.assert_allclose(model.predict_proba(few.x_test)[:5], alone, atol=1e-5)
    assert np.array_equal(model.arrays()["norm1.running_mean"], before)


def test_max_pool_and_its_gradient_equal_torchs():
    rng = torch.Generator().manual_seed(3)
    x = torch.randn(2, 3, 8, 12, generator=rng, dtype=torch.float64, requires_grad=True)
    ours, theirs = max_pool(x), F.max_pool2d(x, 2)
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn(ours.shape, generator=rng, dtype=torch.float64)
    torch.testing.assert_close(*(torch.autograd.grad((pooled * weights).sum(), x) for pooled in (ours, theirs)))


@pytest.mark.parametrize(("channels", "maps", "kernel", "size"), [(1, 6, 5, 28), (6, 16, 5, 12), (2, 3, 3, 10)])
def test_pooled_convolution_equals_convolution_then_pooling(channels, maps, kernel, size):
    rng = torch.Generator().manual_seed(3)
    x = torch.randn(2, channels, size, size, generator=rng, dtype=torch.float64)
    weight = torch.randn(maps, channels, kernel, kernel, generator=rng, dtype=torch.float64)
    bias = torch.randn(maps, generator=rng, dtype=torch.float64)
    expected = F.max_pool2d(F.conv2d(x, weight, bias), 2)
    torch.testing.assert_close(pooled_convolution(x, weight, bias), expected)


def test_normalised_training_images_have_mean_0_and_deviation_1(few):
    model = begin(CNNConfig(train_size=1_000), few).model
    pixels = model.normalise(torch.tensor(few.x_train)).double()
    assert pixels.shape == (1_000, 1, 28, 28)
    assert pixels.mean().item() == pytest.approx(0, abs=1e-6)
    assert pixels.std().item() == pytest.approx(1, abs=1e-5)


def test_pixels_may_be_bytes_or_shares(model, few):
    bytes_ = model.predict_proba(few.x_test)
    for dtype in (np.float32, np.float64):
        shares = (few.x_test / 255).astype(dtype)
        before = shares.copy()
        np.testing.assert_allclose(model.predict_proba(shares), bytes_, atol=1e-5)
        assert np.array_equal(shares, before)  # normalising happens in a copy


def test_probabilities_are_ten_to_an_image_and_sum_to_1(model, few):
    images = np.concatenate([few.x_test, few.x_val[:1]])  # one more than it reads at once
    probs = model.predict_proba(images)
    assert probs.shape == (501, 10)
    assert probs.dtype == np.float32
    np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(probs[-1:], model.predict_proba(few.x_val[:1]), atol=1e-6)
    assert model.predict_proba(images[:0]).shape == (0, 10)


def test_dropout_keeps_the_mean_and_drops_its_share():
    x = torch.full((1_000, 1_000), 2.0)
    dropped = drop(x, 0.3, torch.Generator().manual_seed(4))
    # A million draws: the share of zeros has a standard error of 0.0005, the mean one of 0.0013.
    assert (dropped == 0).double().mean().item() == pytest.approx(0.3, abs=0.003)
    assert dropped.double().mean().item() == pytest.approx(2.0, abs=0.007)
    assert dropped.unique().tolist() == pytest.approx([0.0, 2.0 / 0.7])
    assert drop(x, 0.0, None) is x


def test_answers_are_given_without_dropout(few):
    model = CNN(seed=5)
    CNNLearner(model, few.x_train, few.y_train, momentum=0.9, weight_decay=0.0, dropout=0.9).step(
        np.arange(8), learning_rate=0.01, rng_key=(0, 1, 0)
    )
    x = model.normalise(torch.tensor(few.x_test))
    with torch.inference_mode():
        expected = model(x, dropout=0.0).softmax(dim=1).numpy()
    np.testing.assert_allclose(model.predict_proba(few.x_test), expected, atol=1e-5)
    assert np.array_equal(model.predict_proba(few.x_test), model.predict_proba(few.x_test))


def test_training_leaves_the_random_numbers_of_others_alone(few):
    before = torch.random.get_rng_state()
    learner = CNNLearner(CNN(seed=6), few.x_train, few.y_train, momentum=0.9, weight_decay=0.0, dropout=0.5)
    learner.step(np.arange(8), learning_rate=0.01, rng_key=(0, 1, 0))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_the_seed_decides_the_weights_and_draw_the_dropout(few):
    def after_one_step(seed: int, rng_key: tuple[int, ...]) -> bytes:
        learner = CNNLearner(CNN(seed), few.x_train, few.y_train, momentum=0.9, weight_decay=0.0, dropout=0.5)
        learner.step(np.arange(8), learning_rate=0.01, rng_key=rng_key)
        return b"".join(array.tobytes() for array in learner.model.arrays().values())

    assert after_one_step(7, (0, 1, 0)) == after_one_step(7, (0, 1, 0))
    assert after_one_step(7, (0, 1, 0)) != after_one_step(8, (0, 1, 0))
    assert after_one_step(7, (0, 1, 0)) != after_one_step(7, (0, 1, 1))


def test_steps_equal_the_formula_of_sgd_with_momentum(few):
    model, reference = CNN(seed=9), CNN(seed=9)
    learner = CNNLearner(model, few.x_train, few.y_train, momentum=0.9, weight_decay=0.01, dropout=0.0)
    velocity = [torch.zeros_like(w) for w in reference.parameters()]
    for step in range(3):
        rows = np.arange(step * 16, (step + 1) * 16)
        x = torch.tensor(few.x_train[rows] / 255, dtype=torch.float32).unsqueeze(1)
        loss = F.cross_entropy(reference(x), torch.tensor(few.y_train[rows]).long())
        for w, v, gradient in zip(
            reference.parameters(), velocity, torch.autograd.grad(loss, [*reference.parameters()]), strict=True
        ):
            v.mul_(0.9).add_(gradient + 0.01 * w.detach())
            w.data.sub_(0.1 * v)
        assert float(learner.step(rows, learning_rate=0.1, rng_key=())) == pytest.approx(16 * loss.item(), rel=1e-4)
    for ours, theirs in zip(model.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_can_learn_one_batch_by_heart(architecture, few):
    model = ARCHITECTURES[architecture](seed=10, mean=0.13, std=0.31)
    learner = CNNLearner(model, few.x_train, few.y_train, momentum=0.9, weight_decay=0.0, dropout=0.0)
    rows = np.arange(32)
    losses = [float(learner.step(rows, learning_rate=0.02, rng_key=())) / len(rows) for _ in range(100)]
    assert losses[0] == pytest.approx(np.log(10), abs=0.1)  # it knows nothing yet: every digit is as likely
    assert losses[-1] < 0.01
    assert (model.predict_proba(few.x_train[rows]).argmax(axis=1) == few.y_train[rows]).all()
