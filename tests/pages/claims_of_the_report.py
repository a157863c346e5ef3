"""What the page Report says, checked as in claims.py: the report's numbers against its text as it was handed in, line by line below,
and ours against what the saved networks answer."""

import gzip
import json
import re
from collections.abc import Callable

import numpy as np
from scipy import stats

from core.report.said import IMAGES
from core.search.recorded import FILE
from tests.pages.claims import CONSTANT, claim, count, number, percent, says, seconds
from tests.pages.claims_of_a_reading import change

# What the report says, in its words: “around 0.98” and the like, times in seconds, two test accuracies, and the matrix of its MLP.
ENDS = {
    "MLP baseline": ("0.925", None),
    "MLP small": ("0.98", "0.88"),
    "MLP full": ("0.98", "0.95"),
    "CNN baseline": ("0.9", None),
    "CNN small": ("0.9", "0.85"),
    "CNN full": ("0.99", "0.98"),
}
SECONDS = {"MLP small": 5.55, "MLP full": 87.94, "CNN small": 6.16, "CNN full": 87.66}
TEST = {"MLP full": 95.28, "CNN full": 98.68}
DIAGONAL = (98.16, 95.85, 96.86, 90.72, 96.07, 95.14, 96.39, 96.30, 95.06, 92.53)
THREES = {5: 3.41, 8: 2.08}
SETTINGS = {
    "MLP baseline": "batch 256, rate 0.001, 100 epochs, learning rate decay 0.97",
    "MLP small": "2,000 images, batch 64, rate 0.01, 70 epochs",
    "MLP full": "50,000 images, batch 64, rate 0.01, 70 epochs, weight decay 0.0001",
    "CNN baseline": "batch 256, rate 0.001, 10 epochs, weight decay 0.0001",
    "CNN small": "2,000 images, batch 64, rate 0.01, 70 epochs",
    "CNN full": "50,000 images, batch 64, rate 0.01, 70 epochs, dropout 0.5",
}
# How settings are written, and which they are.
WORDS = {
    r"([\d,]+) images": "train_size",
    r"batch (\d+)": "batch_size",
    r"(?<!learning )rate ([\d.]+)": "learning_rate",
    r"(\d+) epochs": "epochs",
    r"learning rate decay ([\d.]+)": "learning_rate_decay",
    r"weight decay ([\d.]+)": "weight_decay",
    r"dropout ([\d.]+)": "dropout",
}
FIGURES = {2: "MLP baseline", 3: "MLP small", 4: "MLP full", 6: "CNN baseline", 7: "CNN small", 8: "CNN full"}

CONSTANT |= {
    "An image of 784 pixels goes through 64 hidden neurons to ten outputs.",
    "L2 regularization adds a little of each weight to its gradient and so pulls it towards zero.",
    "The same network, once on the first 2,000 images and once on all 50,000.",
    "Here there are all 10,000 of MNIST.",
    "The report finds its network weakest with the 3s, which it takes for 5s and 8s, and with the 9s.",
    "The report finds a 2 among them.",
    "The weights of every hidden neuron as pictures of 28 by 28 pixels",
    "As in its Figure 5: what each of the 64 hidden neurons looks for.",
    "Six kernels of 5 by 5 pixels slide over the image, then sixteen over what they made of it, each followed by pooling, which keeps "
    "the largest of four values.",
    "The report speaks of 100 epochs, and its Figure 6 shows ten: so does ours.",
    "More than chance: the 95% interval of the difference leaves zero out.",
}


@claim("report", "As in its Figure 1: the first five training images, which are {labels@}.")
def _first_five(page, labels) -> None:
    assert re.findall(r"\d", labels) == [str(label) for label in page.shelf["MLP full"].mnist.y_train[:5]]


@claim("report", "Before training, the network says {digits@}.")
def _untrained(page, digits) -> None:
    facts = page.shelf["MLP full"]
    answers = facts.after(0).predict_proba(facts.mnist.x_train[:5]).argmax(axis=1)
    assert re.findall(r"\d", digits) == [str(answer) for answer in answers]


@claim("report", "As in its Figure {figure#}: {name@}, on {n#} images.")
def _figure(page, figure, name, n) -> None:
    assert FIGURES[int(figure)] == name
    count(n, page.shelf[name].config.train_size)


@claim("report", "After epoch {epoch#} it reads {training%} of them right, and {validation%} of the validation images.")
def _ends(page, epoch, training, validation) -> None:
    last = page.shelf[re.search(r"Figure \d: ([^,]+),", page.around)[1]].history[-1]
    count(epoch, last.epoch)
    percent(training, last.train_accuracy)
    percent(validation, last.val_accuracy)


