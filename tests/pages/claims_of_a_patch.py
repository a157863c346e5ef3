"""What the view of one pixel claims, held against torch's own layers in double precision: checked as in claims.py."""

import re
from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from core.images.codes import chosen
from tests.pages.claims import claim, count, number
from tests.pages.claims_of_a_step import _is
from tests.pages.walk import Page


class Convolved(NamedTuple):
    """A convolution and what follows it, by torch."""

    layer: str
    map: int
    input: int
    row: int
    column: int
    given: np.ndarray  # (inputs, h, w), with its padding
    padding: int
    kernels: np.ndarray  # (inputs, k, k) of this map
    bias: float
    parts: np.ndarray  # (inputs, h, w): what each input map adds to this map
    stages: list[tuple[str, np.ndarray]]  # kind and map, the convolution first
    norm: torch.nn.BatchNorm2d | None

    @property
    def at(self) -> tuple[int, int]:
        return self.row, self.column

    @property
    def patch(self) -> np.ndarray:
        size = self.kernels.shape[-1]
        return self.given[self.input, self.row : self.row + size, self.column : self.column + size]

    def values(self) -> list[tuple[str, float]]:
        """The pixel after every stage."""
        side = len(self.stages[0][1])
        return [
            (kind, float(values[*(place * len(values) // side for place in self.at)])) for kind, values in self.stages
        ]


def _convolved(page: Page) -> Convolved:
    assert page.query.get("view") == "pixel"
    network, query = deepcopy(page.looks[0].model).double().eval().requires_grad_(False), page.query
    layer, image = query.get("layer", "conv1"), chosen(query.get("image", "test-0"), page.looks[0].facts.mnist.part)
    with torch.no_grad():
        x = (torch.tensor(image.image).double() / 255 - network.mean) / network.std
        stages = list(network.stages(x[None, None]))
        at = next(i for i, stage in enumerate(stages) if stage.name == layer)
        given = stages[at - 1].values if at else x[None, None]
        convolution = network.get_submodule(layer)
        inputs, padding = given.shape[1], convolution.padding[0]
        map, input = divmod(int(query.get("unit", "0")), inputs)
        kernels = convolution.weight[map]
        parts = F.conv2d(given[0][:, None], kernels[:, None], padding=padding)  # every input by every kernel
        parts = torch.stack([parts[i, i] for i in range(inputs)])
        own = [(stage.kind, stage.values[0, map].numpy()) for stage in stages if stage.name == layer]
        row, column = (min(int(query.get(name, "14")), len(own[0][1]) - 1) for name in ("row", "column"))
        padded = F.pad(given[0], (padding,) * 4).numpy()
        norms = dict(network.named_modules())
        return Convolved(
            layer, map, input, row, column, padded, padding, kernels.numpy(), float(convolution.bias[map]), parts.numpy(), own,
            norms.get(layer.replace("conv", "norm")),
        )  # fmt: skip


@claim("weights", "Map, 0 to {n#}", "Input map, 0 to {inputs#}", "Row, 0 to {side#}", "Column, 0 to {side#}")
def _limits(page, n=None, inputs=None, side=None) -> None:
    found = _convolved(page)
    maps = page.looks[0].model.get_submodule(found.layer).out_channels
    for text, value in ((n, maps), (inputs, len(found.kernels)), (side, len(found.stages[0][1]))):
        if text is not None:
            count(text, value - 1)


@claim(
    "weights",
    "Map {map#} of {layer@}.",
    "Map {map#} of {layer@}, {h#} × {w#} pixels: red above zero, blue below.",
)
def _which_map(page, map, layer, h=None, w=None) -> None:
    found = _convolved(page)
    count(map, found.map)
    assert layer == found.layer
    for text, side in zip((h, w), found.stages[0][1].shape, strict=True):
        assert text is None or int(text) == side


@claim(
    "weights",
    "The kernel lies on rows {top±} to {bottom±} and columns {left±} to {right±} of the image, counted from 0{rest@}",
    "The kernel lies on rows {top±} to {bottom±} and columns {left±} to {right±} of input map {input#}, counted from 0{rest@}",
)
def _lies(page, top, bottom, left, right, rest, input=None) -> None:
    found = _convolved(page)
    size, side = found.kernels.shape[-1], found.given.shape[-1] - 2 * found.padding
    ends = [(place - found.padding, place - found.padding + size - 1) for place in found.at]
    assert [(number(top), number(bottom)), (number(left), number(right))] == ends
    beyond = any(low < 0 or high >= side for low, high in ends)
    assert rest == ("; beyond the edge the network sees zeros." if beyond else ".")
    _which_input(found, input)


def _which_input(found: Convolved, input: str | None) -> None:
    assert (input is None) == (len(found.kernels) == 1)
    if input is not None:
        count(input, found.input)


@claim(
    "weights",
    "Input map {input#}, with the patch framed",
    "The patch of input map {input#}, as the layer before has made it.",
)
def _of_an_input(page, input) -> None:
    _which_input(_convolved(page), input)


@claim("weights", "The kernel: {h#} × {w#} weights, the same wherever it lies.")
def _size(page, h, w) -> None:
    assert (int(h), int(w)) == _convolved(page).kernels.shape[-2:]


@claim("weights", "The {what…}, row by row: {numbers@}")
def _read_out(page, what, numbers) -> None:
    found = _convolved(page)
    kernel = found.kernels[found.input]
    expected = {"patch": found.patch, "kernel": kernel, "products": found.patch * kernel}[what]
    said = [[number(word) for word in row.split()] for row in numbers.split("; ")]
    assert all(len(word.partition(".")[2]) == 2 for word in re.split("; | ", numbers))
    np.testing.assert_allclose(said, expected, rtol=1e-5, atol=0.0051)


@claim("weights", "The products, place by place: together they are {sum@}.")
def _together(page, sum) -> None:
    found = _convolved(page)
    _is(sum, float(found.parts[found.input][found.at]), "products", digits=6)


@claim("weights", "| {what@} | {value@} |")
def _row(page, what, value) -> None:
    """A row of the arithmetic of a pixel: each of those that belong there, in their order."""
    found = _convolved(page)
    own = float(found.parts[found.input][found.at])
    total, size, others = float(found.parts[:, *found.at].sum()), found.kernels[0].size, len(found.kernels) - 1
    expected: dict[str, float] = {f"The {size} products together": own}
    if others:
        expected = {
            f"The {size} products of input map {found.input}": own,
            f"plus those of {others} others": total - own,
        }
    later = found.values()
    expected |= {f"plus the bias of map {found.map}": found.bias, "is the pixel of the map": later[0][1]}
    for (_, before), (kind, after) in pairwise(later):
        if kind == "pooling":
            mine = later[0][1] if found.norm else max(later[0][1], 0.0)
            which = "this one" if np.isclose(mine, after, rtol=1e-12, atol=0) else "another one"
            expected[f"Pooling keeps the largest of four: it is {which}"] = after
        elif kind == "batch norm":
            norm = found.norm
            deviation = float((norm.running_var[found.map] + norm.eps).sqrt())
            parts = norm.running_mean[found.map], deviation, norm.weight[found.map], norm.bias[found.map]
            names = (
                "Batch norm: less the mean that training has noted",
                "divided by the standard deviation",
                "times a factor that is learnt",
                "plus a number that is learnt",
            )
            expected |= dict(zip(names, map(float, parts), strict=True))
            assert abs((before - float(parts[0])) / deviation * float(parts[2]) + float(parts[3]) - after) < 1e-9
            expected["is what batch norm gives"] = after
        else:
            expected["ReLU makes of it"] = after
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page.around, re.MULTILINE)
    assert rows == ["One after the other", *expected], f"{rows}, but it is {[*expected]}"
    _is(value, expected[what], what, digits=6)


@claim(
    "weights",
    "What each of the {n#} input maps adds to the sum, in their order; the fullest colour stands for {largest@}.",
)
def _inputs(page, n, largest) -> None:
    found = _convolved(page)
    count(n, len(found.kernels))
    _is(largest, float(np.abs(found.parts[:, *found.at]).max()), "the end of a scale", digits=6)


@claim(
    "weights",
    "Map {map#} as the next layer gets it, {h#} × {w#} pixels: framed is the place of this one, row {row#}, column {column#}, with "
    "{value@}.",
)
def _handed_on(page, map, h, w, row, column, value) -> None:
    found = _convolved(page)
    count(map, found.map)
    shape, side = found.stages[-1][1].shape, len(found.stages[0][1])
    assert (int(h), int(w)) == shape
    assert (int(row), int(column)) == tuple(place * shape[0] // side for place in found.at)
    _is(value, found.values()[-1][1], "what is handed on", digits=6)
