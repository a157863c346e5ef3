"""One pixel of a feature map, number by number: against PyTorch's own hooks, for every map, at the edges too."""

import numpy as np
import pytest
import torch
from torch import nn

from core import checkpoints
from core.analysis import filters
from core.analysis.patch import afterwards, pixel
from core.config import PRESETS

CLOSE = {"rtol": 1e-5, "atol": 1e-5}


@pytest.fixture(scope="module", params=["CNN full", "CNN sketch"])
def model(request):
    """The report's network, and the deep one with batch norm and padding."""
    return checkpoints.load(PRESETS[request.param].key).model.eval()


@pytest.fixture(scope="module")
def image(digits):
    """A digit in the middle of a grey sheet, so that the edges matter as well."""
    return np.maximum(digits.x_test[18], np.arange(784, dtype=np.uint8).reshape(28, 28) % 97)


@pytest.fixture(scope="module")
def steps(model, image):
    return filters.layers(model, image)


def heard(model, image: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What each layer is given and gives, by hooks, while the network answers as it does for any page."""
    noted, hooks = {}, []
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Conv2d | nn.BatchNorm2d | nn.Linear):
            hooks.append(
                layer.register_forward_hook(
                    lambda _, given, output, name=name: noted.update({name: (given[0][0].numpy(), output[0].numpy())})
                )
            )
    model.predict_proba(image[None])
    with torch.inference_mode():  # the network's own way through its first layer calls no module
        model.conv1(model.normalise(torch.tensor(image[None])))
    for hook in hooks:
        hook.remove()
    return noted


def places(side: int) -> list[tuple[int, int]]:
    """The corners, the edges and the middle of a map, and a place that is in no corner of its pooling window."""
    ends = (0, side // 2, side - 1)
    return [*((row, column) for row in ends for column in ends), (1, 2)]


@pytest.mark.slow
def test_every_layers_pixels_are_those_that_a_hook_on_the_convolution_hears(model, image, steps):
    noted, compared = heard(model, image), 0
    for layer, convolution in filters.convolutions(model).items():
        given, made = noted[layer]
        for map in range(convolution.out_channels):
            for row, column in places(made.shape[-1]):
                found = pixel(model, steps, layer, map, row, column)
                np.testing.assert_allclose(found.z, made[map, row, column], **CLOSE)
                compared += 1
        assert found.products.shape == (len(given), *convolution.kernel_size)
        np.testing.assert_allclose(found.sums.sum() + found.bias, found.z)
    assert compared == 10 * sum(layer.out_channels for layer in filters.convolutions(model).values())


@pytest.mark.slow
def test_what_becomes_of_them_is_what_the_next_layer_is_given(model, image, steps):
    noted, names = heard(model, image), list(filters.convolutions(model))
    for layer, following in zip(names, [*names[1:], "fc1"], strict=True):
        made, given = noted[layer][1], noted[following][0].reshape(len(noted[layer][1]), -1)
        side = round(given.shape[1] ** 0.5)
        for map in range(len(made)):
            for row, column in places(made.shape[-1]):
                z = pixel(model, steps, layer, map, row, column).z
                *_, last = afterwards(model, steps, layer, map, (row, column), z)
                times = made.shape[-1] // side
                assert last.place == (row // times, column // times)
                np.testing.assert_allclose(last.value, given.reshape(-1, side, side)[map][last.place], **CLOSE)


def test_batch_norm_is_what_a_hook_on_it_hears(image, model, steps):
    noted = heard(model, image)
    norms = [name for name in noted if name.startswith("norm")]
    for name in norms:
        layer, (given, made) = name.replace("norm", "conv"), noted[name]
        times = noted[layer][1].shape[-1] // given.shape[-1]
        for map in range(len(made)):
            z = pixel(model, steps, layer, map, 2, 3).z
            found = next(one for one in afterwards(model, steps, layer, map, (2, 3), z) if one.norm)
            assert found.place == (2 // times, 3 // times)
            np.testing.assert_allclose(found.value, made[map][found.place], **CLOSE)
            np.testing.assert_allclose(found.norm(given[map][found.place]), made[map][found.place], **CLOSE)
    assert len(norms) == (4 if hasattr(model, "norm1") else 0)


def test_pooling_keeps_the_largest_of_four_of_which_the_pixel_is_one(model, steps):
    found = pixel(model, steps, "conv1", 3, 13, 10)
    pooled = next(one for one in afterwards(model, steps, "conv1", 3, (13, 10), found.z) if one.kind == "pooling")
    assert (pooled.place, pooled.window.shape) == ((6, 5), (2, 2))
    relu_first = not hasattr(model, "norm1")
    np.testing.assert_allclose(pooled.window[1, 0], max(found.z, 0) if relu_first else found.z, **CLOSE)
    assert pooled.value == pooled.window.max()


def test_the_padding_is_zeros_and_the_corner_lies_outside():
    model = checkpoints.load(PRESETS["CNN sketch"].key).model
    steps = filters.layers(model, np.full((28, 28), 200, np.uint8))
    found = pixel(model, steps, "conv2", 0, 0, 11)
    assert found.corner == (-1, 10)
    assert not found.patches[:, 0].any()
    assert not found.patches[:, :, 2].any()
    assert found.patches[:, 1:, :2].any()