@claim(
    "report",
    "The report does not say how many test images it had; its confusion matrix below gives it away: its percentages are whole numbers "
    "of images if there were {n#}, and then its diagonal counts exactly the {right#} that its test accuracy asks for.",
)
def _how_many(page, n, right) -> None:
    total = int(n.replace(",", ""))
    percent("95.28%", int(right.replace(",", "")) / total)
    for share in DIAGONAL:  # some number of images, near a tenth, of which it is a whole number
        assert any(abs(round(share / 100 * rows) / rows * 100 - share) < 0.005 for rows in range(400, 650))


CONSTANT |= {
    "Here it is redone, around its run on 2,000 images; each opens with its curves and what follows from them.",
    "| 50,000 images | the report itself | about 95% | 95.28% of 5,000, one run | |",
    "| 50,000 images | 64 hidden units with ReLU, by [Tim Cotten, 2025](https://github.com/tcotten-scrypted/"
    "persistent-stochastic-ablation-mlp/blob/main/results/psa_simplemlp_summary.md), the mean of 10 runs | | 96.74% | |",
    "All are of 64 hidden units, as the report's.",
    "Ours are means of 5 seeds, and behind ± is their standard deviation in points.",
}

# Its tables: what the row of a kind has to say, by what the row is about.

ROWS: dict[str, Callable[..., None]] = {}


def row_about(*expressions: str) -> Callable:
    """Register a check for rows that are about such things."""

    def register(check: Callable) -> Callable:
        ROWS.update(dict.fromkeys(expressions, check))
        return check

    return register


def check_report(page, table) -> None:
    """Hold every row of one of the report's tables against what its first cell is about."""
    for about, row in table.replace("\u00a0", " ", regex=True).iterrows():
        found = [(check, match) for expression, check in ROWS.items() if (match := re.fullmatch(expression, about))]
        assert len(found) == 1, f"{about!r}: {len(found)} checks"
        ((check, match),) = found
        try:
            check(page, row, **match.groupdict())
        except AssertionError as error:
            raise AssertionError(f"{about}: {[*row][:3]}: {error}") from error


def points(text: str, gap: float) -> None:
    """Hold “+1.50 points” against a difference of two shares."""
    says(re.match(r"\**([+−]?[\d.]+) points", text)[1], 100 * gap)


def apart(row, theirs: float, n_theirs: int, ours: float, n_ours: int) -> None:
    """Hold the verdict on two counted shares against the interval of their difference."""
    low, high = change(ours, theirs, n_ours, n_theirs)
    if row["So"] != "the same":
        points(row["So"], ours - theirs)
        assert row["So"].endswith("points: may be chance" if low <= 0 <= high else "points**, more than chance")
    assert (row["So"] == "the same") == (ours == theirs)


def gap_of(run) -> float:
    return 100 * (run.history[-1].train_accuracy - run.history[-1].val_accuracy)


def said_gap(name: str) -> float:
    training, validation = ENDS[name]
    return 100 * (float(training) - float(validation))


@row_about("Right among five images, before training")
def _among_five(page, row) -> None:
    facts = page.shelf["MLP full"]
    right = facts.after(0).predict_proba(facts.mnist.x_train[:5]).argmax(axis=1) == facts.mnist.y_train[:5]
    assert row["The report says"] == "0 of 5", "its Figure 1: 6, 6, 2, 5 and 2 for 7, 0, 1, 1 and 9"
    assert row["This run says"] == f"{right.sum()} of 5"
    assert (row["So"] == "the same") == (not right.any())


@row_about("Right among all test images, before training")
def _among_all(page, row) -> None:
    accuracy = page.shelf["MLP full"].answered(0, "test").accuracy
    percent(row["This run says"], accuracy)
    ends = stats.binomtest(round(accuracy * 10_000), 10_000).proportion_ci(method="wilson")
    assert (row["So"] == "as by guessing") == (ends.low <= 0.1 <= ends.high)


@row_about("W(?P<layer>[₁₂]): shape, and standard deviation")
def _start(page, row, layer) -> None:
    model = page.shelf["MLP full"].after(0)
    weights, inputs, deviation = (model.w1, 784, "0.00357") if layer == "₁" else (model.w2, 64, "0.0125")
    shape = " × ".join(map(str, weights.shape))
    assert row["The report says"] == f"{shape}, 0.1 / √{inputs} = {deviation}"
    there, found = row["This run says"].rsplit(", ", 1)
    assert there == shape
    says(found, float(np.std(weights, dtype=float)))
    # As often as not by chance: the variance of n normal numbers is chi-squared.
    n, spread = weights.size, (np.std(weights, dtype=float) / (0.1 / np.sqrt(inputs))) ** 2
    assert (row["So"][:2] == "as") == (0.001 < stats.chi2.cdf(n * spread, n - 1) < 0.999)


