"""What sentences claim, and how to find out whether it is so: an expression for each kind of sentence, with its check.

`{name%}` in an expression stands for a percentage, `{name#}` for a count, `{name±}` for a number that may be below zero,
`{name~}` for a time, `{name&}` for the name of a run, `{name…}` for words without a digit and `{name@}` for any words, whose check
says which they may be; everything else is literal. A
check raises AssertionError where the sentence is not so. A sentence with a number in it that no expression fits is a mistake
in itself: whoever writes a new one says here how it can be checked.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import stats

from core.config import describe
from core.images.codes import chosen
from core.images.corruption import Corruption, corrupted
from core.naming import line_names, own_name
from tests.pages.shelf_of_all_kinds import LATER, WORKERS, Answered, Facts
from tests.pages.walk import Page

PLACEHOLDERS = {
    "%": r"[<>]? ?\d[\d,]*(?:\.\d+)?%",
    "#": r"\d[\d,]*",
    "±": r"[+−]?\d[\d,]*(?:\.\d+)?",
    "~": r"under 0\.1 s|\d+(?:\.\d+)? (?:h|min|s)(?: \d+ (?:min|s))?",
    "&": r".+?",
    "@": r".+?",
    "…": r"[^\d]*?",
}
HOLE = re.compile(rf"\{{(\w+)([{''.join(PLACEHOLDERS)}])\}}")


class Claim(NamedTuple):
    """A kind of sentence on some pages."""

    pages: tuple[str, ...]
    expression: re.Pattern
    names: tuple[str, ...]  # of its groups that are names of runs
    check: Callable[..., None]


CLAIMS: list[Claim] = []
OF_TABLES: dict[str, list[Callable]] = {}  # checks of the tables of a page


def claim(pages: str, *templates: str) -> Callable:
    """Register a check for sentences of these forms; `pages` are names with spaces between them."""

    def register(check: Callable) -> Callable:
        for template in templates:
            literal = [re.escape(part) if i % 3 == 0 else part for i, part in enumerate(HOLE.split(template))]
            names = tuple(name for name, kind in zip(literal[1::3], literal[2::3], strict=True) if kind == "&")
            expression, seen = literal[0], set()
            for name, kind, rest in zip(literal[1::3], literal[2::3], literal[3::3], strict=True):
                expression += (rf"(?P={name})" if name in seen else f"(?P<{name}>{PLACEHOLDERS[kind]})") + rest
                seen.add(name)
            CLAIMS.append(Claim(tuple(pages.split()), re.compile(expression), names, check))
        return check

    return register


def checked(page: Page, sentence: str) -> bool:
    """Whether a sentence is of a form that is known. Raises AssertionError where what it claims is not so."""
    if sentence in CONSTANT or SHAPES.fullmatch(sentence) or sentence in names(page):
        return True
    if settings(page, sentence) or is_listed(page, sentence):
        return True
    known, wrong = False, []
    for one in CLAIMS:
        found = one.expression.fullmatch(sentence) if page.page in one.pages else None
        if found is None:
            continue
        groups = {name: text for name, text in found.groupdict().items() if text is not None}
        called = names(page)
        if any(groups[name] not in called for name in one.names if name in groups):
            continue
        try:
            one.check(page, **{name: called[text] if name in one.names else text for name, text in groups.items()})
        except AssertionError as error:
            wrong.append(str(error))
            known = True
        else:
            return True
    assert not wrong, " / ".join(wrong)
    return known


def names(page: Page) -> dict[str, Facts]:
    """The runs of the shelf by what they are called."""
    return {own_name(facts.config): facts for facts in page.shelf.values()}


# What a number has to be, to the last digit that is written.


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("+", "").rstrip("%").strip())


def step(text: str) -> float:
    """What the last digit of a number counts."""
    return 10.0 ** -len(text.rstrip("%").partition(".")[2])


def says(text: str, value: float, what: str = "") -> None:
    """Hold a number against what it has to be."""
    assert np.isfinite(value), f"{what}: {text} for {value}"
    assert abs(number(text) - value) <= 0.5 * step(text) * 1.001 + 1e-9, f"{what}: {text}, but it is {value:.6g}"


def percent(text: str, share: float, what: str = "") -> None:
    """Hold a percentage against a share from 0 to 1. "> 99.9%" is more than that and no certainty, "100%" is nothing else."""
    written = number(text.strip("<> "))
    assert 0 <= written <= 100, f"{what}: {text}"
    if text.startswith(">"):
        assert 100 * share >= written - 1e-4, f"{what}: {text}, but it is {share:.6%}"
    elif text.startswith("<"):
        assert 100 * share <= written + 1e-4, f"{what}: {text}, but it is {share:.6%}"
    elif text in ("100%", "0%"):
        assert abs(100 * share - written) < 1e-9, f"{what}: {text}, but it is {share:.6%}"
    else:
        says(text, 100 * share, what)


def seconds(text: str, value: float, what: str = "") -> None:
    """Hold a time in words against one in seconds."""
    if text == "under 0.1 s":
        assert value < 0.05, f"{what}: {text}, but it is {value} s"
        return
    size = {"h": 3600, "min": 60, "s": 1}
    parts = re.findall(r"([\d.]+) (h|min|s)", text)
    total = sum(float(amount) * size[unit] for amount, unit in parts)
    least = 60 if "h" in text else 1 if "min" in text else step(parts[-1][0])
    assert abs(total - value) <= 0.501 * least, f"{what}: {text}, but it is {value} s"


def count(text: str, value: int, what: str = "") -> None:
    assert int(text.replace(",", "")) == value, f"{what}: {text}, but it is {value:,}"


def interval(low: str, high: str, right: float, n: int) -> None:
    """Hold the ends of a 95% interval against Wilson's: a share that lies 1.96 of its own standard deviations away."""
    ends = stats.binomtest(round(right * n), n).proportion_ci(method="wilson")
    percent(low, ends.low, "low end of the interval")
    percent(high, ends.high, "high end of the interval")


def is_chance(text: str, p: float) -> None:
    """Hold the words of a p-value, "p = 0.03" or "p < 0.0001", against it."""
    sign, written = re.fullmatch(r"p ([=<]) ([\d.]+)", text).groups()
    assert p < float(written) if sign == "<" else abs(p - float(written)) <= 0.501 * step(written), f"{text}: {p}"


# What every page has: settings, and sentences whose numbers are the same for every run.

CONSTANT = {
    # home
    "MNIST: 70,000 digits written by hundreds of people, 28 by 28 pixels each.",
    "The networks learn from up to 50,000, are watched on 10,000 they never learn from (validation), and are judged on 10,000 "
    "more at the very end (test).",
    "The mean image of each digit, 0 to 9",
    "Blurred means people disagree: compare the 1 with the 4.",
    # train
    "How many images the network learns from: the first so many of MNIST's 50,000.",
    "It makes a network that reads other people's hands better; 0 is off, as in the report.",
    "Early stopping: training ends before its last epoch when validation accuracy has not risen for so many epochs; 0 is off.",
    "The share of each batch that is drawn, stroke by stroke, instead of taken from MNIST: digits in the styles of several countries, by "
    "pens of any width, and things that are no digits, of which it learns to be unsure; 0 is none.",
    "L2: pulls every weight towards zero, so that none grows without need.",
    "Accuracy on 10,000 images that it never learned from.",
    "On the validation images, how little probability is left for the true digit: 0 is the best, and one tenth for every digit would "
    "make 2.30 nats.",
    "After every epoch, on the images that the network learns from (training) and on 10,000 that it never learns from "
    "(validation).",
    "Loss: how little probability is left for the true digit: 0 is the best, and one tenth for every digit would make 2.30 nats.",
    "The first layer's weights, one 28 by 28 picture for each hidden neuron",
    "Each square is one neuron's 784 weights.",
    "The share of MNIST's 10,000 test images that it reads right; they were kept for this.",
    "Below it the 95% interval (Wilson's formula): other images of the same kind may well give any accuracy from the one to the "
    "other.",
    # over-fitting
    "MLP: Figures 3 and 4",
    "CNN: Figures 7 and 8",
    "Each network learns from the first so many of MNIST's 50,000 images.",
    "Dashed: 10,000 that it never learns from (validation).",
    "It does not over-fit to speak of with any of these sizes: a gap below 1 point is not called that.",
    # runs
    "a name, tanh, batch 256 …",
    "Dashed: on 10,000 that it never learned from.",
    # confusion
    "Test: 10,000 images that judge a network at the very end.",
    "Validation: 10,000 that it was watched on.",
    "In brackets: the 95% interval, in which the share may well lie on other images of the same kind.",
    "MNIST's 10,000 test images are counted from 0.",
    "MNIST's 60,000 training images are counted from 0; the last 10,000 of them validate here.",
    "F1: both in one number, their harmonic mean.",
    "Beside each its 95% interval, in which it may well lie on other images of the same kind.",
    "That is p; below 5% it is taken for more than chance.",
    "Lines: 95% intervals.",
    "The share of the images that is read right, and its 95% interval, in which it may well lie on other images of the same kind.",
    "0 is perfect, ten equal probabilities cost 2.30, and being wrong and sure costs most.",
    "How far confidence and accuracy are apart, on average over all answers, which are put into 15 groups by their confidence "
    "for that (known as the expected calibration error).",
    "0 is perfect.",
    "Larger dots are more answers, lines are 95% intervals.",
    "Those of the report that were trained on all 50,000 images.",
    "Below 5% it is taken for more than chance; for single digits below 0.5%, as there are ten.",
    "As 45 pairs of digits are looked at, p has to be below 0.0011, which is 5% shared among 45.",
    "An empty cell has not changed by 0.05 points.",
    "In each chart one kind of corruption alone, on 2,000 of them, every fifth: so even without corruption it may be about a point off "
    "the numbers.",
    "Each shows the share that is read right, with its 95% interval, and a rule where the slider stands.",
    # weights
    "Measured on the 10,000 test images.",
    "Says nothing: its activation is nearly the same on all of them (its standard deviation is below 0.01).",
    "Dead: besides that, on at least 95% of them its curve is so flat that it learns next to nothing.",
    "MNIST's 10,000 test images are numbered from 0.",
    "0 to 9,999",
    "A logit is the number that the network gives to a digit, before softmax turns the ten into probabilities: one more makes "
    "the digit 2.7 times as probable beside another.",
    "How a neuron's part is shared out among its pixels, their attribution, is a choice, since its activation is no straight line: by weight times ink, "
    "from blank paper on (the rescale rule of DeepLIFT, Shrikumar et al., 2017).",
    "The largest logit is subtracted from all ten, which changes no share and keeps exp from growing too large to compute; "
    "exp(x), which is 2.718 to the power of x, makes them positive; and each one's share of their sum is the probability of its "
    "digit.",
    "At 1 they vary as much as the weights of the layer themselves do.",
    "As it was drawn: 0 is paper, 255 is ink.",
    "Of each 2 × 2 places only the strongest is kept: where exactly something is no longer matters.",
    "Softmax makes ten shares of them that sum to 1.",
    "On the scale, +1 stands for 2.7 times less probable, +2.3 for ten times.",
    # sketch
    "28 × 28 pixels, as the networks receive them",
    "“Not sure”: less than 50%, or than the network gives to 99 in 100 digits that were drawn for it.",
    "Its ten probabilities sum to 100%.",
    "Keeps these 28 × 28 pixels and their strokes here, for everybody.",
    "Keeps these 28 × 28 pixels here, for everybody.",
    "The longer side gets 20 pixels, with soft edges.",
    "The centre of mass moves to the middle of 28 × 28.",
    "Centred: The centre of mass moves to the middle of 28 × 28.",
    "Scaled: The longer side gets 20 pixels, with soft edges.",
}
# What a layer of the report's CNN makes, and controls whose choices are numbers.
SHAPES = re.compile(
    r"(\w+( image [\d,]+| drawing)?|ReLU) · (28 × 28|6 × 24 × 24|6 × 12 × 12|16 × 8 × 8|16 × 4 × 4)|fc1 · 120 units|fc2 · 84 units"
    r"|(\w+ of \w+: )(28 × 28|6 × 24 × 24|6 × 12 × 12|16 × 8 × 8|16 × 4 × 4)|The (120 units of fc1|84 units of fc2)"
    r"|(neuron|filter|Neuron|Filter) \d+|conv\d(, filter \d+)?|\d|No\. \d|Its weights(, |: \d+ kernels of )5 × 5\."
)


