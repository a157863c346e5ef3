"""The sections of the report in its own order: what it did, the formula, the code, a figure, and its numbers beside ours."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.analysis import evaluation
from core.charts import pictures
from core.config import REPORT, to_query
from core.data import CLASSES, PIXELS
from core.images.sample import load_sample
from core.mlp import MLP
from core.report import code, inside, rows
from core.report.rows import Row, Runs
from core.words import listed
from ui.report import figures
from ui.report.material import FULL, Networks, is_live
from ui.report.table import table
from ui.report.tuned import tuning
from ui.words import linked


class Section(NamedTuple):
    """One of the report's, in our own words."""

    title: str
    words: str
    needs: tuple[str, ...]  # of the report's runs
    figure: Callable[[Runs, Networks], None] | None
    rows: Callable[[Runs, Networks], list[Row]]
    formulas: tuple[str, ...] = ()
    code: Callable[[], str] | None = None


def _first_pass(_: Runs, networks: Networks) -> list[Row]:
    labels, answered = figures.first_five(networks)[1:]
    return inside.untrained(labels, answered, networks.before.accuracy)


def _start(_: Runs, networks: Networks) -> list[Row]:
    return inside.initialisation(networks.first)


def _templates(_: Runs, networks: Networks) -> list[Row]:
    return inside.templates(networks.trained, load_sample().means.reshape(CLASSES, PIXELS))


def _of(*names: str, times: bool = True) -> Callable[[Runs, Networks], list[Row]]:
    """The settings, the ends and, where it is said, the time of some runs."""

    def found(runs: Runs, _: Networks) -> list[Row]:
        listed = [row for name in names for row in (rows.settings(runs, name), *rows.ends(runs, name))]
        return listed + [rows.seconds(runs, name) for name in names if times]

    return found


def _pair(network: str) -> Callable[[Runs, Networks], list[Row]]:
    """Few images and many: what `_of` gives of both, their gaps, and what the report says of the networks beside each other."""

    def found(runs: Runs, networks: Networks) -> list[Row]:
        listed = [*_of(f"{network} small", f"{network} full")(runs, networks), rows.gaps(runs, network)]
        if network == "CNN":
            listed += [*rows.gap_of_networks(runs), rows.time_of_networks(runs)]
        return listed

    return found


def _curves(*numbered: tuple[int, str]) -> Callable[[Runs, Networks], None]:
    def draw(runs: Runs, _: Networks) -> None:
        for place, (number, name) in zip(st.columns(len(numbered), gap="large"), numbered, strict=True):
            with place:
                figures.accuracy(number, name, runs[name])

    return draw