@row_about("b₁ and b₂")
def _biases(page, row) -> None:
    model = page.shelf["MLP full"].after(0)
    assert row["This run says"] == ("not zeros" if model.b1.any() or model.b2.any() else "zeros")
    assert (row["So"] == "the same") == (row["This run says"] == "zeros")


@row_about("(?P<name>.+): settings")
def _settings(page, row, name) -> None:
    assert row["The report says"] == SETTINGS[name]
    ours, config = row["This run says"], page.shelf[name].config
    for words, setting in WORDS.items():
        found = re.search(words, ours)
        assert bool(found) == bool(re.search(words, SETTINGS[name])), words
        assert found is None or number(found[1]) == getattr(config, setting), setting
    assert (row["So"] == "the same") == (ours == SETTINGS[name])


@row_about("(?P<name>.+): (?P<part>training|validation) accuracy at the end")
def _at_the_end(page, row, name, part) -> None:
    facts, text = page.shelf[name], ENDS[name][part == "validation"]
    theirs, half = float(text), 0.5 * 10 ** -len(text.partition(".")[2])
    ours = getattr(facts.history[-1], "train_accuracy" if part == "training" else "val_accuracy")
    assert row["The report says"].startswith("about ")
    percent(row["The report says"].removeprefix("about "), theirs)
    percent(row["This run says"], ours)
    low, high = (ours, ours)  # all of its training images are read
    if part == "validation":
        ends = stats.binomtest(round(ours * 10_000), 10_000).proportion_ci(method="wilson")
        low, high = ends.low, ends.high
    if row["So"].startswith("the same"):
        assert abs(ours - theirs) <= half + 1e-9
    elif row["So"].startswith("**"):
        points(row["So"], ours - theirs)
        assert low > theirs + half or high < theirs - half
    else:
        assert row["So"] == "no more than rounding and chance"
        assert low <= theirs + half
        assert high >= theirs - half


@row_about("MLP baseline: validation accuracy after epoch 70 and after epoch 100")
def _plateau(page, row) -> None:
    then, end = (page.shelf["MLP baseline"].history[epoch - 1].val_accuracy for epoch in (70, 100))
    assert row["The report says"] == "levels off around epoch 70"
    for text, accuracy in zip(row["This run says"].split(" and "), (then, end), strict=True):
        percent(text, accuracy)
    low, high = change(end, then, 10_000, 10_000)
    assert row["So"].startswith("so here, too" if low <= 0 <= high else "**not so here**")


# What tuning brings, from the file of recorded runs itself.

TUNED = {
    "the report's": {"activation": "sigmoid", "augmentation": 0},
    "the best found without augmentation": {"activation": "relu", "augmentation": 0},
    "the best found": {"activation": "relu"},
}


@claim(
    "report", "| {size#} images | {words@}: {settings@} | {validation%} ± {spread±} | {test%} ± {apart±} | Train it |"
)
def _tuned(page, size, words, settings, validation, spread, test, apart) -> None:
    lines = [json.loads(line) for line in gzip.decompress(FILE.read_bytes()).decode().splitlines()]
    own = [line for line in lines if line["test_accuracy"] is not None and line["config"]["train_size"] == number(size)]
    own = [line for line in own if all(line["config"][name] == value for name, value in TUNED[words].items())]
    if words == "the best found":
        own = [line for line in own if line["config"]["augmentation"]]
    assert len(own) == 5
    for mean, deviation, values in (
        (validation, spread, [line["history"][2][-1] for line in own]),
        (test, apart, [line["test_accuracy"] for line in own]),
    ):
        percent(mean, float(np.mean(values)))
        says(deviation, 100 * float(np.std(values, ddof=1)))


@row_about("(?P<name>.+): training time")
def _time(page, row, name) -> None:
    ours = page.shelf[name].checkpoint.total_seconds
    assert row["The report says"] == f"{SECONDS[name]} s"
    seconds(row["This run says"], ours)
    ratio = re.fullmatch(r"([\d.,]+)× as long, on another machine", row["So"])[1]
    assert float(f"{ours / SECONDS[name]:.1e}") == number(ratio)


