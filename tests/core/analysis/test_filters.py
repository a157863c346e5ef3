"""What is inside a CNN, against PyTorch's own hooks, brute force, perturbed pixels and finite differences."""

from copy import deepcopy
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core import checkpoints
from core.analysis import filters
from core.cnn import CNN, DeepCNN
from core.config import PRESETS


@pytest.fixture(scope="module")
def lenet():
    """The report's network, trained on 2,000 images."""
    return checkpoints.load(PRESETS["CNN small"].key).model


@pytest.fixture(scope="module")
def deep(digits):
    """A deep network, untrained, whose batch norm has seen some images."""
    model = DeepCNN(seed=3, mean=0.13, std=0.31)
    with torch.no_grad():
        for start in range(0, 1000, 50):
            model(model.normalise(torch.tensor(digits.x_train[start : start + 50])))
    return model


@pytest.fixture(params=["lenet", "deep"])
def model(request):
    return request.getfixturevalue(request.param)


def with_hooks(model, x: torch.Tensor) -> dict[str, torch.Tensor]:
    """What every layer gives, noted by hooks, while the network is run as its description says, by torch alone."""
    noted, hooks = {}, []
    for name, layer in model.named_children():
        hooks.append(layer.register_forward_hook(lambda _, __, output, name=name: noted.update({name: output})))
    with torch.no_grad():
        if isinstance(model, CNN):
            x = F.max_pool2d(F.relu(model.conv1(x)), 2)
            x = F.max_pool2d(F.relu(model.conv2(x)), 2)
            model.fc3(F.relu(model.fc2(F.relu(model.fc1(x.flatten(1))))))
        else:
            x = F.relu(model.norm1(F.max_pool2d(model.conv1(x), 2)))
            x = F.relu(model.norm2(model.conv2(x)))
            x = F.relu(model.norm3(F.max_pool2d(model.conv3(x), 2)))
            x = F.relu(model.norm4(F.max_pool2d(model.conv4(x), 2)))
            model.fc2(F.relu(model.fc1(x.flatten(1))))
    for hook in hooks:
        hook.remove()
    return noted


def before_relu(model, images: np.ndarray, layer: str) -> np.ndarray:
    """What the ReLU of a layer is given: (n, maps, h, w)."""
    with torch.no_grad():
        stages = list(model.eval().stages(filters.pixels(model, images)))
    place = next(i for i, stage in enumerate(stages) if (stage.name, stage.kind) == (layer, "ReLU"))
    return stages[place - 1].values.numpy()


def test_the_picture_after_every_layer_is_what_a_hook_on_it_sees(model, digits):
    image = digits.x_test[18]
    x = (torch.tensor(image).float() / 255 - model.mean) / model.std
    noted = with_hooks(model.eval(), x[None, None])
    found = {(layer.name, layer.kind): layer.values for layer in filters.layers(model, image)}
    np.testing.assert_allclose(found["input", "normalised"][0], x, atol=1e-5)
    last = list(noted)[-1]
    compared = 0
    for name, output in noted.items():
        output = output[0].numpy()
        if name.startswith("conv"):
            np.testing.assert_allclose(found[name, "convolution"], output, atol=1e-4)
        elif name.startswith("norm"):
            np.testing.assert_allclose(found[name.replace("norm", "conv"), "batch norm"], output, atol=1e-4)
        else:
            expected = output if name == last else np.maximum(output, 0)
            np.testing.assert_allclose(found[name, "fully connected"], expected, atol=1e-4)
        compared += 1
    assert compared == len(list(model.named_children()))
    with torch.no_grad():
        np.testing.assert_allclose(found[last, "fully connected"], model(x[None, None])[0], atol=1e-4)


def test_pooling_and_relu_are_torchs(model, digits):
    steps = filters.layers(model, digits.x_test[4])
    kinds = set()
    for before, after in pairwise(steps):
        if after.kind == "ReLU":
            np.testing.assert_array_equal(after.values, np.maximum(before.values, 0))
        elif after.kind == "pooling":
            np.testing.assert_array_equal(after.values, F.max_pool2d(torch.tensor(before.values)[None], 2)[0])
        kinds.add(after.kind)
    assert {"ReLU", "pooling"} <= kinds


def test_the_receptive_fields_of_lenet_are_those_of_the_textbook(lenet):
    assert filters.receptive_field(lenet, "conv1") == (5, 1, 0)
    assert filters.receptive_field(lenet, "conv2") == (14, 2, 0)  # 5 + 1 of the pooling + 4 kernel steps of 2


