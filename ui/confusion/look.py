"""What the confusion page is about: one network, or two, on one part of the data; and the controls that say so."""

from typing import NamedTuple

import streamlit as st

from core.analysis.evaluation import Answers
from core.charts.colours import inked
from core.config import PRESETS
from core.runs import Run
from core.words import article
from ui import looked_at
from ui.confusion.state import STATE, VIEWS, ConfusionState
from ui.pictures import colours, data_url
from ui.predictions import IN_WORDS, PARTS, Version, answers_of, nearest_epoch, version
from ui.run_picker import pick_epoch, pick_run, places
from ui.segments import segments
from ui.shared import images_of, run_name
from ui.words import explained

OF_TWO = ("compare", "damage")  # views in which a second run stands beside the first


class Look(NamedTuple):
    """One network on one part of the data: what every view is about; and what else is set."""

    version: Version
    name: str  # of the run, as it was given
    network: str
    part: str
    answers: Answers
    state: ConfusionState
    there: dict[str, Run]  # all runs that there are to choose from

    @property
    def images(self) -> str:
        return IN_WORDS[self.part]


def controls(there: dict[str, Run], state: ConfusionState) -> Look:
    """Draw what decides what the page is about: run, epoch, part of the data and view."""
    left, middle, right = places()
    run = there[state.run]
    epoch = nearest_epoch(run, state.epoch)
    STATE.put(epoch=epoch)
    with left:
        pick_run(STATE, "run", "Run", there)
    with middle:
        pick_epoch(STATE, "epoch", run)
    with right:
        st.segmented_control(
            "Images",
            PARTS,
            format_func=str.capitalize,
            required=True,
            key=STATE.key("part"),
            help=explained(
                "test-set",
                "Test: 10,000 images that judge a network at the very end. Validation: 10,000 that it was watched on.",
            ),
        )
    segments("View", VIEWS, STATE.key("view"))
    return look_at(run, epoch, state.part, state, there)


def other_look(look: Look) -> Look:
    """Draw the controls of the second network, and the report's pair as a preset."""
    left, middle, right = places()
    run = look.there[look.state.other]
    epoch = nearest_epoch(run, look.state.other_epoch)
    STATE.put(other_epoch=epoch)
    with left:
        pick_run(STATE, "other", "Compared with", look.there)
    with middle:
        pick_epoch(STATE, "other_epoch", run)
    with right:
        st.button(
            "The report's MLP and CNN",
            key="preset",
            icon=":material/compare_arrows:",
            on_click=_preset_chosen,
            help="Those of [the report](report) that were trained on all 50,000 images.",
        )
    return look_at(run, epoch, look.part, look.state, look.there)


def two_names(look: Look, other: Look) -> tuple[str, str]:
    """What to call two networks, so that nobody takes one for the other."""
    if look.version.key != other.version.key:
        return look.name, other.name
    return f"{look.name} after epoch {look.version.epoch}", f"{other.name} after epoch {other.version.epoch}"


def last_epochs(there: dict[str, Run]) -> list[str]:
    """The parameters that need not be said, since the epoch that they name is its run's last."""
    state = STATE.now()
    asked = {"epoch": (state.run, state.epoch), "other_epoch": (state.other, state.other_epoch)}
    return [name for name, (key, epoch) in asked.items() if epoch == nearest_epoch(there[key], None)]


def digit_image(look: Look, place: int, scale: int, width: int) -> None:
    image, label = images_of(look.part)[0][place], look.answers.labels[place]
    st.image(
        data_url(inked(image, colours()), scale),
        width=width,
        alt=f"A handwritten {label}, read as {article(look.answers.digits[place])} {look.answers.digits[place]}",
    )


def answer(look: Look, place: int) -> str:
    """What a network reads an image as, in Markdown, and whether that is right."""
    return marked(int(look.answers.digits[place]), int(look.answers.labels[place]))


def marked(digit: int, true: int) -> str:
    """An answer in Markdown, and whether it is right."""
    return f"{digit} {':green[✓]' if digit == true else ':orange[✗]'}"


def look_at(run: Run, epoch: int, part: str, state: ConfusionState, there: dict[str, Run]) -> Look:
    asked = version(run, epoch)
    name = run_name(run.config)
    return Look(asked, name, run.config.network, part, answers_of(asked, part), state, there)


def _preset_chosen() -> None:
    looked_at.note(PRESETS["MLP full"].key)
    STATE.put(run=PRESETS["MLP full"].key, other=PRESETS["CNN full"].key, epoch=None, other_epoch=None)