SECTIONS = {
    "forward": Section(
        "Forward pass",
        "An image of 784 pixels goes through 64 hidden neurons to ten outputs. Each hidden neuron weighs every pixel, adds its bias, and "
        "squashes the sum by a sigmoid. Each output does the same with the hidden neurons, and softmax makes probabilities of the "
        "ten sums. With weights at random that is guessing: there is nothing in it yet of any digit.",
        (FULL,),
        lambda _, networks: figures.untrained(networks),
        _first_pass,
        (r"f_1 = \operatorname{sigmoid}(W_1 x + b_1)", r"p = \operatorname{softmax}(W_2 f_1 + b_2)"),
        lambda: code.part("forward"),
    ),
    "initialisation": Section(
        "Initialisation",
        "Weights start at random, normally distributed, and are divided by the square root of how many inputs they weigh: so no sum "
        "begins too large. Biases start at zero.",
        (FULL,),
        None,
        _start,
        (r"W \sim \frac{1}{\sqrt{n_{\text{in}}}} \, \mathcal{N}(0,\; 0.1^2) \qquad b = 0",),
        lambda: code.part("initialisation"),
    ),
    "back-propagation": Section(
        "Back-propagation",
        "Back-propagation is the chain rule, from the loss backwards: first the error of each output, then what each weight had to do with it. Nothing is "
        "formed that would be mostly zeros. L2 regularization adds a little of each weight to its gradient and so pulls it "
        "towards zero. **Weights → One step** shows every one of these numbers for an image of your choice.",
        (FULL,),
        None,
        lambda runs, _: [rows.settings(runs, FULL)],
        (
            r"\delta_2 = p - \operatorname{onehot}(y)",
            r"\delta_1 = (W_2^\top \delta_2) \odot f_1 \odot (1 - f_1)",
            r"\nabla W_2 = \delta_2 f_1^\top + \lambda W_2",
            r"\nabla W_1 = \delta_1 x^\top + \lambda W_1",
        ),
        lambda: code.part("back-propagation"),
    ),
    "training": Section(
        "Training",
        "Stochastic gradient descent: a batch of images, its gradient, a step against it, and the next batch. After each epoch the steps "
        "become a little shorter. The report does not say whether it adds up the gradients of a batch or takes their mean: here "
        "they are added up, since with the mean its learning rates are far too low. **Weights → One step** lets you try both.",
        ("MLP baseline",),
        _curves((2, "MLP baseline")),
        _of("MLP baseline", times=False),
        (r"w \leftarrow w - \eta_t \, \nabla w", r"\eta_{t+1} = 0.97 \, \eta_t"),
        lambda: code.part("training"),
    ),
    "over-fitting": Section(
        "Over-fitting?",
        "The same network, once on the first 2,000 images and once on all 50,000. Where it has few, it learns them almost by heart, and "
        "its two curves part: how often it is right on what it learns from, and on the validation images, which it never saw.",
        ("MLP small", "MLP full"),
        _curves((3, "MLP small"), (4, "MLP full")),
        _pair("MLP"),
    ),
    "tuning": Section(
        "Tuning",
        "The report says that it tried learning rates, weight decays and batch sizes, and looked where validation accuracy levels off, and "
        "shows none of it. Here it is redone, around its run on 2,000 images; each opens with its curves and what follows from them. Below "
        "stands what the best settings bring that were found so.",
        ("MLP baseline",),
        tuning,
        lambda runs, _: [rows.plateau(runs)],
    ),
    "testing": Section(
        "Testing",
        "The network that has learnt from all images is asked about images that were kept back until now. The digit with the highest "
        "probability is its answer. The report does not say how many test images it had; its confusion matrix below gives it away: "
        "its percentages are whole numbers of images if there were 5,000, and then its diagonal counts exactly the 4,764 that its "
        "test accuracy asks for. Here there are all 10,000 of MNIST.",
        (FULL,),
        None,
        lambda runs, _: [rows.test_accuracy(runs, FULL)],
        (r"\hat y = \operatorname{arg\,max}_k \; p_k",),
        lambda: code.of(evaluation.answers),
    ),
    "saving": Section(
        "Saving and loading",
        "What was learnt is kept in a file, so that nobody needs to train again. A network that is loaded has to read what the one read "
        "that was saved: this page has loaded one and asked it again.",
        (FULL,),
        None,
        lambda runs, networks: [inside.kept(runs, networks.answers)],
        (),
        lambda: code.of(MLP.arrays, MLP.load),
    ),
    "confusion": Section(
        "Confusion matrix",
        "One row for each true digit, one column for each answer. The report finds its network weakest with the 3s, which it takes for 5s "
        "and 8s, and with the 9s.",
        (FULL,),
        lambda _, networks: figures.matrix(networks),
        lambda _, networks: [*inside.recalls(networks.answers), *inside.mistakes(networks.answers)],
        (),
        lambda: code.of(evaluation.confusion_matrix),
    ),
    "templates": Section(
        "Weights as templates",
        "A hidden neuron has one weight for each pixel: laid out as an image, they show what it looks for. The report finds a 2 among them. "
        "Which neuron comes to look for what is a matter of the random start: another start, other places.",
        (FULL,),
        lambda _, networks: figures.all_templates(networks),
        _templates,
        (),
        lambda: code.of(pictures.templates),
    ),
    "cnn": Section(
        "A convolutional network",
        "Six kernels of 5 by 5 pixels slide over the image, then sixteen over what they made of it, each followed by pooling, which keeps "
        "the largest of four values. Two fully connected layers with dropout lead to the ten outputs. Pixels are brought to mean "
        "zero and standard deviation one. Its steps have momentum. The report speaks of 100 epochs, and its Figure 6 shows ten: "
        "so does ours.",
        ("CNN baseline",),
        _curves((6, "CNN baseline")),
        _of("CNN baseline", times=False),
        (),
        code.of_the_cnn,
    ),
    "cnn-over-fitting": Section(
        "Over-fitting, again",
        "The comparison of few images and many, with the convolutional network. The report finds both gaps smaller than the MLP's, and "
        "lays it to kernels, which learn what lies near to what. Its training accuracies may have been taken with dropout on, which makes "
        "them look worse than they are; ours are of the network as it answers, with dropout off.",
        ("MLP small", "MLP full", "CNN small", "CNN full"),
        _curves((7, "CNN small"), (8, "CNN full")),
        _pair("CNN"),
    ),
    "cnn-testing": Section(
        "Testing, again",
        "The convolutional network that has learnt from all images, on the test images. How many the report had here it does not say: "
        "it is taken to be as many as for the MLP.",
        ("CNN full",),
        None,
        lambda runs, _: [rows.test_accuracy(runs, "CNN full")],
    ),
}


def draw(slug: str, runs: Runs, networks: Networks | None) -> None:
    """One section, from the runs that are there."""
    section = SECTIONS[slug]
    st.header(section.title, anchor=slug)
    missing = [name for name in section.needs if name not in runs]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(linked(section.words))
        for formula in section.formulas:
            st.latex(formula)
    with left if section.figure else right:
        if section.code:
            _code(slug, section.title, section.code)
    if networks is None or missing:
        st.info(f"Not trained here yet: {listed(missing or [FULL])}.")
        for name in missing or [FULL]:
            icon, settings = ":material/model_training:", to_query(REPORT[name])
            words = f"Watch {name} being trained" if is_live(name) else f"Train {name}"
            st.page_link("pages/train.py", label=f"**{words}**", icon=icon, query_params=settings)
        return
    if section.figure:
        with right if section.code else st.container():  # without code there is nothing beside it
            section.figure(runs, networks)
    states = tuple(runs[name].state_id for name in section.needs)
    table(slug, _rows(slug, states, runs, networks))


@st.fragment
def _code(slug: str, title: str, code: Callable[[], str]) -> None:
    """The lines that do it, sent when they are asked for: colouring them is a tenth of what the page has to draw."""
    folded = st.expander(
        f"Show the code: {title.lower()}", icon=":material/code:", on_change="rerun", key=f"code_{slug}"
    )
    if folded.open:
        folded.code(code(), language="python", wrap_lines=True)


@st.cache_data(max_entries=64, show_spinner=False)
def _rows(slug: str, states: tuple[str, ...], _runs: Runs, _networks: Networks) -> list[Row]:
    """The rows of a section, computed once for the states of the runs that it needs."""
    return SECTIONS[slug].rows(_runs, _networks)
