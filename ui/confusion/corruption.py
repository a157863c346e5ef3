"""What turning, shifting, another pen and noise do to the reading of two networks."""

from dataclasses import fields
from time import monotonic

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts.colours import inked
from core.charts.corruption import corruption_chart
from core.data import CLASSES
from core.images.codes import levels
from core.images.corruption import LEVELS, Corruption, corrupted, single
from core.words import interval_words, listed, percent, points_words, share_words
from ui.confusion.look import Look, marked, other_look, two_names
from ui.confusion.state import STATE
from ui.pictures import colours, data_url
from ui.predictions import EVERY, IN_WORDS, accuracy_under, model
from ui.shared import images_of, plain
from ui.words import linked

SECONDS_BEFORE_PROGRESS = 0.4
ORDINAL = "fifth"  # of EVERY
# Each kind of corruption: its control, the axis of its curve, and the slider's step and format.
CONTROLS = {
    "degrees": ("Turn", "Degrees, counter-clockwise", 1.0, "%d°"),
    "right": ("Shift to the right", "Pixels to the right", 1, "%d"),
    "down": ("Shift down", "Pixels down", 1, "%d"),
    "thicker": ("Thicker pen", "Pixels on every side", 0.25, "%.2f"),
    "noise": ("Noise", "Standard deviation (ink is 1)", 0.05, "%.2f"),
}
LIMITS = {spec.name: spec.metadata["limits"] for spec in fields(Corruption)}


def corruption(look: Look) -> None:
    """What turning, shifting, another pen and noise do to two networks."""
    other = other_look(look)
    looks = dict(zip(two_names(look, other), (look, other), strict=True))  # one where both are the same
    now = look.state.corruption
    _corrupted_examples(looks, now)
    progress, places = st.empty(), {}
    cells = st.columns(3, gap="medium") + st.columns(3, gap="medium")
    for cell, (kind, (label, _, step, number_format)) in zip(cells[:-1], CONTROLS.items(), strict=True):
        low, high, number = LIMITS[kind]
        with cell:
            st.slider(label, number(low), number(high), step=step, format=number_format, key=STATE.key(kind))
            places[kind] = st.empty()
    with cells[-1]:
        _all_at_once(looks, now)
        st.button("Reset", key="uncorrupted", icon=":material/restart_alt:", on_click=STATE.reset, args=tuple(CONTROLS))
    st.caption(
        linked(
            f"The numbers are for all sliders at once, on all 10,000 {look.images}. In each chart one kind of corruption alone, on "
            f"{10_000 // EVERY:,} of them, every {ORDINAL}: so even without corruption it may be about a point off the numbers. "
            "Each shows the share that is read right, with its 95% interval, and a rule where the slider stands."
        )
    )
    _curves(looks, now, places, progress)


def _all_at_once(looks: dict[str, Look], now: Corruption) -> None:
    """The accuracy of each network under the corruption of all sliders together; also the key to the lines of the charts."""
    for (name, look), line in zip(looks.items(), ("solid", "dashed"), strict=False):
        before = look.answers.accuracy
        after = before if now == Corruption() else accuracy_under(look.version, look.part, now, every=1)
        change = after.value - before.value
        st.metric(
            f"{plain(name)} ({line} line)",
            share_words(after.value, after.n),
            points_words(change, after.n),
            delta_color="off" if change == 0 else "green" if change > 0 else "orange",
            delta_arrow="off",
            width="content",
            help=f"{interval_words(after.interval, after.n)} (95% interval); uncorrupted "
            f"{share_words(before.value, before.n)}.",
        )


def _corrupted_examples(looks: dict[str, Look], now: Corruption) -> None:
    """One image of each digit, corrupted, and what the networks take it for."""
    part = next(iter(looks.values())).part
    images, labels = images_of(part)
    chosen = np.array([np.flatnonzero(labels == digit)[0] for digit in range(CLASSES)])
    shown = corrupted(images[chosen], now)
    answers = {name: model(look.version).predict_proba(shown) for name, look in looks.items()}
    with st.container(horizontal=True, gap="small", key="corrupted"):
        for i, image in enumerate(shown):
            with st.container(width=76, gap=None):
                picture = inked(levels(image), colours())
                st.image(data_url(picture, 3), width=76, alt=f"A corrupted {labels[chosen[i]]}")
                lines = []
                for name, probs in answers.items():
                    digit = int(probs[i].argmax())
                    lines.append(f"{plain(name)}: {marked(digit, int(labels[chosen[i]]))} {percent(probs[i, digit])}")
                st.caption("  \n".join(lines))
    st.caption(
        f"The first of the {IN_WORDS[part]} of each digit, {'uncorrupted' if now == Corruption() else 'corrupted'}, and what it is read "
        f"as by {listed(map(plain, answers))}, with how sure."
    )


def _curves(
    looks: dict[str, Look], now: Corruption, places: dict[str, DeltaGenerator], progress: DeltaGenerator
) -> None:
    """Accuracy against each kind of corruption. What nobody has asked for yet is computed now, with a word on how far it is."""
    todo, done, started = sum(map(len, LEVELS.values())), 0, monotonic()
    for kind, steps in LEVELS.items():
        lines: dict[str, list] = {name: [] for name in looks}
        for level in steps:
            for name, look in looks.items():
                share = accuracy_under(look.version, look.part, single(kind, level), EVERY)
                lines[name].append((level, share.value, *share.interval))
            done += 1
            if monotonic() - started > SECONDS_BEFORE_PROGRESS:
                progress.progress(done / todo, f"Corrupting {10_000 // EVERY:,} images, {done} of {todo} ways …")
        title = CONTROLS[kind][1]
        places[kind].altair_chart(corruption_chart(lines, getattr(now, kind), title, colours()), key=f"curve_{kind}")
    progress.empty()
