"""One pixel of a CNN's feature map, number by number: which one, the patch and the kernel, their sum, and what becomes of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import streamlit as st

from core.analysis.patch import After, Pixel, afterwards, convolution_at, pixel
from core.charts.colours import diverging, inked
from core.charts.pictures import cell_words, framed, numbered, strip_of_units
from core.images.codes import Chosen
from core.kinds import SettingsError
from core.words import compact, number
from ui.component import component
from ui.pictures import colours, data_url
from ui.state import move
from ui.weights.layers import layers_of
from ui.weights.look import CNNLook, image_control, with_state
from ui.weights.state import STATE
from ui.words import linked, table

if TYPE_CHECKING:
    from core.analysis.filters import Layer

TURN = "weights_pixel_turn"  # how many moves in the map have been heard of
BEYOND = "The numbers of this network are too large to compute with, so there is nothing to show of its pixels."

_map = component(Path(__file__).parent, "map")


class Place(NamedTuple):
    """A pixel of a feature map, and the input map of which the kernel is shown."""

    layer: str
    map: int
    input: int
    row: int
    column: int


def one_pixel(look: CNNLook) -> None:
    """A pixel of a feature map that is chosen, and how it comes about."""
    image = image_control(look)
    steps = layers_of(look.version, image.code, look.model)
    look, place = _choose(look, steps)
    found = pixel(look.model, steps, place.layer, place.map, place.row, place.column)
    if not all(np.isfinite(step.values).all() for step in steps):
        st.warning(BEYOND, icon=":material/warning:")
        return
    _where(place, found, steps, image)
    _products(place, found)
    _sum(look, place, found, steps)


def _choose(look: CNNLook, steps: list["Layer"]) -> tuple[CNNLook, Place]:
    """Draw what chooses the layer, the map and the pixel."""
    maps = {step.name: step.values for step in steps if step.kind == "convolution"}
    layer = look.state.layer if look.state.layer in maps else next(iter(maps))
    n, side = maps[layer].shape[:2]
    inputs = len(_input(steps, layer))
    within = {name: min(getattr(look.state, name), side - 1) for name in ("row", "column")}
    unit = look.state.unit if look.state.unit < n * inputs else 0
    look = with_state(look, layer=layer, unit=unit, **within)
    map, input = divmod(unit, inputs)
    with st.container(horizontal=True, vertical_alignment="bottom", key="pixel_controls"):
        sides = {name: values.shape[-1] for name, values in maps.items()}
        st.segmented_control(
            "Layer", list(maps), required=True, key=STATE.key("layer"), on_change=_other_layer, args=(sides,)
        )
        _number("Map", "weights_map", map, n, inputs)
        if inputs > 1:
            _number("Input map", "weights_input", input, inputs, inputs)
        else:
            st.session_state.weights_input = 0
        st.number_input(f"Row, 0 to {side - 1}", 0, side - 1, step=1, key=STATE.key("row"), width=140)
        st.number_input(f"Column, 0 to {side - 1}", 0, side - 1, step=1, key=STATE.key("column"), width=140)
        row, column = np.unravel_index(int(maps[layer][map].argmax()), maps[layer][map].shape)
        st.button(
            "The strongest pixel",
            key="strongest_pixel",
            icon=":material/keyboard_double_arrow_up:",
            on_click=STATE.put,
            kwargs={"row": int(row), "column": int(column)},
            help="Where the patch is most like the filter: the largest number of this map.",
        )
    return look, Place(layer, map, input, within["row"], within["column"])


def _number(label: str, key: str, value: int, n: int, inputs: int) -> None:
    """One of the two numbers that the kernel's number in the layer is made of."""
    move(key, value)
    st.number_input(
        f"{label}, 0 to {n - 1}", 0, n - 1, step=1, key=key, on_change=_kernel_chosen, args=(inputs,), width=150
    )


def _kernel_chosen(inputs: int) -> None:
    input = min(int(st.session_state.weights_input), inputs - 1)
    STATE.put(unit=int(st.session_state.weights_map) * inputs + input)