def first(page: Page) -> Facts:
    return page.looks[0].facts


def now(page: Page, place: int = 0) -> Answered:
    return page.looks[place].answered(page.part)


def settings(page: Page, text: str) -> bool:
    """Whether these are the settings of a run that the page is about, or of one that nobody has trained."""
    known = [look.facts.config for look in page.looks] + list(LATER.values()) * (not page.looks)
    return text in [describe(config) for config in known]


def is_listed(page: Page, text: str) -> bool:
    """Whether a text says what a run of the page is called, alone or in a legend beside others: name and differing settings."""
    configs = [look.facts.config for look in page.looks] or list(LATER.values())
    return text in [own_name(config) for config in configs] or text in line_names(configs, {})


# Train, and what the page Runs says of a run.


@claim(
    "train",
    "Early stopping ended it after epoch {end#} of at most {most#}: its validation accuracy was highest after epoch {best#}, "
    "{right%}, and not higher in {patience#} epochs since.",
)
def _ended_early(page, end, most, best, right, patience) -> None:
    accuracies = [event.val_accuracy for event in first(page).history]
    count(end, len(accuracies))
    count(most, first(page).config.epochs)
    assert len(accuracies) < first(page).config.epochs
    count(best, 1 + accuracies.index(max(accuracies)))
    percent(right, max(accuracies))
    count(patience, len(accuracies) - int(best))


@claim("train runs", "Stopped after epoch {epoch#} of {epochs#}", "All of this after epoch {epoch#} of {epochs#}.")
@claim("train", "The first five test images, before training and after epoch {epoch#} of {epochs#}")
@claim("train", "What the hidden neurons look for, after epoch {epoch#} of {epochs#}")
@claim(
    "train",
    "What the network takes each image for (✓ is right), and the probability that it gives to this answer: first with its "
    "random weights, then as it was after epoch {epoch#} of {epochs#}.",
)
def _how_far(page, epoch, epochs) -> None:
    facts = first(page)
    assert facts.status == "stopped", f"said of a run that is {facts.status}"
    assert facts.history, "said of a run that has done no epoch"
    count(epoch, len(facts.history), "epochs so far")
    count(epochs, facts.config.epochs, "epochs in all")


@claim("train", "Stopped before the end of epoch {epoch#} of {epochs#}")
@claim("runs", "{name@}: stopped before the end of epoch {epoch#} of {epochs#}.")
def _stopped_within_its_first_epoch(page, epoch, epochs, name=None) -> None:
    facts = _called(page, name) if name else first(page)
    assert facts.status == "stopped", f"said of a run that is {facts.status}"
    assert not facts.history
    count(epoch, 1)
    count(epochs, facts.config.epochs, "epochs in all")


@claim("train", "What the hidden neurons look for, when it was stopped, within epoch {epoch#} of {epochs#}")
def _within(page, epoch, epochs) -> None:
    facts = first(page)
    assert facts.status == "stopped"
    assert facts.checkpoint.step > 0, "it was stopped between two epochs"
    count(epoch, len(facts.history) + 1, "the epoch that is going on")
    count(epochs, facts.config.epochs, "epochs in all")


@claim("train", "Accuracy on the {n#} images that it learned from.")
def _learned_from(page, n) -> None:
    count(n, first(page).config.train_size)


@claim("train", "A handwritten {digit#}")
def _of_the_first_five(page, digit) -> None:
    assert int(digit) in first(page).images("test")[1][:5]


@claim("train", "{before#} {mark…} → {after#} {then…}")
def _first_five(page, before, mark, after, then) -> None:
    said = [(int(b), m, int(a), t) for b, m, a, t in re.findall(r"(\d) ([✓✗]) → (\d) ([✓✗])", page.words)]
    facts = first(page)
    images, labels = (array[:5] for array in facts.images("test"))
    answers = [network.predict_proba(images).argmax(axis=1) for network in (facts.after(0), facts.as_it_is)]
    marks = [
        ["✗✓"[int(answer == label)] for answer, label in zip(answered, labels, strict=True)] for answered in answers
    ]
    assert said == list(zip(answers[0], marks[0], answers[1], marks[1], strict=True)), f"{said}, but {answers}"


@claim("train", "sure: {before%} → {after%}")
def _first_five_sure(page, before, after) -> None:
    facts = first(page)
    images = facts.images("test")[0][:5]
    sure = [network.predict_proba(images).max(axis=1) for network in (facts.after(0), facts.as_it_is)]
    _one_of(lambda b, a: (percent(before, b), percent(after, a)), zip(*sure, strict=True), f"{before} → {after}")


def _one_of(check: Callable, candidates, what: str) -> None:
    """Whether a check holds for one of several, where a text does not say which it is about."""
    for candidate in candidates:
        try:
            check(*candidate)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{what} is true of none")


@claim("train", "Trained in {time~} on {machine@}.", "Trained for {time~} so far, on {machine@}.")
def _trained(page, time, machine) -> None:
    facts = first(page)
    assert ("so far" in page.around) == (facts.status == "stopped"), f"it is {facts.status}"
    seconds(time, facts.checkpoint.total_seconds, "training")
    about = facts.checkpoint.about
    assert machine == f"{about['machine']} ({about['device']})", machine


@claim("train", "Its name in links and files is {key@}.")
def _key(page, key) -> None:
    assert key == first(page).key


def _val_accuracy(page: Page, epoch: str, epochs: str, right: str) -> Facts:
    """Which run of the page this is true of."""
    for look in page.looks:
        facts = look.facts
        end = facts.history[-1] if facts.history else None
        if end and (int(epoch), int(epochs)) == (end.epoch, facts.config.epochs):
            try:
                percent(right, end.val_accuracy)
            except AssertionError:
                continue
            return facts
    raise AssertionError(f"no run here reads {right} of the validation images after epoch {epoch} of {epochs}")


@claim("train runs", "After epoch {epoch#} of {epochs#} it reads {right%} of the 10,000 validation images right.")
def _reads(page, epoch, epochs, right) -> None:
    _val_accuracy(page, epoch, epochs, right)


@claim(
    "train runs",
    "After epoch {epoch#} of {epochs#} it reads {right%} of the 10,000 validation images right; always to say their commonest "
    "digit would get {chance%}.",
)
def _chance(page, epoch, epochs, right, chance) -> None:
    facts = _val_accuracy(page, epoch, epochs, right)
    percent(chance, np.bincount(facts.images("validation")[1]).max() / 10_000, "the commonest digit")


@claim(
    "train runs",
    "Its loss on them is {loss±}, where one tenth for every digit would make 2.30: it is sure of answers that are wrong.",
)
def _loss(page, loss) -> None:
    ends = [look.facts.history[-1] for look in page.looks if look.facts.history]
    _one_of(lambda end: says(loss, end.val_loss), [(end,) for end in ends if end.val_loss > np.log(10)], f"loss {loss}")


@claim(
    "train runs overfitting",
    "Diverged at epoch {epoch#}: the learning rate {rate±} is too high for a {what…} of {n#} {images…}.",
)
def _diverged(page, epoch, rate, what, n, images) -> None:
    failed = [look.facts for look in page.looks if look.facts.status == "failed"]
    assert failed, "no run here has diverged"
    true = [
        facts
        for facts in failed
        if (int(epoch), float(rate), int(n))
        == (len(facts.history) + 1, facts.config.learning_rate, facts.config.batch_size)
    ]
    assert true, f"{[(len(facts.history), facts.config) for facts in failed]}"
    assert (images == "image") == (int(n) == 1)


# Metrics: "label: number", and "label, what stands below it".


@claim("train", "Test accuracy: {right%}")
def _test_accuracy(page, right) -> None:
    facts = first(page)
    assert facts.finished, f"a test accuracy of a run that is {facts.status}"
    percent(right, facts.answered(len(facts.history), "test").accuracy, "test accuracy")


@claim("train", "Test accuracy, {low%} to {high%}")
def _test_interval(page, low, high) -> None:
    facts = first(page)
    interval(low, high, facts.answered(len(facts.history), "test").accuracy, 10_000)


@claim("train", "Training: {right%}")
def _training(page, right) -> None:
    percent(right, first(page).history[-1].train_accuracy)


@claim("train", "Validation: {right%}")
def _validation(page, right) -> None:
    percent(right, first(page).history[-1].val_accuracy)


@claim("train", "Validation loss: {loss±}")
def _validation_loss(page, loss) -> None:
    says(loss, first(page).history[-1].val_loss)


@claim("train", "Gap: {gap±} points")
def _gap(page, gap) -> None:
    end = first(page).history[-1]
    says(gap, (end.train_accuracy - end.val_accuracy) * 100)


