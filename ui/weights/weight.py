"""One weight of a step: its gradient as a product of numbers, and the weight before and after."""

import streamlit as st

from core.analysis.source import lines_of
from core.analysis.step import Layer, Rule, Step, factors, steepest
from core.data import CLASSES, SIDE
from core.words import compact, counted
from ui.segments import segments
from ui.weights.look import MLPLook, with_state
from ui.weights.state import STATE, WEIGHTS
from ui.words import linked, table

Row = tuple[str, str, float]  # words, how the code names it, value


def one_weight(look: MLPLook, found: Step, rule: Rule) -> None:
    """The weight that is chosen: where its gradient comes from, and what the step makes of it."""
    look = with_state(look, unit=min(look.state.unit, len(look.model.w1) - 1))
    with st.container(border=True, key="stage_weight"):
        st.markdown("## One weight, and what the step makes of it")
        layer, row, column = _choose(look, found)
        left, right = st.columns([1, 1], gap="medium")
        right.latex(r"W \leftarrow W - \eta \left( \frac{\partial L}{\partial W} + \lambda W \right)")
        right.code(lines_of("update"), language="python", wrap_lines=True)
        with left:
            st.markdown(_table([*_product(found, rule, layer, row, column), *_change(found, rule, layer, row, column)]))
            st.caption(linked(_said(found, layer, row, column)))


def _choose(look: MLPLook, found: Step) -> tuple[Layer, int, int]:
    """Draw what chooses a weight; return its layer, and its row and column there."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="weight_controls"):
        chosen = segments("Weight", WEIGHTS, STATE.key("weight"))
        layer: Layer = "w1" if chosen == "w1" else "w2"
        units = len(look.model.w1)
        st.number_input(f"Neuron, 0 to {units - 1}", 0, units - 1, step=1, key=STATE.key("unit"), width=140)
        if layer == "w2":
            st.number_input("Digit", 0, CLASSES - 1, step=1, key=STATE.key("output"), width=130)
        else:
            st.number_input("Row of the pixel", 0, SIDE - 1, step=1, key=STATE.key("row"), width=140)
            st.number_input("Column of the pixel", 0, SIDE - 1, step=1, key=STATE.key("column"), width=150)
        st.button(
            "The largest gradient",
            key="steepest",
            icon=":material/keyboard_double_arrow_up:",
            on_click=STATE.put,
            kwargs=_parameters(layer, *steepest(found, layer)),
            help="The weight of this layer whose gradient is largest.",
        )
    state = STATE.now()
    return (layer, state.output, state.unit) if layer == "w2" else (layer, state.unit, state.row * SIDE + state.column)


def _parameters(layer: Layer, row: int, column: int) -> dict[str, int]:
    """A weight's row and column in its array as parameters of the page."""
    if layer == "w2":
        return {"output": row, "unit": column}
    return {"unit": row, "row": column // SIDE, "column": column % SIDE}


def _product(found: Step, rule: Rule, layer: Layer, row: int, column: int) -> list[Row]:
    """The factors of the gradient, and what becomes of them over the batch."""
    parts, n = factors(found, layer, row, column), len(found.batch.labels)
    if layer == "w2":
        names = f"delta2[0, {row}]", f"f1[0, {column}]"
        rows: list[Row] = [
            (f"The error of digit {row}", names[0], parts.delta[0]),
            (f"times how neuron {column} fires", names[1], parts.inputs[0]),
        ]
    else:
        names = f"delta1[0, {row}]", f"x[0, {column}]"
        rows = [
            (f"What the digits send back to neuron {row}", f"(delta2 @ w2)[0, {row}]", found.sent_back[0, row]),
            ("times the slope of its activation", f"slope(f1)[0, {row}]", found.slope[0, row]),
            ("is the neuron's error", names[0], parts.delta[0]),
            ("times the ink of the pixel", names[1], parts.inputs[0]),
        ]
    if n > 1:
        rows.append(("is the product of this image", f"{names[0]} * {names[1]}", parts.products[0]))
        rows.append((f"plus that of {counted(n - 1, 'other')}", f"rows 1 to {n - 1}", parts.products[1:].sum()))
        if rule.mean:
            rows.append(("in all", "sum", parts.products.sum()))
            return [*rows, (f"**over {n} is the gradient**", f"grad_{layer}[{row}, {column}]", parts.gradient)]
    return [*rows, ("**is the gradient**", f"grad_{layer}[{row}, {column}]", parts.gradient)]


def _change(found: Step, rule: Rule, layer: Layer, row: int, column: int) -> list[Row]:
    """The weight before the step, what is taken off it, and the weight after it."""
    before, gradient = float(found.before[layer][row, column]), float(getattr(found.gradients, layer)[row, column])
    eta, name = rule.learning_rate, f"{layer}[{row}, {column}]"
    return [
        ("The weight before", name, before),
        ("less what L2 takes", f"{eta:g} * {rule.weight_decay:g} * {layer}", eta * rule.weight_decay * before),
        ("less the rate times the gradient", f"{eta:g} * grad_{layer}", eta * gradient),
        ("**is the weight after**", name, float(found.after[layer][row, column])),
    ]


def _table(rows: list[Row]) -> str:
    cells = [(words, f"`{code}`", compact(float(value), 6)) for words, code, value in rows]
    return table(("One after the other", "In the code", "Value"), cells, numbers=1)


def _said(found: Step, layer: Layer, row: int, column: int) -> str:
    """What the gradient means, in a sentence that is true of this weight."""
    parts = factors(found, layer, row, column)
    if parts.gradient == 0:
        if layer == "w1" and not parts.inputs.any():
            return "The pixel is blank, so the loss does not depend on this weight: it learns nothing here."
        return "The gradient is zero: this weight learns nothing here."
    way = "larger" if parts.gradient > 0 else "smaller"
    other = "down" if parts.gradient > 0 else "up"
    return f"More of this weight would make the loss {way}, so its gradient moves it {other}."