@row_about("(?P<network>MLP|CNN): gap between training and validation, 2,000 and 50,000 images")
def _gaps(page, row, network) -> None:
    few, many = (gap_of(page.shelf[f"{network} {size}"]) for size in ("small", "full"))
    said = [said_gap(f"{network} {size}") for size in ("small", "full")]
    assert re.findall(r"\d+", row["The report says"]) == [f"{gap:.0f}" for gap in said]
    for text, gap in zip(re.findall(r"−?[\d.]+", row["This run says"]), (few, many), strict=True):
        says(text, gap)
    assert row["So"] == (
        "larger with few images: so here, too" if few > many else "**not so here**: not larger with few images"
    )


@row_about("Gap with (?P<size>2,000|50,000) images, by network")
def _gaps_of_networks(page, row, size) -> None:
    names = [f"{network} {'small' if size == '2,000' else 'full'}" for network in ("MLP", "CNN")]
    gaps = [gap_of(page.shelf[name]) for name in names]
    assert re.findall(r"(?:MLP|CNN) (\d+)", row["The report says"]) == [f"{said_gap(name):.0f}" for name in names]
    for text, gap in zip(re.findall(r"(?:MLP|CNN) (−?[\d.]+)", row["This run says"]), gaps, strict=True):
        says(text, gap)
    assert row["So"].endswith("so here, too") == (gaps[1] < gaps[0])


@row_about("Training time of the CNN, beside the MLP's, 50,000 images")
def _time_of_networks(page, row) -> None:
    ours = page.shelf["CNN full"].checkpoint.total_seconds / page.shelf["MLP full"].checkpoint.total_seconds
    for cell, ratio in (("The report says", SECONDS["CNN full"] / SECONDS["MLP full"]), ("This run says", ours)):
        assert number(re.fullmatch(r"([\d.,]+)× as long", row[cell])[1]) == float(f"{ratio:.1e}")
    assert row["So"].startswith("**not so here**") == (abs(np.log(ours)) >= np.log(1.15))


@row_about("(?P<name>MLP full|CNN full): test accuracy")
def _test_accuracy(page, row, name) -> None:
    facts = page.shelf[name]
    ours = facts.answered(len(facts.history), "test").accuracy
    says(row["The report says"], TEST[name])
    percent(row["This run says"], ours)
    apart(row, TEST[name] / 100, 5_000, ours, 10_000)


@row_about("MLP full: test accuracy when it was saved, and now that it has been loaded")
def _kept(page, row) -> None:
    facts = page.shelf["MLP full"]
    found = facts.checkpoint.test_accuracy, facts.answered(len(facts.history), "test").accuracy
    for text, accuracy in zip(row["This run says"].split(" and "), found, strict=True):
        percent(text, accuracy)
    assert row["So"].startswith("the same") == (round(1e4 * found[0]) == round(1e4 * found[1]))


@row_about(r"(?P<true>\d)s read right", r"3s taken for (?P<answer>\d)")
def _of_a_digit(page, row, true="3", answer="") -> None:
    facts = page.shelf["MLP full"]
    counts = facts.answered(len(facts.history), "test").matrix[int(true)]
    theirs = THREES[int(answer)] if answer else DIAGONAL[int(true)]
    says(row["The report says"], theirs)
    n = IMAGES[int(true)]
    ours = counts[int(answer or true)] / counts.sum()
    percent(row["This run says"], ours)
    apart(row, round(theirs / 100 * n) / n, n, ours, counts.sum())


@row_about("The two hardest digits")
def _hardest(page, row) -> None:
    facts = page.shelf["MLP full"]
    matrix = facts.answered(len(facts.history), "test").matrix
    shares = matrix.diagonal() / matrix.sum(axis=1)
    found = []
    for cell, of in (("The report says", np.array(DIAGONAL)), ("This run says", shares)):
        digits = [int(digit) for digit in re.findall(r"\d", row[cell])]
        assert sorted(of[digits]) == sorted(of)[:2]
        found.append({*digits})
    assert row["So"] == ("**others**", "one of them", "the same two")[len(found[0] & found[1])]


@row_about("Templates")
def _templates(page, row) -> None:
    assert row["The report says"] == "64"
    assert row["This run says"] == str(page.shelf["MLP full"].config.hidden_units)
    assert (row["So"] == "the same") == (row["This run says"] == "64")


@row_about("One that looks like a 2")
def _like_a_two(page, row) -> None:
    facts = page.shelf["MLP full"]
    mean = facts.mnist.x_train[facts.mnist.y_train == 2].mean(axis=0).ravel()
    alike = [stats.pearsonr(template, mean).statistic for template in facts.as_it_is.w1]
    said = re.fullmatch(r"neuron (\d+) most: correlation (−?[\d.]+) with the average 2", row["This run says"])
    assert said
    assert int(said[1]) == int(np.argmax(alike))
    says(said[2], max(alike))