@claim("train", "Time: {time~}")
def _time(page, time) -> None:
    seconds(time, first(page).checkpoint.total_seconds)


@claim("train", "Parameters: {n#}")
def _parameters(page, n) -> None:
    (config,) = LATER.values()
    units = config.hidden_units
    count(n, 784 * units + units + 10 * units + 10)


@claim("train", "Steps per epoch: {n#}")
def _steps(page, n) -> None:
    (config,) = LATER.values()
    count(n, -(-config.train_size // config.batch_size))


@claim("train", "Expected time: about {time~}")
@claim("runs", "It takes about {time~}.")
def _expected(page, time) -> None:
    """Of a run of 500 images and two epochs, which is a matter of well below ten seconds."""
    assert time.endswith(" s"), time


@claim("train", "Scaled from a finished run on {machine@}: {settings@}.")
def _scaled(page, machine, settings) -> None:
    finished = [facts for facts in page.shelf.values() if facts.finished and facts.network == "mlp"]
    assert settings in [describe(facts.config) for facts in finished], settings


# Over-fitting


def _panel(page: Page, network: str, size: str) -> list[Facts]:
    """The runs of a panel that have come to anything, one for each seed."""
    config = network.lower(), int(size.replace(",", ""))
    found = [look.facts for look in page.looks if (look.facts.network, look.facts.config.train_size) == config]
    return [facts for facts in found if facts.history and facts.status != "failed"]


def _mean(runs: list[Facts], name: str) -> float:
    """Of accuracies, or of the gap in points, after each run's last epoch."""
    ends = [facts.history[-1] for facts in runs]
    assert ends, "no run of it has come to anything"
    values = {
        "training": [end.train_accuracy for end in ends],
        "validation": [end.val_accuracy for end in ends],
        "gap": [100 * (end.train_accuracy - end.val_accuracy) for end in ends],
        "seconds": [facts.checkpoint.total_seconds for facts in runs],
    }
    return float(np.mean(values[name]))


def _network(page: Page) -> str:
    """Which network a paragraph is about."""
    return re.search(r"\bthe (MLP|CNN)\b", page.around)[1]


@claim("overfitting", "{network…}, {size#} images")
def _heading(page, network, size) -> None:
    assert network in ("MLP", "CNN")
    assert network.lower() in page.query.get("networks", "mlp")
    assert size.replace(",", "") in page.query.get("sizes", "2000,50000").split(",")


PANEL = "training {training%}, validation {validation%}, gap {gap±} points, {time~}"


@claim("overfitting", PANEL, f"{PANEL}, like chance", f"{PANEL}, {{chance#}} like chance")
@claim(
    "overfitting",
    f"{PANEL} (means of {{seeds#}} seeds)",
    f"{PANEL} (means of {{seeds#}} seeds), {{chance#}} like chance",
)
@claim(
    "overfitting",
    f"{PANEL} (means of {{seeds#}} seeds) · {{open#}} not trained yet",
    f"{PANEL} · {{open#}} not trained yet",
)
@claim("overfitting", f"After epoch {{epoch#}} of {{epochs#}}: {PANEL} · stopped after epoch {{epoch#}} of {{epochs#}}")
@claim(
    "overfitting",
    f"After epoch {{epoch#}} of {{epochs#}}: {PANEL} · {{n#}} stopped after epoch {{epoch#}} of {{epochs#}}, {{open#}} not "
    "trained yet",
)
def _below_a_panel(
    page, training, validation, gap, time, chance="0", seeds="1", open="0", epoch="", epochs="", n="1"
) -> None:
    """It does not say of which panel it is, so it has to be true of one."""

    def of(runs: list[Facts]) -> None:
        percent(training, _mean(runs, "training"))
        percent(validation, _mean(runs, "validation"))
        says(gap, _mean(runs, "gap"))
        seconds(time, _mean(runs, "seconds"))
        assert len(runs) == int(seeds)
        assert len(runs) + int(open) == int(page.query.get("seeds", "1"))
        assert all(facts.finished for facts in runs) == (not epoch)
        if epoch:
            count(epoch, len(runs[0].history))
            count(epochs, runs[0].config.epochs)
            assert int(n) == 1

    places = {(look.facts.network, f"{look.facts.config.train_size}") for look in page.looks}
    panels = [_panel(page, *place) for place in places]
    _one_of(of, [(runs,) for runs in panels if runs], page.around)


@claim(
    "overfitting",
    "{n#} not trained yet",
    "diverged · {error@}",
    "{n#} of {all#} runs {are…} done, and {failed#} did not finish: see below why.",
)
def _states(page, n="", error="", all="", are="", failed="") -> None:
    seeds = int(page.query.get("seeds", "1"))
    if error:
        assert error in [look.facts.error for look in page.looks]
    elif failed:
        count(failed, sum(look.facts.status == "failed" for look in page.looks))
        count(n, sum(look.facts.finished for look in page.looks))
        count(all, len(page.looks))
        assert are == ("is" if n == "1" else "are"), "one, or several"
    else:
        count(n, seeds)


@claim("overfitting", "Train {n#} missing run{s…}", "Train {n#} run{s…} to the end")
def _missing(page, n, s) -> None:
    query = page.query
    wanted = (
        len(query.get("networks", "mlp").split(","))
        * len(query.get("sizes", ",").split(","))
        * int(query.get("seeds", 1))
    )
    count(n, wanted - sum(look.facts.status in ("done", "failed") for look in page.looks))
    assert (s == "") == (n == "1")


@claim(
    "overfitting", "done in about {time~}, up to {workers#} at a time", "done in a moment, up to {workers#} at a time"
)
def _will_take(page, workers, time="") -> None:
    count(workers, WORKERS)


READS = (
    "With {size#} images the {network…} reads {training%} of them right, and {validation%} of the 10,000 validation images: "
    "{words…} {gap±} points"
)
AND = "; with {size%d#}, {training%d%%} and {validation%d%%}: {words%d…} {gap%d±} points"


@claim(
    "overfitting",
    *(
        READS + "".join(AND % ((i,) * 5) for i in range(n)) + end
        for n in range(3)
        for end in (".", " (means of {seeds#} seeds).")
    ),
)
@claim(
    "overfitting",
    *(
        READS.replace("{words…} {gap±} points", "no gap ({gap±} points)")
        + "".join(AND % ((i,) * 5) for i in range(n))
        + "."
        for n in range(3)
    ),
)
@claim(
    "overfitting", (READS + AND.replace("{words%d…} {gap%d±} points", "no gap ({gap%d±} points)") % ((0,) * 4) + ".")
)
def _reads_right(page, size, network, training, validation, gap, words="no gap", seeds="1", **others) -> None:
    told = [(size, training, validation, gap, words)]
    told += [
        (
            others[f"size{i}"],
            others[f"training{i}"],
            others[f"validation{i}"],
            others[f"gap{i}"],
            others.get(f"words{i}", "no gap"),
        )
        for i in range(len([name for name in others if name.startswith("size")]))
    ]
    for images, of_own, of_new, points, saying in told:
        runs = _panel(page, network, images)
        percent(of_own, _mean(runs, "training"), f"{network} {images}, training")
        percent(of_new, _mean(runs, "validation"), f"{network} {images}, validation")
        says(points, _mean(runs, "gap"), f"{network} {images}, gap")
        assert all(facts.finished for facts in runs), "the end of a run that is not at its end"
        assert len(runs) == int(seeds), f"{len(runs)} seeds"
        assert saying == ("a gap of" if number(points) > 0 else "no gap"), saying


def _sizes_in(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*", re.sub(r"each of these sizes|any of", "", text))


@claim(
    "overfitting",
    "It over-fits with {sizes@} images: it reads its own images better than new ones, by more than chance.",
)
def _over_fits(page, sizes) -> None:
    for size in _sizes_in(sizes):
        runs = _panel(page, _network(page), size)
        gap, n = _mean(runs, "gap") / 100, int(size.replace(",", "")) * len(runs)
        own, new = _mean(runs, "training"), _mean(runs, "validation")
        spread = np.sqrt(own * (1 - own) / n + new * (1 - new) / 10_000)
        assert gap > 1.6 * spread, f"{size}: a gap of {gap:.2%}, ± {1.96 * spread:.2%}"
        assert own > 0.5, f"it has not learnt its own {size} images: {own:.1%}"


@claim("overfitting", "It does not over-fit to speak of with {sizes@} images: a gap below 1 point is not called that.")
def _does_not_over_fit(page, sizes) -> None:
    for size in _sizes_in(sizes):
        runs = _panel(page, _network(page), size)
        assert _mean(runs, "gap") < 1
        assert _mean(runs, "training") > 0.5


@claim(
    "overfitting",
    "With {sizes@} images the gap may be chance: the accuracies are not known that well from so few images.",
    "With {sizes@} images the gaps may be chance: the accuracies are not known that well from so few images.",
    "With {sizes@} images the gap may be chance: with some seeds there is none.",
)
def _may_be_chance(page, sizes) -> None:
    for size in _sizes_in(sizes):
        runs = _panel(page, _network(page), size)
        own, new = _mean(runs, "training"), _mean(runs, "validation")
        spread = np.sqrt(own * (1 - own) / int(size.replace(",", "")) + new * (1 - new) / 10_000)
        some = any(facts.history[-1].train_accuracy <= facts.history[-1].val_accuracy for facts in runs)
        assert own - new < 3 * spread or some, f"{size}: a gap of {own - new:.2%}, ± {1.96 * spread:.2%}"


@claim(
    "overfitting",
    "The gap {verb…} with more data: {a±} points with {size#} images and {b±} points with {larger#}.",
    "The validation accuracy {verb…} with more data: {a%} with {size#} images and {b%} with {larger#}.",
)
def _trend(page, verb, a, b, size, larger) -> None:
    what, check = ("validation", percent) if a.endswith("%") else ("gap", says)
    low, high = (_mean(_panel(page, _network(page), n), what) for n in (size, larger))
    check(a, low)
    check(b, high)
    assert {"grows": 1, "rises": 1, "shrinks": -1, "falls": -1}[verb] == np.sign(high - low), f"{low} to {high}"
    difference = abs(high - low) / (100 if what == "gap" else 1)
    assert difference > 0.005, "no difference to speak of"


@claim(
    "overfitting",
    "The gap is the same as far as these runs can tell: {a±} points with {size#} images and {b±} points with {larger#}; {why@}.",
    "The validation accuracy is the same as far as these runs can tell: {a%} with {size#} images and {b%} with {larger#}; {why@}.",
)
def _no_trend(page, a, b, size, larger, why) -> None:
    what, check = ("validation", percent) if a.endswith("%") else ("gap", says)
    one, other = (_panel(page, _network(page), n) for n in (size, larger))
    check(a, _mean(one, what))
    check(b, _mean(other, what))
    if "seeds" in why:
        assert max(len(one), len(other)) > 1, "one seed has no spread"
    else:
        assert why == "that may be chance: accuracies on so many images are not known more closely (95% interval)", why
        least = min(int(n.replace(",", "")) for n in (size, larger))
        assert abs(_mean(one, what) - _mean(other, what)) / (100 if what == "gap" else 1) < 3 / np.sqrt(least)


@claim(
    "overfitting",
    "With {sizes@} images it has hardly learnt: it reads {shares@} of its own images right, so there {what…} about over-fitting.",
    "With {sizes@} it has hardly learnt: it reads {shares@} of its own images right, so there {what…} about over-fitting.",
)
def _hardly_learnt(page, sizes, shares, what) -> None:
    means = [_mean(_panel(page, _network(page), size), "training") for size in _sizes_in(sizes)]
    assert all(mean < 0.5 for mean in means), f"{means}"
    for share, mean in zip(re.findall(r"[\d.]+%", shares), means, strict=True):
        percent(share, mean)


@claim(
    "overfitting",
    "With {size#} images it has learnt nothing: it answers like chance ({share%} of the validation images).",
)
def _learnt_nothing(page, size, share) -> None:
    mean = _mean(_panel(page, _network(page), size), "validation")
    percent(share, mean)
    assert mean < 0.115


@claim(
    "overfitting",
    "Between the two, training accuracy changes by {training±} points and validation accuracy by {validation±}.",
)
def _between(page, training, validation) -> None:
    sizes = re.search(
        r"gap \**(?:grows|shrinks) with more data\**: .*? with ([\d,]+) images and .*? with ([\d,]+)", page.around
    )
    one, other = (_panel(page, _network(page), size) for size in sizes.groups())
    says(training, 100 * (_mean(other, "training") - _mean(one, "training")))
    says(validation, 100 * (_mean(other, "validation") - _mean(one, "validation")))


NOT_AT_ITS_END = (
    "stopped after epoch {epoch#} of {epochs#}): after epoch {epoch#} of {epochs#} it reads {training%} of them right, and "
    "{validation%} of the validation images, which is compared with nothing here."
)


@claim(
    "overfitting",
    f"With {{size#}} images the {{network…}} is not at its end ({NOT_AT_ITS_END}",
    f"With {{size#}} images the {{network…}} is not at its end ({{n#}} {NOT_AT_ITS_END}",
)
def _not_at_its_end(page, size, network, epoch, epochs, training, validation, n="1") -> None:
    (facts,) = _panel(page, network, size)
    assert facts.status == "stopped"
    assert facts.history, "said of a run that has done no epoch"
    count(epoch, len(facts.history))
    count(epochs, facts.config.epochs)
    percent(training, facts.history[-1].train_accuracy)
    percent(validation, facts.history[-1].val_accuracy)


@claim("overfitting", "With {size#} images the {network…} did not finish.")
def _did_not_finish(page, size, network) -> None:
    config = network.lower(), int(size.replace(",", ""))
    assert [
        look
        for look in page.looks
        if (look.facts.network, look.facts.config.train_size) == config and look.facts.status == "failed"
    ]


# Runs


@claim("runs", "{name@} · {n#} seeds")
def _seeds_ticked(page, name, n) -> None:
    assert {*seeds_of(page, name)} >= {look.facts for look in page.looks}
    count(n, len(page.looks))


@claim("runs", "{n#} runs side by side", "Delete {some#} of {n#}", "Delete all {some#}")
def _ticked(page, n="", some="") -> None:
    if n:
        count(n, len(page.looks))
    if some:
        count(some, sum(not look.facts.run.committed or look.facts.status == "failed" for look in page.looks))


@claim("runs", "{name@}: stopped after epoch {epoch#} of {epochs#}.")
def _was_stopped(page, name, epoch, epochs) -> None:
    facts = _called(page, name)
    assert facts.status == "stopped"
    assert facts.history, "said of a run that has done no epoch"
    count(epoch, len(facts.history))
    count(epochs, facts.config.epochs)


@claim("runs", "{name@}: Diverged at epoch {rest@}")
def _has_diverged(page, name, rest) -> None:
    assert _called(page, name).error == f"Diverged at epoch {rest}"


VERDICTS = {
    "It has learnt nothing: it answers like chance.": lambda end: end.val_accuracy < 0.115,
    "It has learnt nothing so far: it answers like chance.": lambda end: end.val_accuracy < 0.115,
    "Most of its answers are wrong.": lambda end: end.val_accuracy < 0.5,
    "It is sure and wrong.": lambda end: end.val_loss > 1.5 * np.log(10),
}


@claim("runs", *(f"{{name@}}: {verdict}" for verdict in VERDICTS))
def _verdict(page, name) -> None:
    (words,) = [words for words in VERDICTS if f"{name}: {words}" in page.words]
    end = _called(page, name).history[-1]
    assert VERDICTS[words](end), f"{end}"


def _called(page: Page, name: str) -> Facts:
    """The run of the page that is called so, in a legend or anywhere."""
    facts = [look.facts for look in page.looks]
    configs = [one.config for one in facts]
    called = dict(zip(line_names(configs, {}), facts, strict=True)) | {own_name(one.config): one for one in facts}
    assert name in called, f"no run here is called {name}"
    return called[name]


@claim("runs", "{name@} · {settings@}")
def _not_there(page, name, settings) -> None:
    (config,) = LATER.values()
    assert (name, settings) == (own_name(config), describe(config))


# Confusion


def _images(page: Page, part: str) -> None:
    assert part == page.part, f"{part} images, but the page is about {page.part} images"


@claim("confusion", "{right%} ({low%} to {high%}) of 10,000 {part…} images are read right, {wrong#} {are…} not.")
def _overall(page, right, low, high, part, wrong, are) -> None:
    _images(page, part)
    percent(right, now(page).accuracy)
    interval(low, high, now(page).accuracy, 10_000)
    count(wrong, int((~now(page).right).sum()))
    assert are == ("is" if wrong == "1" else "are")


@claim("confusion", "The answer to every image is {digit#}.")
def _always(page, digit) -> None:
    assert set(now(page).digits) == {int(digit)}


@claim("confusion", "The answer is never {digits@}.")
def _never(page, digits) -> None:
    assert set(map(int, re.findall(r"\d", digits))) == set(range(10)) - set(now(page).digits)


@claim(
    "confusion weights",
    "No better than guessing, as far as 10,000 images can tell: whoever always answers {digit#} is right on {share%} of them.",
)
def _guessing(page, digit, share) -> None:
    answered, counts = now(page), np.bincount(now(page).labels)
    assert int(digit) == counts.argmax()
    percent(share, counts.max() / 10_000)
    assert answered.accuracy < counts.max() / 10_000 + 0.01


@claim("confusion", "No better than guessing: {names@}.")
def _guess(page, names) -> None:
    guess = [i for i in range(2) if now(page, i).accuracy < np.bincount(now(page, i).labels).max() / 10_000 + 0.01]
    assert all(own_name(page.looks[i].facts.config) in names for i in guess), names
    assert guess


@claim("confusion", "{some#} of {n#} {digit#}s {are…} read right: {share%} ({low%} to {high%}).")
def _right_cell(page, some, n, digit, are, share, low, high) -> None:
    _cell(page, some, n, digit, digit, share, low, high)


@claim("confusion", "{some#} of {n#} {true#}s {are…} taken for {read#}: {share%} ({low%} to {high%}).")
def _wrong_cell(page, some, n, true, are, read, share, low, high) -> None:
    _cell(page, some, n, true, read, share, low, high)


def _cell(page: Page, some: str, n: str, true: str, read: str, share: str = "", low: str = "", high: str = "") -> None:
    row = now(page).matrix[int(true)]
    count(some, row[int(read)])
    count(n, row.sum())
    if share:
        percent(share, row[int(read)] / row.sum())
        interval(low, high, row[int(read)] / row.sum(), row.sum())


@claim("confusion", "The other way round: {some#} of {n#}.")
def _other_way(page, some, n) -> None:
    true, read = re.search(r"(\d)s (?:is|are) taken for (\d)", page.around).groups()
    _cell(page, some, n, read, true)


@claim("confusion", "Hardest are the {digit#}s: {share%} ({low%} to {high%}) of them are read right.")
def _hardest(page, digit, share, low, high) -> None:
    matrix = now(page).matrix
    recall = matrix.diagonal() / matrix.sum(axis=1)
    assert recall[int(digit)] == recall.min()
    percent(share, recall.min())
    interval(low, high, recall.min(), matrix[int(digit)].sum())


def _fisher(page: Page, a: int, b: int) -> float:
    """The chance of digits' counts at least so uneven."""
    matrix = now(page).matrix
    table = [[matrix[digit, digit], matrix[digit].sum() - matrix[digit, digit]] for digit in (a, b)]
    return stats.fisher_exact(table).pvalue


@claim("confusion", "That is worse than the {digits@} by more than chance; against the others it may be chance.")
@claim("confusion", "That is worse than all others but the {but@} by more than chance.")
def _worse(page, digits="", but="") -> None:
    hardest = int(re.search(r"Hardest are the \**(\d)s", page.around)[1])
    sure = {digit for digit in range(10) if digit != hardest and _fisher(page, hardest, digit) < 0.05 / 45}
    said = set(map(int, re.findall(r"(\d)s", digits or but)))
    assert sure == (said if digits else set(range(10)) - {hardest} - said), f"{sure}"


@claim("confusion", "Confused most often: {a#} and {b#}, {times#} times.", "{a#} and {b#}, {times#} times.")
def _confused(page, a, b, times) -> None:
    both = now(page).matrix + now(page).matrix.T
    count(times, both[int(a), int(b)])
    if "most often: **" + a in page.around:
        assert both[int(a), int(b)] == np.triu(both, 1).max()


@claim(
    "confusion",
    "{some#} of {n#} {a#}s {are…} taken for {b#}, {share%} ({low%} to {high%}); {some2#} of {n2#} {b#}s for {a#}, {share2%} "
    "({low2%} to {high2%}).",
)
def _both_ways(page, some, n, a, are, b, share, low, high, some2, n2, share2, low2, high2) -> None:
    _cell(page, some, n, a, b, share, low, high)
    _cell(page, some2, n2, b, a, share2, low2, high2)


@claim("confusion", "That the two ways differ may be chance ({p@}).", "The two ways differ by more than chance ({p@}).")
def _ways_differ(page, p) -> None:
    matrix, chances = now(page).matrix, []
    for a, b in re.findall(r"of [\d,]+ (\d)s (?:is|are) taken for (\d)", page.around):
        ways = (matrix[int(a), int(b)], matrix[int(a)].sum()), (matrix[int(b), int(a)], matrix[int(b)].sum())
        chances.append(stats.fisher_exact([[some, n - some] for some, n in ways]).pvalue)
    more = [chance for chance in chances if chance < 0.05 / 45]
    _one_of(lambda chance: is_chance(p, chance), [(chance,) for chance in chances], p)
    assert page.around.count("differ by more than chance") == len(more)


@claim("confusion", "A handwritten {true#}, read as a{n…} {read#}")
def _of_a_cell(page, true, n, read) -> None:
    """Of the cell that is open, or of the images that one of two networks reads and the other does not."""
    assert n == ("n" if read == "8" else "")
    assert any(now(page, i).matrix[int(true), int(read)] for i in range(len(page.looks)))


@claim("confusion", "{sure%}")
def _tile(page, sure) -> None:
    if len(page.looks) > 1:
        return _tile_of_two(page, sure)
    true, read = re.search(r"A handwritten (\d), read as an? (\d)", page.words).groups()
    answered = now(page)
    here = answered.confidence[(answered.labels == int(true)) & (answered.digits == int(read))]
    _one_of(lambda p: percent(sure, p), [(p,) for p in here], sure)


def _tile_of_two(page, sure) -> None:
    differ = now(page).digits != now(page, 1).digits
    _one_of(lambda p: percent(sure, p), [(p,) for i in (0, 1) for p in now(page, i).confidence[differ]], sure)


@claim("confusion", "{part…} image {index#}")
def _opened(page, part, index) -> None:
    _images(page, part.lower())
    if len(page.looks) > 1:
        assert page.query["image"] == index.replace(",", "")
        return
    true, read = re.search(r"A handwritten (\d), read as an? (\d)", page.words).groups()
    place = int(index.replace(",", "")) - 50_000 * (page.part == "validation")
    assert (now(page).labels[place], now(page).digits[place]) == (int(true), int(read))


@claim(
    "confusion weights",
    "Green and ticked is the true digit, {true#}; orange is the answer, {read#}.",
    "Green and ticked is the true digit, {true#}, which is the answer too.",
)
def _colours(page, true, read=None) -> None:
    label, answer = _asked(page)
    assert (label, answer) == (int(true), int(read or true))


def _asked(page: Page) -> tuple[int, int]:
    """The true digit of the image that is opened, and the network's answer."""
    if page.page == "weights":
        image, label = _image(page)
        return label, int(page.looks[0].model.predict_proba(image[None]).argmax())
    if len(page.looks) > 1:  # two networks: the one whose probabilities the sentence stands under
        one = next(
            i for i, look in enumerate(page.looks) if f"How probable {own_name(look.facts.config)} finds" in page.around
        )
        place = int(page.query["image"])
        return now(page, one).labels[place], now(page, one).digits[place]
    found = re.search(r"A handwritten (\d), read as an? (\d)", page.words)
    return int(found[1]), int(found[2])


@claim("confusion", "The template of neuron {unit#} under the image", "neuron {unit#}: {given±}")
def _argues(page, unit, given="+1") -> None:
    assert int(unit) < page.looks[0].facts.config.hidden_units
    assert number(given) > 0, "a neuron that argues for the answer speaks against it"


@claim(
    "confusion",
    "The hidden neurons that argue most for {read#} and against {true#}, and by how much: +1 makes the {read#} 2.7 times as probable beside the {true#}, +2.3 ten times.",
)
def _arguments(page, read, true) -> None:
    assert _asked(page) == (int(true), int(read))


SHARES = "{a%} ({low%} to {high%}) of the {first#}s are read right, and {b%} ({low2%} to {high2%}) of the {second#}s"


@claim("confusion", f"{SHARES}.", f"{SHARES}: no difference at all.")
def _two_digits(page, a, low, high, first, b, low2, high2, second) -> None:
    matrix = now(page).matrix
    for share, ends, digit in ((a, (low, high), int(first)), (b, (low2, high2), int(second))):
        recall = matrix[digit, digit] / matrix[digit].sum()
        percent(share, recall)
        interval(*ends, recall, matrix[digit].sum())
    assert ("no difference" in page.around) == (a == b and _fisher(page, int(first), int(second)) > 0.999)


@claim(
    "confusion",
    "So the {digit#}s are harder, by more than chance ({p@}).",
    "That the {digit#}s come out harder may be chance ({p@}).",
)
def _harder(page, digit, p) -> None:
    a, b = map(int, re.findall(r"of the (\d)s", page.around)[:2])
    recall = now(page).matrix.diagonal() / now(page).matrix.sum(axis=1)
    assert recall[int(digit)] == min(recall[a], recall[b])
    is_chance(p, _fisher(page, a, b))
    assert ("by more than chance" in page.around) == (_fisher(page, a, b) < 0.05)


@claim("confusion", "Accuracy: {right%}")
def _accuracy(page, right) -> None:
    percent(right, now(page).accuracy)


@claim("confusion", "Accuracy, {low%} to {high%}")
def _accuracy_interval(page, low, high) -> None:
    interval(low, high, now(page).accuracy, 10_000)


@claim("confusion", "Log loss: {loss±}")
def _log_loss(page, loss) -> None:
    answered = now(page)
    of_truth = answered.probs[np.arange(10_000), answered.labels].astype(float)
    says(loss, -np.log(np.maximum(of_truth, np.finfo(np.float32).tiny)).mean())


@claim("confusion", "Calibration error: {error%}", "Calibration error: {error±} points")
def _calibration(page, error) -> None:
    answered, apart = now(page), 0.0
    groups = np.ceil(answered.confidence.astype(float) * 15)
    for group in np.unique(groups):
        here = groups == group
        apart += here.mean() * abs(answered.right[here].mean() - answered.confidence[here].mean(dtype=float))
    says(error, 100 * apart)


@claim(
    "confusion",
    "On average an answer is {sure%} sure, and {right%} of them are right: over-confident, by more than chance.",
    "On average an answer is {sure%} sure, and {right%} of them are right: less sure than it could be, by more than chance.",
    "On average an answer is {sure%} sure, and {right%} of them are right: on average as sure as right, as far as 10,000 images can "
    "tell.",
)
def _certainty(page, sure, right) -> None:
    p = now(page).confidence.astype(float)
    percent(sure, p.mean())
    percent(right, now(page).accuracy)
    z = (p.sum() - now(page).right.sum()) / max(np.sqrt((p * (1 - p)).sum()), 1e-12)
    assert ("over-confident" in page.around) == (z > 1.96), f"z = {z}"
    assert ("less sure than it could be" in page.around) == (z < -1.96), f"z = {z}"


ANSWERS = "It answers {answered%} of the images and leaves {left#} to somebody else; "


@claim(
    "confusion",
    f"{ANSWERS}of its answers {{right%}} ({{low%}} to {{high%}}) are right.",
    f"{ANSWERS}so none is right or wrong.",
)
def _threshold(page, answered, left, right="", low="", high="") -> None:
    kept = now(page).confidence >= float(page.query.get("threshold", "0.9"))
    percent(answered, kept.mean())
    count(left, int((~kept).sum()))
    assert bool(right) == kept.any()
    if right:
        percent(right, now(page).right[kept].mean())
        interval(low, high, now(page).right[kept].mean(), int(kept.sum()))


@claim(
    "confusion",
    "{first&} reads {a%} ({low%} to {high%}) of the {part…} images right, {second&} {b%} ({low2%} to {high2%}).",
)
def _two_networks(page, first, a, low, high, part, second, b, low2, high2) -> None:
    _images(page, part)
    assert [first, second] == [look.facts for look in page.looks]
    for i, (share, ends) in enumerate(((a, (low, high)), (b, (low2, high2)))):
        percent(share, now(page, i).accuracy)
        interval(*ends, now(page, i).accuracy, 10_000)


ALONE = "{a#} image{s…} {are…} read right by {first&} alone, {b#} by {second&} alone: "


@claim(
    "confusion",
    f"{ALONE}{{better&}} is better by more than chance ({{p@}}).",
    f"{ALONE}the difference may be chance ({{p@}}).",
)
def _alone(page, a, s, are, first, b, second, p, better=None) -> None:
    one, other = now(page), now(page, 1)
    only = int((one.right & ~other.right).sum()), int((other.right & ~one.right).sum())
    count(a, only[0])
    count(b, only[1])
    assert (s, are) == (("", "is") if only[0] == 1 else ("s", "are"))
    chance = stats.binomtest(only[0], sum(only), 0.5).pvalue
    is_chance(p, chance)
    assert bool(better) == (chance < 0.05)
    assert better in (None, (first, second)[only[1] > only[0]]), "the worse one"


@claim("confusion", "Better by more than chance: {parts@}.")
def _better_at(page, parts) -> None:
    one, other = now(page), now(page, 1)
    for i, (better, worse) in enumerate(((one, other), (other, one))):
        name = own_name(page.looks[i].facts.config)
        sure = set()
        for digit in range(10):
            here = better.labels == digit
            only = int((better.right & ~worse.right & here).sum()), int((worse.right & ~better.right & here).sum())
            if only[0] > only[1] and stats.binomtest(only[0], sum(only), 0.5).pvalue < 0.005:
                sure.add(digit)
        found = re.search(re.escape(name) + r" with the ((?:\ds(?:, | and )?)+)", parts)
        assert sure == set(map(int, re.findall(r"(\d)s", found[1]))) if found else not sure, f"{name}: {sure}"


@claim("confusion", "What changes from {first&} to {second&}, in percentage points of the row.")
def _from_to(page, first, second) -> None:
    assert [first, second] == [look.facts for look in page.looks]


@claim("sketch", "These are {n#} digits: what it was can be said of one alone.")
def _greyed(page, n) -> None:
    count(n, len(page.query["image"]))
    assert int(n) > 1


@claim("confusion", "{n#} image{s…} that only {one&} reads right")
def _only(page, n, s, one) -> None:
    place = [look.facts for look in page.looks].index(one)
    count(n, int((now(page, place).right & ~now(page, 1 - place).right).sum()))


@claim(
    "confusion",
    "Taken for {read#} by {one&} alone: {n#} of {all#} {true#}s",
    "Read right by {one&} alone: {n#} of {all#} {true#}s",
)
def _only_of_a_cell(page, one, n, all, true, read=None) -> None:
    place = [look.facts for look in page.looks].index(one)
    ours, theirs, of_digit = now(page, place), now(page, 1 - place), now(page).labels == int(true)
    digit = int(read or true)
    count(n, int((of_digit & (ours.digits == digit) & (theirs.digits != digit)).sum()))
    count(all, int(of_digit.sum()))


@claim("confusion", "Surest first, each with how sure {one&} was.", "See inside {one&}")
def _surest(page, one) -> None:
    assert one in [look.facts for look in page.looks]


@claim("confusion", "{one&}: {read#} {mark…}")
def _reads(page, one, read, mark) -> None:
    """On a tile of one of the images that only one of the two reads right, or as the cell says."""
    place = [look.facts for look in page.looks].index(one)
    differ = now(page, place).digits != now(page, 1 - place).digits
    assert ((now(page, place).digits == int(read)) & differ & (now(page, place).right == (mark == "✓"))).any()


@claim("confusion", "How probable {one&} finds each digit.")
def _probabilities_of(page, one) -> None:
    assert one in [look.facts for look in page.looks]


@claim("confusion", "A corrupted {digit#}", "{one&}: {digit#} {mark…} {sure%}", "{one&}: {digit#} {mark…} > 99.9%")
def _corrupted_image(page, digit, one=None, mark="", sure="") -> None:
    assert mark in ("", "✓", "✗")
    assert one is None or one in [look.facts for look in page.looks]


def _corruption(page: Page) -> Corruption:
    return Corruption(**{name: float(page.query[name]) for name in ("degrees", "noise") if name in page.query})


def _corrupted(page: Page, place: int) -> float:
    look = page.looks[place]
    if _corruption(page) == Corruption():
        return now(page, place).accuracy
    images, labels = look.facts.images(page.part)
    return float((look.model.predict_proba(corrupted(images, _corruption(page))).argmax(axis=1) == labels).mean())


@claim("confusion", "{one&} (solid line): {right%}", "{one&} (dashed line): {right%}")
def _under_corruption(page, one, right) -> None:
    percent(right, _corrupted(page, [look.facts for look in page.looks].index(one)))


@claim("confusion", "{one&} (solid line), {change±} points", "{one&} (dashed line), {change±} points")
def _by_corruption(page, one, change) -> None:
    place = [look.facts for look in page.looks].index(one)
    says(change, 100 * (_corrupted(page, place) - now(page, place).accuracy))


@claim("confusion", "{low%} to {high%} (95% interval); uncorrupted {right%}.")
def _corruption_interval(page, low, high, right) -> None:
    def of(place: int) -> None:
        percent(right, now(page, place).accuracy)
        interval(low, high, _corrupted(page, place), 10_000)

    _one_of(of, [(0,), (1,)], f"{low} to {high}")


@claim("confusion", "The numbers are for all sliders at once, on all 10,000 {part…} images.")
def _all_images(page, part) -> None:
    _images(page, part)


@claim(
    "confusion",
    "The first of the {part…} images of each digit, {state…}, and what it is read as by {first&} and {second&}, with how sure.",
)
def _examples(page, part, state, first, second) -> None:
    _images(page, part)
    assert [first, second] == [look.facts for look in page.looks]
    assert (state == "uncorrupted") == (_corruption(page) == Corruption())


# Weights


def _image(page: Page) -> tuple[np.ndarray, int | None]:
    """The image that a page is about, and its digit where that is known."""
    codes = page.query.get("image", "test-0")
    one = chosen(codes if isinstance(codes, str) else codes[0], page.looks[0].facts.mnist.part)
    return one.image, one.label


def _logits(page: Page) -> np.ndarray:
    """What the network says to it (10,), up to one number that all ten have in common."""
    image, _ = _image(page)
    network = page.looks[0].model
    if page.looks[0].facts.network == "cnn":
        return np.log(np.maximum(network.predict_proba(image[None])[0].astype(float), 1e-300))
    return _hidden(page)[1] @ network.w2.T.astype(float) + network.b2


def _hidden(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """The sums of an MLP's hidden neurons, and how they fire."""
    network, activation = page.looks[0].model, page.looks[0].facts.config.activation
    sums = network.w1.astype(float) @ (_image(page)[0].reshape(-1) / 255.0) + network.b1
    fire = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
    }
    return sums, fire[activation](sums)


def _probs(page: Page) -> np.ndarray:
    return page.looks[0].model.predict_proba(_image(page)[0][None])[0]


READ_AS = "{one&} reads {what@} as a{n…} {answer#} ({sure%} sure)"


@claim("weights", f"{READ_AS}, and that is right.", f"{READ_AS}, but it is a{{m…}} {{label#}}.", f"{READ_AS}.")
def _verdict_on_an_image(page, one, what, n, answer, sure, m="", label=None) -> None:
    assert one is first(page)
    probs, (_, truth) = _probs(page), _image(page)
    assert probs.argmax() == int(answer)
    percent(sure, probs.max())
    assert n == ("n" if answer == "8" else "")
    assert m == ("n" if label == "8" else "")
    if label:
        assert int(label) == truth != int(answer)
    else:
        assert (truth is None) == ("right" not in page.around)
        assert truth in (None, int(answer))
    _is_named(page, what)


@claim("weights", "The next guess is {digit#} ({sure%}).")
def _next_guess(page, digit, sure) -> None:
    probs = _probs(page)
    percent(sure, probs[int(digit)])
    assert probs[int(digit)] == np.sort(probs)[-2]


def _is_named(page: Page, what: str) -> None:
    code = page.query.get("image", "test-0")
    part, _, index = code.partition("-")
    assert what.lower() == ("your drawing" if part == "drawing" else f"{part} image {int(index):,}"), what


@claim("weights", "{what@}, a handwritten {label#}")
@claim("weights", "The template of neuron {unit#} under {what@}")
@claim(
    "weights",
    "The attribution {words…}{a#} in every pixel of {what@}",
    "The attribution for {a#} and against {b#} in every pixel of {what@}",
)
@claim(
    "weights",
    "How much every pixel of {what@} speaks for {a#}",
    "How much every pixel of {what@} speaks for {a#} and against {b#}",
)
@claim("weights", "How much covering each place of {what@} lowers the probability of {a#}")
def _alt(page, what, label=None, unit="0", words="", a=None, b=None) -> None:
    _is_named(page, what)
    assert label is None or int(label) == _image(page)[1]
    assert a is None or _question(page)[0] == int(a)
    assert b is None or _question(page)[1] == int(b)


def _question(page: Page) -> tuple[int, int | None]:
    """Which digit is asked about, and against which: by default the answer, and the true digit or the next guess."""
    logits, (_, label) = _logits(page), _image(page)
    answer = int(logits.argmax())
    digit = int(page.query["digit"]) if "digit" in page.query else answer
    against = page.query.get("against")
    if against == "nothing":
        return digit, None
    if against is not None:
        return digit, int(against)
    if digit != answer:
        return digit, answer
    return digit, label if label not in (None, answer) else int(np.argsort(-logits, kind="stable")[1])


@claim("weights", "The ink that speaks for {a#} and against {b#}", "The ink that speaks for {a#}")
@claim(
    "weights",
    "Red ink speaks for {a#} and against {b#}, blue ink the other way round.",
    "Red ink speaks for {a#}, blue ink the other way round.",
)
@claim(
    "weights", "Red speaks for {a#} and against {b#}, blue the other way.", "Red speaks for {a#}, blue the other way."
)
@claim(
    "weights",
    "What each neuron gives: its activation times its output weight for {a#} and against {b#}.",
    "What each neuron gives: its activation times its output weight for {a#}.",
)
@claim(
    "weights",
    *(
        f"Each pixel's ink times its weights, as the neurons pass it on ({{which@}}): red ink speaks for {words}, blue ink the other "
        "way round, grey ink says nothing."
        for words in ("{a#}", "{a#} and against {b#}")
    ),
)
@claim(
    "weights",
    *(
        f"The ink appears little by little on blank paper, and each pixel is given, as its attribution, what it adds to the logit of {words} on the way "
        "(the method of integrated gradients, Sundararajan et al., 2017)."
        for words in ("{a#}", "{a#} less that of {b#}")
    ),
)
@claim("weights", "Red: {a#} is less probable with the square there, blue: more probable.")
def _asked_about(page, a, b=None, which=None) -> None:
    digit, over = _question(page)
    assert digit == int(a)
    if b is not None or "Red:" not in page.around:
        assert over == (None if b is None else int(b))
    kinds = {"all": "all neurons", "strongest": "the 8 strongest", "one": f"neuron {page.query.get('unit', 0)} alone"}
    assert which in (None, kinds[page.query.get("sum", "all")])


@claim("weights", "−{end±}", "+{end±}")
def _ends_of_a_scale(page, end) -> None:
    """Below a picture whose colours go as far in the one direction as in the other."""
    lines = page.words.splitlines()
    assert f"−{end}" in lines
    assert f"+{end}" in lines
    assert number(end) > 0


@claim("weights", "| Neuron {unit#} | Value |")
def _one_neuron(page, unit) -> None:
    assert unit == page.query.get("unit", "0")


@claim("weights", "| {what@} | {value±} |")
def _adds_up(page, what, value) -> None:
    """A row of a table: parts that add up, or a neuron's arithmetic."""
    assert "|" not in what, "a row of three columns"
    assert page.query.get("view") == "why", "a row of another table"
    rows = {label: text for label, text in re.findall(r"\| \**([^|*]+?)\** \| \**([+−]?[\d,.]+)\** \|", page.around)}
    assert rows[what] == value
    network = page.looks[0].model
    digit, over = _question(page)
    if what.startswith("The logit of"):
        logits = _logits(page)
        if over is not None and logits.min() > -80:
            says(value, logits[digit] - logits[over], what)
    if "Blank paper, before any ink" in rows:
        *parts, total = map(number, rows.values())
        assert abs(sum(parts) - total) <= 0.0051 * len(rows) + 1e-4 * abs(total), f"{parts} are not {total}"
        return
    unit = int(re.search(r"Neuron (\d+) \|", page.around)[1])
    sums, fires = _hidden(page)
    ink = network.w1[unit].astype(float) * (_image(page)[0].reshape(-1) / 255.0)
    weight = float(network.w2[digit, unit]) - (0 if over is None else float(network.w2[over, unit]))
    expected = {
        "Ink times its red weights": ink[ink > 0].sum(),
        "Ink times its blue weights": ink[ink < 0].sum(),
        "Its bias": float(network.b1[unit]),
        "Sum of the three": sums[unit],
        "Activation times output weight": fires[unit] * weight,
    }
    truth = expected.get(what, fires[unit] if "activation" in what else weight)
    assert abs(number(value) - truth) <= 0.0006 + 1e-5 * abs(truth), f"{what}: {value}, but it is {truth}"


@claim("weights", "Neuron {unit#} gives {given±}, the other {others#} give {rest±}, and the output bias is {bias±}.")
def _gives(page, unit, given, others, rest, bias) -> None:
    network, (digit, over) = page.looks[0].model, _question(page)
    weights = network.w2[digit].astype(float) - (0 if over is None else network.w2[over])
    each = _hidden(page)[1] * weights
    count(others, len(each) - 1)
    for text, truth in (
        (given, each[int(unit)]),
        (rest, each.sum() - each[int(unit)]),
        (bias, float(network.b2[digit]) - (0 if over is None else float(network.b2[over]))),
    ):
        assert abs(number(text) - truth) <= 0.0051 + 1e-5 * abs(truth), f"{text}, but it is {truth}"


@claim(
    "weights",
    "Together that is {total±}, the logit of {a#} less that of {b#}.",
    "Together that is {total±}, the logit of {a#}.",
)
def _together(page, total, a, b=None) -> None:
    logits = _logits(page)
    truth = logits[int(a)] - (0 if b is None else logits[int(b)])
    assert abs(number(total) - truth) <= 0.0051 + 1e-5 * abs(truth), f"{total}, but it is {truth}"


@claim(
    "weights",
    "So {a#} is 2.718 to the power of {power±}, that is {times±} times, as probable as {b#}.",
    "So {a#} is 2.718 to the power of {power±}, that is {times±} million times, as probable as {b#}.",
    "So {a#} is 2.718 to the power of {power±}, that is over a billion times, as probable as {b#}.",
)
def _odds(page, a, power, b, times="") -> None:
    logits = _logits(page)
    truth = logits[int(a)] - logits[int(b)]
    assert truth >= 0, "the less probable one"
    assert abs(number(power) - truth) <= 0.0051 + 1e-5 * abs(truth), f"{power}, but it is {truth}"
    if times:
        says(times, np.exp(truth) / (1e6 if "million" in page.around else 1))
    else:
        assert truth > np.log(1e9)


@claim(
    "weights",
    "The {n#} strongest of {all#} are here, and neuron {unit#}, which is looked at below: it is No. {place#} by strength.",
    "The {n#} strongest of {all#} are here.",
)
def _strongest(page, n, all, unit=None, place="") -> None:
    network, (digit, over) = page.looks[0].model, _question(page)
    strength = np.abs(_hidden(page)[1] * (network.w2[digit].astype(float) - (0 if over is None else network.w2[over])))
    count(all, len(strength))
    if unit:
        rank = int((strength > strength[int(unit)] + 1e-9).sum()) + 1
        assert abs(int(place) - rank) <= 1
        assert rank > int(n)


@claim("weights", "| {digit#} | {logit±} | {less±} | {exp@} | {share%} |", "| Sum | | | {exp@} | 100% |")
def _softmax(page, exp, digit=None, logit="", less="", share="") -> None:
    logits = _logits(page)
    shifted = logits - logits.max()
    if digit is None:
        says(exp, np.exp(shifted).sum())
        return
    place = int(digit)
    percent(share, _probs(page)[place])
    if shifted[place] > -80:
        assert abs(number(less) - shifted[place]) <= 0.0051 + 1e-4 * abs(shifted[place]), (
            f"{less}, but it is {shifted[place]}"
        )
        if exp.startswith("<"):
            assert np.exp(shifted[place]) < 0.001
        else:
            says(exp, np.exp(shifted[place]))


@claim("weights", "The answer, {digit#}, stands out.")
def _stands_out(page, digit) -> None:
    assert int(digit) == _probs(page).argmax()


@claim("weights", "All {digit#}s that are taken for {answer#}", "All {digit#}s that are read right")
def _all_of_them(page, digit, answer=None) -> None:
    assert (int(digit), int(answer or digit)) == (_image(page)[1], _probs(page).argmax())


@claim("weights", "A test image that {one&} reads wrongly after epoch {epoch#}.")
def _mistake(page, one, epoch) -> None:
    assert (one, int(epoch)) == (first(page), page.looks[0].epoch)


COVERING = "Covering row {row#}, column {column#} hurts most: the probability of {a#} falls from {before%} to {after%}, and the answer "


@claim("weights", f"{COVERING}stays the same.", f"{COVERING}is {{answer#}}.")
@claim(
    "weights",
    "Covering row {row#}, column {column#} hurts most: {a#} becomes {times±} times less probable, and the answer stays the same.",
)
def _covered(page, row, column, a, before="", after="", answer=None, times="") -> None:
    image, digit = _image(page)[0].copy(), int(a)
    size, (row, column) = int(page.query.get("square", "5")), (int(row), int(column))
    whole = _probs(page)
    candidates = []
    for up in range(size):  # the square's middle, or its corner
        for left in range(size):
            if up == left:
                covered = image.copy()
                covered[
                    max(row - up, 0) : max(row - up + size, 0), max(column - left, 0) : max(column - left + size, 0)
                ] = 0
                candidates.append(page.looks[0].model.predict_proba(covered[None])[0])

    def is_so(probs: np.ndarray) -> None:
        if before:
            percent(before, whole[digit])
            percent(after, probs[digit])
        else:
            says(times, whole[digit] / probs[digit])
        assert probs.argmax() == (int(answer) if answer else whole.argmax())

    _one_of(is_so, [(probs,) for probs in candidates], f"{before} to {after}")


@claim(
    "weights",
    "No place lowers the probability of {a#}.",
    "In all, {a#} other answers can be brought about in this way.",
)
def _in_all(page, a) -> None:
    assert 0 <= int(a) <= 9


@claim("weights", "Neuron {unit#}: votes for {a#}, against {b#}", "Votes for {a#}, against {b#}")
def _votes(page, a, b, unit=None) -> None:
    unit = int(unit if unit is not None else page.query.get("unit", 0))
    weights = page.looks[0].model.w2[:, unit]
    assert (weights.argmax(), weights.argmin()) == (int(a), int(b)), f"{weights}"


@claim("weights", "{share%}")
def _accuracy_of_the_film(page, share) -> None:
    """After some epoch that is kept, on training, validation or test images."""
    facts = first(page)
    known = [(value,) for end in facts.history for value in (end.train_accuracy, end.val_accuracy)]
    known += [(facts.answered(epoch, "test").accuracy,) for epoch in facts.kept]
    _one_of(lambda value: percent(share, value), known, share)


@claim(
    "weights",
    "The weights from the 784 pixels to each of the {n#} hidden neurons, as pictures: ink on red (above zero) makes a neuron fire, ink on blue (below zero) holds it back.",
)
@claim("weights", "Choose among {n#} neurons")
def _how_many(page, n) -> None:
    count(n, first(page).config.hidden_units)


@claim("weights", "Neuron, 0 to {n#}")
def _from_0(page, n) -> None:
    count(n, first(page).config.hidden_units - 1)


@claim(
    "weights",
    "Choose among {n#} filters",
    "The {n#} filters of conv1",
    "The {n#} filters of conv1, 5 × 5 weights each.",
)
def _filters(page, n) -> None:
    assert n == ("22" if "Choose" in page.around else "6")


@claim(
    "weights",
    "The 16 filters of conv2, a column each, with their 6 inputs in rows",
    "The 16 filters of conv2 in columns, each with a kernel of 5 × 5 weights for every one of the 6 maps of the layer before, in rows.",
    "Filter {n#}, input {m#}",
)
def _second_layer(page, n="0", m="0") -> None:
    assert page.query["layer"] == "conv2"
    assert int(n) < 16
    assert int(m) < 6


@claim("weights", "The template of neuron {unit#}")
def _template(page, unit) -> None:
    assert unit == page.query.get("unit", "0")


@claim(
    "weights",
    "Blue to red: −{low±} to +{low±}",
    "The weights of the first layer as they are now: blue below zero and red above, from −{low±} to +{low±}.",
)
def _scale(page, low) -> None:
    assert 0 < number(low) <= 1.1 * np.abs(_first_layer(page)).max()


def _first_layer(page: Page) -> np.ndarray:
    """The weights of the first layer, after every epoch that is kept."""
    facts = first(page)
    name = "w1" if facts.network == "mlp" else "conv1.weight"
    return np.concatenate([weights[name].astype(float).ravel() for weights in facts.checkpoint.snapshots.values()])


@claim(
    "weights",
    "Fires (above {what@}) on {fires%} of the test images; on {flat%} it is so close to {a@} or 1 that it learns next to nothing from them.",
    "Fires (above {what@}) on {fires%} of the test images; from the other {flat%} it learns nothing.",
)
def _fires(page, what, fires, flat, a="0") -> None:
    sums = _all_sums(page)
    percent(fires, (sums > 0).mean())
    activation = first(page).config.activation
    if activation == "relu":
        percent(flat, (sums <= 0).mean())
    else:
        fire = 1 / (1 + np.exp(-np.clip(sums, -500, 500))) if activation == "sigmoid" else np.tanh(sums)
        slope = fire * (1 - fire) * 4 if activation == "sigmoid" else 1 - fire**2
        percent(flat, (slope < 0.05).mean())


@claim("weights", "Its activation is {mean±} on average, with a standard deviation of {deviation±}.")
def _activation(page, mean, deviation) -> None:
    sums, activation = _all_sums(page), first(page).config.activation
    fire = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
    }
    fired = fire[activation](sums)
    assert abs(number(mean) - fired.mean()) <= 0.0051 + 1e-4 * abs(fired.mean())
    assert abs(number(deviation) - fired.std()) <= 0.0051 + 1e-4 * fired.std()


def _all_sums(page: Page) -> np.ndarray:
    """What the chosen neuron sums up to for every test image."""
    network, unit = page.looks[0].model, int(page.query.get("unit", 0))
    images = first(page).images("test")[0].reshape(10_000, -1)
    return images @ (network.w1[unit].astype(float) / 255) + float(network.b1[unit])


@claim("weights", "Test image {index#}, a{n…} {label#}", "Test image {index#}")
def _example(page, index, n="", label=None) -> None:
    truth = first(page).images("test")[1][int(index.replace(",", ""))]
    assert label is None or (int(label), n) == (truth, "n" if truth == 8 else "")


@claim("weights", "test image {index#}", "validation image {index#}")
def _image_alt(page, index) -> None:
    assert page.query.get("image", "test-0").endswith(f"-{index.replace(',', '')}")


@claim("weights", "Test accuracy now: {right%}")
@claim("weights", "Test accuracy now, {change±} points")
@claim("weights", "Weights left: {left%}")
def _ablated(page, right="", change="", left="") -> None:
    untouched = not {"off", "weakest", "prune", "noise"} & page.query.keys()
    before = page.looks[0].answered("test").accuracy
    if page.query.get("prune") == "100":
        assert left in ("", "0%")
    elif untouched:
        if right:
            percent(right, before)
        assert change in ("", "0.00")
    if change and right:
        says(change, 100 * (number(right) / 100 - before))


@claim("weights", "Before ablation: {right%}")
def _before_ablation(page, right) -> None:
    percent(right, page.looks[0].answered("test").accuracy)


@claim("weights", "Of the 10,000 test images {lost#} {are…} no longer read right, and {won#} {now…} that {were…} not.")
def _lost_and_won(page, lost, are, won, now, were) -> None:
    change = number(re.search(r"Test accuracy now, ([+−]?[\d.]+) points", page.words)[1])
    assert abs(int(won.replace(",", "")) - int(lost.replace(",", "")) - 100 * change) < 0.6


SAMPLE = "On 2,000 of the 10,000 test images, which put the whole network at {right%}: "


@claim(
    "weights",
    f"{SAMPLE}pruning costs it no more than one point, however much of it goes.",
    f"{SAMPLE}without the smallest {{part#}}% of its weights it loses more than one point.",
    f"{SAMPLE}without the smallest {{part#}}% of its weights it loses one point at most.",
)
def _pruned(page, right, part="0") -> None:
    sample = page.looks[0].answered("test").right[::5]
    percent(right, sample.mean())
    assert 0 <= int(part) <= 100


@claim("weights", "What it looks for: the mean of the {n#} patches that excite it most.")
@claim(
    "weights",
    "The {n#} test images that excite it most, and where: the 5 × 5 pixels that it sees are lit and framed.",
    "The {n#} test images that excite it most, and where: the 14 × 14 pixels that it sees are lit and framed.",
)
@claim("weights", "The {n#} test images that excite filter {unit#} most: {list@}")
def _exciting(page, n, unit="0", list="") -> None:
    assert 1 < int(n) <= 100
    if list:
        assert len(re.split(r", | and ", list)) == int(n)


@claim("weights", "It fires somewhere on {share%} of the 10,000 test images.")
def _fires_somewhere(page, share) -> None:
    assert 0 <= number(share.strip("<> ")) <= 100


# Sketch


def _subjects(page: Page) -> list[tuple[np.ndarray, int | None]]:
    codes = page.query.get("image", ["test-0"])
    found = [chosen(code, page.looks[0].facts.mnist.part) for code in codes]
    return [(one.image, one.label) for one in found]


def _sketched(page: Page) -> list[np.ndarray]:
    """What each network says to each digit: (digits, 10)."""
    images = np.stack([image for image, _ in _subjects(page)])
    return [look.model.predict_proba(images) for look in page.looks]


@claim("sketch", "A handwritten {label#}")
@claim("sketch", "{what@}: it is a{n…} {label#}.")
def _it_is(page, label, what="", n="") -> None:
    assert int(label) == _subjects(page)[0][1]
    assert not what or n == ("n" if label == "8" else "")


@claim("sketch", "{digits#}")
def _answer(page, digits) -> None:
    assert digits in ["".join(map(str, probs.argmax(axis=1))) for probs in _sketched(page)]


@claim("sketch", "{sure%}")
def _sure(page, sure) -> None:
    _one_of(lambda p: percent(sure, p), [(p,) for probs in _sketched(page) for p in probs.ravel()], sure)


@claim("sketch", "See inside {name@}")
@claim("sketch", "{name&}, epoch {epoch#}", "See inside {name&}, epoch {epoch#}")
def _voice(page, name, epoch="") -> None:
    if epoch:
        assert (name, int(epoch)) in [(look.facts, look.epoch) for look in page.looks]
    else:
        assert name in [own_name(look.facts.config) for look in page.looks]


@claim("sketch", "Training image {index#}: a{n…} {label#}", "Training image {index#}.")
def _neighbour(page, index, n="", label=None) -> None:
    place = int(index.replace(",", ""))
    assert label is None or (int(label), n) == (page.looks[0].facts.mnist.y_train[place], "n" if label == "8" else "")
    assert place < max(look.facts.config.train_size for look in page.looks)


@claim(
    "sketch", "The 8 images of its own training set that {what…} finds most alike, nearest first, with their labels."
)
def _eight(page, what) -> None:
    assert len(re.findall(r"Training image [\d,]+: an?", page.words)) == 8


@claim(
    "sketch",
    "All {n#} are {digit#}s, as it answers.",
    "{same#} of {n#} are {digit#}s, as it answers.",
    "{same#} of {n#} is a{an…} {digit#}, as it answers.",
    "None of them is a{an…} {digit#}, which is its answer.",
)
def _alike(page, digit, n="8", same=None, an="") -> None:
    labels = [int(label) for label in re.findall(r"Training image [\d,]+: an? (\d)", page.words)]
    expected = labels.count(int(digit))
    said = int(n) if "All" in page.around else 0 if "None" in page.around else int(same)
    assert (expected, len(labels)) == (said, int(n)), f"{labels}"
    assert int(digit) in [int(probs[i].argmax()) for probs in _sketched(page) for i in range(len(probs))]


# Tables: a column is known by its name.


def check_table(page: Page, table) -> None:
    """Hold every row of a table of runs, of sizes or of digits against what it is about."""
    if "Recall" in table:
        _digits(page, table)
    elif page.page == "search":
        for check in OF_TABLES[page.page]:
            check(page, table)
    elif "Training %" in table:
        for _, row in table.iterrows():
            runs = _panel(page, row["Network"], str(row["Images"]))
            says(f"{row['Training %']:.2f}", 100 * _mean(runs, "training"))
            says(f"{row['Validation %']:.2f}", 100 * _mean(runs, "validation"))
            says(f"{row['Gap, points']:.2f}", _mean(runs, "gap"))
            says(f"{row['Seconds']:.2f}", _mean(runs, "seconds"))
            assert (row["Seeds"], row["After epoch"]) == (len(runs), len(runs[0].history))
    elif "Test" in table:
        called = names(page) | {
            f"{facts.network.upper()} {describe(facts.config)}": facts for facts in page.shelf.values()
        }
        for _, row in table.iterrows():
            name = row["Name"] if "Name" in table else f"{row['Network']} {row['Settings']}"
            if " · " not in name:
                _run_row(called[name], row)
            elif name.startswith("Seed "):
                seed, _, of = name.removeprefix("Seed ").partition(" · ")
                _run_row(next(facts for facts in seeds_of(page, of) if facts.config.seed == int(seed)), row)
            else:
                _group_row(page, name, row)


def seeds_of(page: Page, name: str) -> list[Facts]:
    """The runs of the shelf whose settings are called so with the usual seed."""
    return [facts for facts in page.shelf.values() if own_name(replace(facts.config, seed=0)) == name]


def _group_row(page: Page, name: str, row) -> None:
    """A row of several seeds: the means of those that are done."""
    settings, n = re.fullmatch(r"(.+) · (\d+) seeds", name).groups()
    runs = seeds_of(page, settings)
    count(n, len(runs))
    assert row["Seeds"].endswith(f" {n}")
    done = [facts for facts in runs if facts.finished]
    for column, values in (
        ("Test", [facts.answered(len(facts.history), "test").accuracy for facts in done]),
        ("Validation", [facts.history[-1].val_accuracy for facts in done]),
        ("Best validation", [max(one.val_accuracy for one in facts.history) for facts in done]),
    ):
        same(row[column], float(np.mean(values)) if values else None, f"{name}, {column}")
        if f"{column} SD" in row:
            spread = float(np.std(values, ddof=1)) if len(values) > 1 else None
            shown = row[f"{column} SD"]
            same(shown if spread is None else shown / 100, spread, f"{name}, deviation of {column}")
    states = {"done": len(done), "failed": sum(facts.status == "failed" for facts in runs)}
    assert states["done"] == len(runs) or f"{states['done']} done" in row["Status"] or not done, row["Status"]


def _run_row(facts: Facts, row) -> None:
    end = facts.history[-1] if facts.history else None
    same(
        row["Test"],
        facts.answered(len(facts.history), "test").accuracy if facts.finished else None,
        f"{facts.kind}, test",
    )
    same(row["Validation"], end and end.val_accuracy, f"{facts.kind}, validation")
    if "Training" in row:
        same(row["Training"], end and end.train_accuracy, f"{facts.kind}, training")
    if "Best validation" in row:
        same(
            row["Best validation"],
            max((one.val_accuracy for one in facts.history), default=None),
            f"{facts.kind}, best",
        )
    if facts.status != "failed":
        assert abs(row["Seconds"] - facts.checkpoint.total_seconds) < 0.06
    state = row["Status" if "Status" in row else "State"]
    assert (facts.finished and state.startswith("done")) or state.startswith(
        {"stopped": f"stopped, {len(facts.history)} of {facts.config.epochs}", "failed": "diverged"}.get(
            facts.status, "?"
        )
    ), f"{facts.kind}: {state}"
    if facts.kind in ("one tenth", "sure and wrong"):
        assert state != "done", f"{facts.kind} is {state}, without a word"


def same(shown: float, true: float | None, what: str) -> None:
    assert bool(np.isnan(float(shown if shown is not None else np.nan))) == (true is None), (
        f"{what}: {shown} for {true}"
    )
    assert true is None or abs(shown - true) < 6e-5, f"{what}: {shown}, but it is {true}"


def _digits(page: Page, table) -> None:
    matrix = now(page).matrix
    for digit, row in table.set_index("Digit").iterrows():
        right, of, read = matrix[digit, digit], matrix[digit].sum(), matrix[:, digit].sum()
        same(row["Recall"] / 100, right / of, f"recall of {digit}")
        same(row["Precision"] / 100, right / read if read else None, f"precision of {digit}")
        same(row["F1"] / 100, 2 * right / (of + read), f"F1 of {digit}")