def _other_layer(sides: dict[str, int]) -> None:
    """Begin in the middle of the first map."""
    middle = sides.get(STATE.now().layer, 0) // 2
    STATE.put(unit=0, row=middle, column=middle)


def _input(steps: list["Layer"], layer: str) -> np.ndarray:
    """What a convolution is given, (inputs, h, w)."""
    return steps[convolution_at(steps, layer) - 1].values


def _where(place: Place, found: Pixel, steps: list["Layer"], image: Chosen) -> None:
    """The input with the patch framed, and the map in which a pixel is tapped."""
    maps = steps[convolution_at(steps, place.layer)].values
    given = _input(steps, place.layer)
    with st.container(border=True, key="pixel_where"):
        st.markdown("## Which pixel")
        left, right = st.columns(2, gap="medium")
        with left:
            largest = float(np.abs(given).max())
            painted = (
                inked(image.image, colours()) if len(given) == 1 else diverging(given[place.input], largest, colours())
            )
            size, side = found.kernels.shape[-1], given.shape[-1]
            margin = (len(maps[0]) - side + size - 1) // 2
            picture = framed(painted, found.corner, size, margin, colours())
            st.image(data_url(picture), width=380, alt=f"{_source(place, found)}, with the patch framed".capitalize())
            st.caption(_lies(place, found, side))
        with right:
            _tapped_map(place, maps[place.map])
            st.caption(
                f"Map {place.map} of {place.layer}, {_sides(maps[0])} pixels: red above zero, blue below. **Tap one**, or move with "
                "the arrow keys."
            )


def _tapped_map(place: Place, values: np.ndarray) -> None:
    _map(
        key="pixel_map",
        data={
            "picture": data_url(diverging(values, float(np.abs(values).max()), colours()), 16),
            "side": len(values),
            "row": place.row,
            "column": place.column,
            "colour": colours().line,
            "alt": f"Map {place.map} of {place.layer}. Arrow keys choose a pixel.",
            "turn": st.session_state.get(TURN, 0),
        },
        on_chosen_change=_pixel_chosen,
    )


def _pixel_chosen() -> None:
    """Take over the pixel that was tapped, if it is one."""
    place = told(st.session_state.pixel_map["chosen"])
    if place is not None:
        STATE.put(**place)
        st.session_state[TURN] = st.session_state.pixel_map["chosen"].get("turn")


def told(said: Any) -> dict[str, int] | None:
    """The row and column that a map has told of, or None where it is nothing that a map of ours would tell."""
    try:
        return {name: STATE.parameters[name].checked(said[name]) for name in ("row", "column")}
    except (TypeError, KeyError, SettingsError):
        return None


def _products(place: Place, found: Pixel) -> None:
    """The patch, the kernel and their products in numbers."""
    first, size = len(found.kernels) == 1, _sides(found.kernels[0])
    products = found.products[place.input]
    shown = {
        "patch": (
            found.patches[place.input],
            "**The patch**: the ink of each pixel, less the mean of all training pixels, in standard deviations."
            if first
            else f"**The patch** of input map {place.input}, as the layer before has made it.",
        ),
        "kernel": (found.kernels[place.input], f"**The kernel**: {size} weights, the same wherever it lies."),
        "products": (
            products,
            f"**The products**, place by place: together they are {compact(float(products.sum()), 6)}.",
        ),
    }
    with st.container(border=True, key="pixel_products"):
        st.markdown("## The patch times the kernel")
        for column, (name, (values, words)) in zip(st.columns(3, gap="medium"), shown.items(), strict=True):
            with column:
                st.image(data_url(numbered(values, colours())), width="stretch", alt=_read_out(name, values))
                st.caption(linked(words))


def _read_out(name: str, values: np.ndarray) -> str:
    """A picture of numbers for whoever does not see it."""
    return f"The {name}, row by row: {'; '.join(' '.join(row) for row in cell_words(values))}"


