"""What the page Weights is about: one network after one epoch, one image; and the controls that say so."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import streamlit as st

from core.analysis.evaluation import mistakes
from core.charts.colours import inked
from core.config import CNNConfig, Config, MLPConfig
from core.data import TEST_SIZE
from core.images.codes import Chosen, chosen
from core.mlp import MLP
from core.networks import Model
from core.runs import Run
from ui.pictures import colours, data_url
from ui.predictions import Version, answers_of, epochs_of, model, nearest_epoch, version
from ui.run_picker import pick_epoch, pick_run, places
from ui.segments import segments
from ui.shared import images_of, plain, run_names, told_in_passing
from ui.state import move
from ui.weights.state import IMAGE, STATE, VIEWS, WeightsState

if TYPE_CHECKING:
    from core.cnn import Network

FILMS = ("neurons", "filters")  # views with a scrubber of their own, beside the pictures that it moves


@dataclass(frozen=True)
class Look:
    """One network after one epoch: what every view is about; and what else is set."""

    run: Run
    version: Version
    name: str  # of the run, as it was given
    state: WeightsState
    config: Config
    model: Model  # only to be looked at: everybody has the same one

    @property
    def epochs(self) -> list[int]:
        """The epochs whose weights are kept, in order; 0 is before training."""
        return epochs_of(self.run)

    @property
    def view(self) -> str:
        """What is to be seen of it: one of VIEWS."""
        assert self.state.view is not None
        return self.state.view


@dataclass(frozen=True)
class MLPLook(Look):
    """An MLP after one epoch."""

    config: MLPConfig
    model: MLP


@dataclass(frozen=True)
class CNNLook(Look):
    """A CNN after one epoch."""

    config: CNNConfig
    model: "Network"


L = TypeVar("L", bound=Look)


def with_state(look: L, **values: Any) -> L:
    """The same with other parameters, which are set on the page, too."""
    STATE.put(**values)
    return replace(look, state=replace(look.state, **values))


def controls(there: dict[str, Run], state: WeightsState) -> MLPLook | CNNLook:
    """Draw what decides what the page is about: the run, what to see of it, and the epoch."""
    left, right, _ = places()
    with left:
        pick_run(STATE, "run", "Run", there)
    run = there[state.run]
    views = VIEWS[run.config.network]
    epoch, view = nearest_epoch(run, state.epoch), state.view if state.view in views else next(iter(views))
    STATE.put(epoch=epoch, view=view)
    with right:
        if view not in FILMS:
            pick_epoch(STATE, "epoch", run)
    segments("View", views, STATE.key("view"))
    name = run_names(one.config for one in there.values())[run.key]  # no other of them has it
    return look_at(run, version(run, epoch), name, replace(state, epoch=epoch, view=view))


def look_at(run: Run, asked: Version, name: str, state: WeightsState) -> MLPLook | CNNLook:
    """The network of a run after an epoch, by its kind. Raises Gone where it is not there any more."""
    config, found = run.config, model(asked)
    if isinstance(config, MLPConfig) and isinstance(found, MLP):
        return MLPLook(run, asked, name, state, config, found)
    from core.cnn import Network  # whoever looks at an MLP does not wait for torch

    assert isinstance(config, CNNConfig)
    assert isinstance(found, Network)
    return CNNLook(run, asked, name, state, config, found)


def unsaid(look: Look) -> list[str]:
    """What need not be said in the address: the last epoch, and the first view unless an image would open another."""
    state = STATE.now()
    first = state.view == next(iter(VIEWS[look.config.network])) and state.image == IMAGE
    return ["epoch"] * (state.epoch == look.epochs[-1]) + ["view"] * first


def image_control(look: Look) -> Chosen:
    """Draw what decides which image is looked at, and the image itself."""
    now = chosen(look.state.image, images_of)
    number = _test_number(now.code)
    move("weights_test_image", number)
    with st.container(horizontal=True, vertical_alignment="bottom", key="image_control"):
        st.image(data_url(inked(now.image, colours()), 3), width=84, alt=_alt(now))
        st.number_input(
            "Test image",
            0,
            TEST_SIZE - 1,
            step=1,
            key="weights_test_image",
            placeholder=f"0 to {TEST_SIZE - 1:,}",
            on_change=_number_chosen,
            width=140,
            help="MNIST's 10,000 test images are numbered from 0.",
        )
        st.button("Another", key="another_image", icon=":material/casino:", on_click=_another)
        st.button(
            "A mistake",
            key="another_mistake",
            icon=":material/error:",
            on_click=_mistake,
            args=(look,),
            help=f"A test image that {plain(look.name)} reads wrongly after epoch {look.version.epoch}.",
        )
    _links(look, now)
    return now


def _links(look: Look, image: Chosen) -> None:
    """To the same image on other pages, where it is to be found there."""
    with st.container(horizontal=True, key="image_links"):
        if image.label is not None:
            part, index = image.code.split("-")
            answer = int(look.model.predict_proba(image.image[None]).argmax())
            query = {"part": part, "true": str(image.label), "predicted": str(answer), "image": index}
            st.page_link(
                "pages/confusion.py",
                label=f"All {image.label}s that are {'read right' if answer == image.label else f'taken for {answer}'}",
                icon=":material/grid_on:",
                query_params={"run": look.version.key, "epoch": str(look.version.epoch)} | query,
            )
        st.page_link(
            "pages/sketch.py",
            label="Take it to the sketch pad",
            icon=":material/draw:",
            query_params={"run": look.version.key, "image": image.code},
        )


def _number_chosen() -> None:
    number = st.session_state.weights_test_image
    if number is not None:
        STATE.put(image=f"test-{number}")


def _another() -> None:
    STATE.put(image=f"test-{np.random.default_rng().integers(TEST_SIZE)}")


@told_in_passing()
def _mistake(look: Look) -> None:
    """Choose the next less sure of the network's mistakes, or the surest after the last."""
    places = mistakes(answers_of(look.version, "test")).tolist()
    if not places:
        st.toast(f"{plain(look.name)} reads every test image right.")
        return
    number = _test_number(look.state.image)
    following = places.index(number) + 1 if number in places else 0
    STATE.put(image=f"test-{places[following % len(places)]}")


def _test_number(code: str) -> int | None:
    return int(code.removeprefix("test-")) if code.startswith("test-") else None


def _alt(image: Chosen) -> str:
    return f"{image.name.capitalize()}" + ("" if image.label is None else f", a handwritten {image.label}")