def test_a_layer_that_is_not_there_has_no_field(lenet):
    with pytest.raises(ValueError, match="conv3"):
        filters.receptive_field(lenet, "conv3")


def test_a_unit_sees_its_field_and_nothing_else(model):
    rng = np.random.default_rng(1)
    images = rng.random((16, 28, 28), dtype=np.float32)
    other = rng.random((16, 28, 28), dtype=np.float32)
    for layer in filters.convolutions(model):
        field = filters.receptive_field(model, layer)
        values = before_relu(model, images, layer)
        height, width = values.shape[2:]
        for row, column in {(0, 0), (height - 1, width - 1), (height // 2, width // 3)}:
            top, left = field.corner(row, column)
            rows = slice(max(top, 0), max(top + field.size, 0))
            columns = slice(max(left, 0), max(left + field.size, 0))
            outside = other.copy()
            outside[:, rows, columns] = images[:, rows, columns]
            changed = before_relu(model, outside, layer)
            np.testing.assert_allclose(changed[..., row, column], values[..., row, column], atol=1e-5)
            for edge_rows, edge_columns in (
                (slice(top, top + 1), columns),
                (slice(top + field.size - 1, top + field.size), columns),
                (rows, slice(left, left + 1)),
                (rows, slice(left + field.size - 1, left + field.size)),
            ):
                if min(edge_rows.start, edge_columns.start) < 0 or max(edge_rows.stop, edge_columns.stop) > 28:
                    continue  # beyond the image
                edge = images.copy()
                edge[:, edge_rows, edge_columns] += 5
                changed = before_relu(model, edge, layer)
                assert np.abs(changed - values)[..., row, column].max() > 1e-5, (layer, row, column)


def test_what_excites_a_filter_most_is_what_brute_force_finds(model, digits):
    images = digits.x_test[:40]
    for layer in filters.convolutions(model):
        found = filters.strongest(model, images, layer)
        for i, image in enumerate(images):
            maps = next(
                step.values for step in filters.layers(model, image) if (step.name, step.kind) == (layer, "ReLU")
            )
            for filter, map in enumerate(maps):
                assert found.values[i, filter] == pytest.approx(map.max(), rel=1e-4, abs=1e-5)
                row, column = int(found.rows[i, filter]), int(found.columns[i, filter])
                assert map[row, column] == pytest.approx(map.max(), rel=1e-4, abs=1e-5)
        for filter in range(found.values.shape[1]):
            strongest = sorted(range(40), key=lambda i: -found.values[i, filter])
            expected = [i for i in strongest[:12] if found.values[i, filter] > 0]
            assert found.best(filter, 12).tolist() == expected


def test_a_filter_gives_for_its_patch_what_is_written_below_it(lenet, digits):
    images = digits.x_test[:30]
    found, field = filters.strongest(lenet, images, "conv1"), filters.receptive_field(lenet, "conv1")
    weights, bias = lenet.conv1.weight.detach().numpy(), lenet.conv1.bias.detach().numpy()
    mean, std = float(lenet.mean), float(lenet.std)
    for i, filter in np.ndindex(found.values.shape):
        seen = filters.patch(images[i], field, int(found.rows[i, filter]), int(found.columns[i, filter]))
        expected = max((weights[filter, 0] * (seen / 255 - mean) / std).sum() + bias[filter], 0)
        assert found.values[i, filter] == pytest.approx(expected, abs=1e-4)


def test_the_patches_of_a_filter_have_the_mean_that_they_have(lenet, digits):
    images = digits.x_test[:30]
    found, field = filters.strongest(lenet, images, "conv2"), filters.receptive_field(lenet, "conv2")
    best = np.argsort(-found.values[:, 7], kind="stable")[:3]
    cut = [
        images[i][
            2 * found.rows[i, 7] : 2 * found.rows[i, 7] + 14, 2 * found.columns[i, 7] : 2 * found.columns[i, 7] + 14
        ]
        for i in best
    ]
    np.testing.assert_allclose(filters.mean_patch(images, found, field, 7, k=3), np.mean(cut, axis=0))


def test_a_patch_beyond_the_image_is_filled_with_paper():
    image = np.full((28, 28), 200, np.uint8)
    seen = filters.patch(image, filters.Field(10, 4, -4), 0, 6)  # rows -4 to 5, columns 20 to 29
    assert seen.shape == (10, 10)
    assert (seen[:4] == 0).all()
    assert (seen[:, 8:] == 0).all()
    assert (seen[4:, :8] == 200).all()


def test_a_dead_filter_is_excited_by_nothing(lenet, digits):
    dead = deepcopy(lenet)
    with torch.no_grad():
        dead.conv2.bias[4] = -1000
    found = filters.strongest(dead, digits.x_test[:20], "conv2")
    assert found.best(4, 12).size == 0
    assert filters.mean_patch(digits.x_test[:20], found, filters.receptive_field(dead, "conv2"), 4) is None


def test_a_square_of_size_zero_changes_nothing(model, digits):
    image = digits.x_test[18]
    logs = filters.occluded(model, image, 0)
    expected = np.log(model.predict_proba(image[None])[0].astype(np.float64))
    assert logs.shape == (28, 28, 10)
    assert (logs == logs[0, 0]).all()
    np.testing.assert_allclose(logs[0, 0], expected, atol=1e-3)


@pytest.mark.parametrize("size", [1, 4, 5, 10])
def test_a_square_covers_what_is_under_it(size, model, digits):
    image = digits.x_test[18]
    logs = filters.occluded(model, image, size)
    for row, column in [(0, 0), (13, 13), (10, 17), (27, 5), (27, 27)]:
        covered = image.copy()
        for i, j in np.ndindex(28, 28):
            if 0 <= i - row + size // 2 < size and 0 <= j - column + size // 2 < size:
                covered[i, j] = 0
        expected = np.log(model.predict_proba(covered[None])[0].astype(np.float64))
        np.testing.assert_allclose(logs[row, column], expected, atol=2e-3)


@pytest.mark.parametrize("over", [None, 8])
def test_the_gradient_is_that_of_finite_differences(over, model):
    exact = deepcopy(model).double().eval()
    rng = np.random.default_rng(2)
    x = torch.from_numpy(rng.normal(size=(1, 1, 28, 28)))
    gradient = filters.gradient(exact, x, 3, over)[0, 0]
    step = 1e-6
    for row, column in rng.integers(2, 26, (12, 2)).tolist():
        up, down = x.clone(), x.clone()
        up[0, 0, row, column] += step
        down[0, 0, row, column] -= step
        with torch.no_grad():
            slope = (filters.logits(exact, up, 3, over) - filters.logits(exact, down, 3, over)) / (2 * step)
        assert float(gradient[row, column]) == pytest.approx(float(slope), rel=1e-4, abs=1e-7)


@pytest.mark.slow
def test_the_pixels_of_integrated_gradients_sum_to_the_logit(model, digits):
    for image, label in zip(digits.x_test[:12], digits.y_test[:12].tolist(), strict=True):
        for over in (None, (label + 5) % 10):
            found = filters.integrated_gradients(model, image, label, over)
            x = filters.pixels(model, np.stack([np.zeros_like(image), image]))
            with torch.no_grad():
                blank, there = model(x).double()
            expected = there[label] - blank[label] - (0 if over is None else there[over] - blank[over])
            assert found.total - found.blank == pytest.approx(float(expected), abs=1e-3)
            missed = abs(found.pixels.sum() - float(expected))
            assert missed < 0.01 * np.abs(found.pixels).sum(), "1 % of what the ink says either way"
            assert (found.pixels[image == 0] == 0).all(), "paper is as it was"


@pytest.mark.slow
def test_more_steps_miss_less(lenet, digits):
    missed = []
    for steps in (8, 64, 1024):
        all_of_it = [filters.integrated_gradients(lenet, image, 3, None, steps) for image in digits.x_test[:20]]
        missed.append(np.mean([abs(one.pixels.sum() - (one.total - one.blank)) for one in all_of_it]))
    assert missed[0] > 4 * missed[1] > 16 * missed[2]


def test_blank_paper_has_nothing_to_say(model):
    blank = np.zeros((28, 28), np.uint8)
    found = filters.integrated_gradients(model, blank, 3)
    assert (found.pixels == 0).all()
    assert found.total == pytest.approx(found.blank, abs=1e-5)
    logs = filters.occluded(model, blank, 5)
    assert (logs == logs[0, 0]).all()


def test_looking_changes_nothing(model, digits):
    before = {name: array.copy() for name, array in model.arrays().items()}
    model.train()  # as it is after training
    filters.layers(model, digits.x_test[0])
    filters.strongest(model, digits.x_test[:10], "conv1")
    filters.integrated_gradients(model, digits.x_test[0], 7)
    filters.occluded(model, digits.x_test[0], 3)
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(array, before[name])
    assert all(parameter.grad is None for parameter in model.parameters())