def _sum(look: CNNLook, place: Place, found: Pixel, steps: list["Layer"]) -> None:
    """The sum in a table, what each input map adds to it, and the map that the next layer gets."""
    at = place.row, place.column
    later = list(afterwards(look.model, steps, place.layer, place.map, at, found.z))
    with st.container(border=True, key="pixel_sum"):
        st.markdown("## The sum, and what becomes of it")
        left, right = st.columns(2, gap="medium")
        with left:
            rows = [*_added(place, found), *(row for one in later for row in _later(one, at))]
            cells = [(words, compact(value, 6)) for words, value in rows]
            st.markdown(table(("One after the other", "Value"), cells, numbers=1))
            st.caption(linked(_relu(later)))
        with right:
            st.latex(r"z = \sum_{c, i, j} \text{patch}_{cij} \cdot \text{kernel}_{cij} + b")
            if len(found.sums) > 1:
                _of_the_inputs(found)
            _handed_on(place, later[-1], [step for step in steps if step.name == place.layer][-1].values[place.map])


def _added(place: Place, found: Pixel) -> list[tuple[str, float]]:
    """The sum, from the products to the pixel."""
    own, others = float(found.sums[place.input]), len(found.sums) - 1
    size = found.kernels[0].size
    first = [(f"The {size} products together", own)]
    if others:
        rest = float(found.sums.sum()) - own
        first = [(f"The {size} products of input map {place.input}", own), (f"plus those of {others} others", rest)]
    return [*first, (f"plus the bias of map {place.map}", found.bias), ("is the pixel of the map", found.z)]


def _later(one: After, at: tuple[int, int]) -> list[tuple[str, float]]:
    """What a step after the convolution makes of it."""
    if one.window is not None:
        times = len(one.window)
        kept = one.window[at[0] % times, at[1] % times] == one.value
        return [(f"Pooling keeps the largest of four: it is {'this one' if kept else 'another one'}", one.value)]
    if one.norm is not None:
        return [
            ("Batch norm: less the mean that training has noted", one.norm.mean),
            ("divided by the standard deviation", one.norm.deviation),
            ("times a factor that is learnt", one.norm.scale),
            ("plus a number that is learnt", one.norm.shift),
            ("is what batch norm gives", one.value),
        ]
    return [("ReLU makes of it", one.value)]


def _relu(later: list[After]) -> str:
    fires = next(one.value for one in later if one.kind == "ReLU") > 0
    return (
        "What ReLU is given is above zero, so it stays as it is."
        if fires
        else "What ReLU is given is not above zero, so it becomes zero."
    )


def _of_the_inputs(found: Pixel) -> None:
    n, largest = len(found.sums), float(np.abs(found.sums).max())
    st.image(
        data_url(strip_of_units(found.sums, colours(), columns=min(n, 12)), 3),
        width="stretch",
        alt="What each input map adds to the sum, in coloured squares",
    )
    st.caption(
        f"What each of the {n} input maps adds to the sum, in their order; the fullest colour stands for {compact(largest, 6)}."
    )


def _handed_on(place: Place, last: After, values: np.ndarray) -> None:
    picture = framed(diverging(values, float(np.abs(values).max()), colours()), last.place, 1, colours=colours())
    st.image(data_url(picture), width=260, alt="The map as the next layer gets it, with the pixel's place framed")
    row, column = last.place
    st.caption(
        linked(
            f"Map {place.map} as the next layer gets it, {_sides(values)} pixels: framed is the place of this one, row {row}, column "
            f"{column}, with {compact(last.value, 6)}."
        )
    )


def _lies(place: Place, found: Pixel, side: int) -> str:
    """Where the kernel lies, in a sentence."""
    size, (top, left) = found.kernels.shape[-1], found.corner
    rows, columns = (f"{number(start, 0)} to {number(start + size - 1, 0)}" for start in (top, left))
    beyond = min(top, left) < 0 or max(top, left) + size > side
    return (
        f"The kernel lies on rows {rows} and columns {columns} of {_source(place, found)}, counted from 0"
        f"{'; beyond the edge the network sees zeros' if beyond else ''}."
    )


def _source(place: Place, found: Pixel) -> str:
    return "the image" if len(found.kernels) == 1 else f"input map {place.input}"


def _sides(values: np.ndarray) -> str:
    return f"{values.shape[-2]} × {values.shape[-1]}"
