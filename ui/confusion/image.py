"""Single images on the confusion page: a tile of several, and what is shown of the one that is opened."""

from pathlib import Path

import streamlit as st

from core.analysis import disputed
from core.charts import outputs
from core.images.codes import name_of
from ui.component import component
from ui.confusion.look import Look, digit_image
from ui.confusion.state import STATE
from ui.pictures import colours
from ui.predictions import mnist_index
from ui.words import linked

_reveal = component(Path(__file__).parent, "reveal")

TILE = 76  # pixels
COUNTED = {
    "test": "MNIST's 10,000 test images are counted from 0.",
    "validation": "MNIST's 60,000 training images are counted from 0; the last 10,000 of them validate here.",
}
DISPUTED = " Disputed: most of five people who were asked did not give it its label."  # behind another sentence
# Where one image can be looked at further.
INSIDE = "pages/weights.py", ":material/visibility:"
PAD = "pages/sketch.py", ":material/draw:"


def reveal(cell: tuple[int, int] | None) -> None:
    """Bring whoever has a narrow window, and has chosen another cell, to its images."""
    _reveal(key="reveal", data={"cell": str(cell)}, height=0)


def disputed_places(look: Look) -> set[int]:
    """The places of the images whose label people dispute, where there is a network to hold against it."""
    return {*disputed.DISPUTED} if look.part == "test" and not look.answers.guesses else set()


def mark_if_disputed(look: Look, place: int) -> None:
    """Write below a tile that people dispute the label of its image."""
    if place in disputed_places(look):
        st.caption(disputed.MARK, text_alignment="center")


def open_button(look: Look, place: int, words: str, opened: bool) -> None:
    """The button of a tile, which opens its image."""
    index = mnist_index(look.part, place)
    st.button(
        _as_text(words),
        key=f"open_{index}",
        type="primary" if opened else "secondary",
        width="stretch",
        on_click=STATE.put,
        kwargs={"image": index},
    )


def whole(look: Look, place: int) -> None:
    """An image in large, with its name."""
    st.markdown(f"**{image_name(look, place).capitalize()}**")
    digit_image(look, place, scale=5, width=140)
    st.caption(linked(COUNTED[look.part]))


def probabilities(look: Look, place: int, who: str = "the network", key: str = "probabilities") -> None:
    """The ten probabilities that a network, called `who` in Markdown, gives an image."""
    true, probs = int(look.answers.labels[place]), look.answers.probs[place]
    st.vega_lite_chart(
        outputs.outputs_chart(0.0, 1.0, colours())
        | {"datasets": {"outputs": outputs.probability_rows(probs, true, colours())}},
        key=key,
        alt=f"The ten probabilities of {image_name(look, place)}",
    )
    st.caption(f"How probable {who} finds each digit. {outputs.key_of_outputs(probs, true)}")


def link(to: tuple[str, str], label: str, look: Look, place: int) -> None:
    """To the same image on another page, with the network of this look."""
    page, icon = to
    image = f"{look.part}-{mnist_index(look.part, place)}"
    query = {"run": look.version.key, "epoch": str(look.version.epoch), "image": image}
    st.page_link(page, label=label, icon=icon, query_params=query)


def image_name(look: Look, place: int) -> str:
    return name_of(look.part, mnist_index(look.part, place))


def _as_text(words: str) -> str:
    """Words as Markdown that shows them as they are, where they begin with a sign that would begin a quotation."""
    return f"\\{words}" if words.startswith(">") else words
