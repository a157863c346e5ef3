"""Four lessons whose experiment asks networks that are trained: before training, on moved digits, and on drawings; and looks inside."""

import numpy as np

from core.analysis.evaluation import Answers, Share, answers, difference_interval
from core.analysis.neurons import net_inputs
from core.config import PRESETS
from core.data import CLASSES, SIDE, TEST_SIZE
from core.images.corruption import Corruption, corrupted
from core.lessons.lesson import Bars, Lesson, Material, Outcome, Pictures, Way, Weights
from core.lessons.prediction import Answer, Number, OneOf
from core.mlp import MLP
from core.networks import Model
from core.sketch.preprocessing import raw_resize, to_mnist
from core.training import model_at
from core.words import article, counted, percent, share_words, signed

MLP_RUN, CNN_RUN = PRESETS["MLP full"], PRESETS["CNN full"]
MOVED = Corruption(right=3)
NEURON = 4  # of the MLP: its template is plain to see
EXCITED = 100  # test images
DRAWINGS = 200  # test digits on a sheet of their own: each is made ready in about 2 ms
SHEET = 2 * SIDE  # pixels of its side: the digit has its upper left quarter
SHOWN = 6  # images beside a question
DIGITS = OneOf({str(digit): str(digit) for digit in range(CLASSES)})


def untrained(found: Material) -> Outcome:
    said = _test(model_at(found.runs["MLP"], 0), found)
    counts = np.bincount(said.digits, minlength=CLASSES)
    commonest = int(counts.argmax())
    return Outcome(
        Answer(said.accuracy.value * 100, _words(said.accuracy)),
        [
            f"It reads {said.accuracy.count:,} of the 10,000 right.",
            f"Its commonest answer is {commonest}, to {counts[commonest]:,} of them, of which "
            f"{counted(int((said.labels == commonest).sum()), 'is', 'are')} {article(commonest)} {commonest}.",
            f"It gives its answers a probability of {percent(float(said.confidence.mean()))} on the average.",
        ],
        said.accuracy.value < 0.2,
        "Before training nothing in a network knows digits: about one answer in ten is right, which is what guessing brings. Whatever it can do "
        "later, training has put there.",
        Bars(
            "How often it answers each digit, of 10,000",
            {str(digit): float(count) for digit, count in enumerate(counts)},
            [f"{count:,}" for count in counts],
            float(TEST_SIZE),
            frozenset({str(commonest)}),
        ),
    )


def shift(found: Material) -> Outcome:
    moved = corrupted(found.digits.x_test, MOVED)
    before = {name: _test(run.model, found).accuracy for name, run in found.runs.items()}
    after = {name: _share(run.model, moved, found.digits.y_test) for name, run in found.runs.items()}
    return Outcome(
        Answer(after["MLP"].value * 100, _words(after["MLP"])),
        [
            f"The {name} reads {_words(before[name])} of them where they stand, and {_words(after[name])} three pixels to the right."
            for name in found.runs
        ],
        _more(after["CNN"], after["MLP"]) and after["MLP"].value < before["MLP"].value - 0.05,
        "The MLP has learnt where ink is: moved ink meets other weights. The CNN lays the same kernels on every place, and pooling forgives a pixel "
        "or two, so it loses less; but it loses as well.",
        Bars(
            "Test images read right",
            {
                f"{name}, {where}": share.value * 100
                for name in found.runs
                for where, share in (("in place", before[name]), ("moved", after[name]))
            },
            [_words(share) for name in found.runs for share in (before[name], after[name])],
            100.0,
            frozenset(f"{name}, moved" for name in found.runs),
        ),
    )


def moved_digits(found: Material) -> Pictures:
    first = found.digits.x_test[:SHOWN]
    return Pictures({"In place": first / np.float32(255), "Moved": corrupted(first, MOVED)})


def neuron(found: Material) -> Outcome:
    model = _mlp(found)
    inputs = net_inputs(model, found.digits.x_test)[:, NEURON]
    strongest = np.argsort(-inputs, kind="stable")[:EXCITED]
    counts = np.bincount(found.digits.y_test[strongest], minlength=CLASSES)
    digit = int(counts.argmax())
    as_good = frozenset(
        str(other)
        for other in range(CLASSES)
        if other != digit and not _more(Share(int(counts[digit]), EXCITED), Share(int(counts[other]), EXCITED))
    )
    voted = int(model.w2[:, NEURON].argmax())
    return Outcome(
        Answer(str(digit), str(digit), as_good),
        [
            f"Of the {EXCITED} test images that excite it most, {counts[digit]} show {article(digit)} {digit}.",
            f"Of its ten weights to the outputs the largest, {signed(float(model.w2[voted, NEURON]), 1)}, leads to {voted}"
            f"{': the same digit' if voted == digit else ': another digit'}.",
        ],
        counts[digit] > EXCITED / 2,
        "The weights of a hidden neuron are a template: the more of an image's ink lies on red and the less on blue, the more it is excited. What "
        "that speaks for is the second layer's choice, which need not be the digit that the template looks like.",
        Pictures({"The six that excite it most": found.digits.x_test[strongest[:SHOWN]] / np.float32(255)}),
    )


def template(found: Material) -> Weights:
    return Weights(_mlp(found).w1[NEURON])


def hardest(found: Material) -> Outcome:
    said = _test(found.runs["MLP"].model, found)
    rights = [
        Share(int((said.right & (said.labels == digit)).sum()), int((said.labels == digit).sum()))
        for digit in range(CLASSES)
    ]
    worst = min(range(CLASSES), key=lambda digit: rights[digit].value)
    best = max(range(CLASSES), key=lambda digit: rights[digit].value)
    as_good = frozenset(
        str(digit) for digit in range(CLASSES) if digit != worst and not _more(rights[digit], rights[worst])
    )
    true, taken = _commonest_mistake(said.matrix)
    return Outcome(
        Answer(str(worst), str(worst), as_good),
        [
            f"It reads {_words(rights[worst])} of the {worst}s right, the fewest, and {_words(rights[best])} of the {best}s, the most.",
            f"The mistake that it makes most often is to take {article(true)} {true} for {article(taken)} {taken}: "
            f"{said.matrix[true, taken]} times.",
        ],
        str(best) not in as_good,
        "One accuracy for all digits hides which of them pay for it. Digits are hard where another one looks alike, so the mistakes of a network "
        "are best read pair by pair.",
        Bars(
            "Test images of each digit that are not read right",
            {str(digit): (1 - share.value) * 100 for digit, share in enumerate(rights)},
            [share_words(1 - share.value, share.n) for share in rights],
            max(1.0, max((1 - share.value) * 100 for share in rights)),
            frozenset({str(worst)}),
        ),
    )


def _commonest_mistake(matrix: np.ndarray) -> tuple[int, int]:
    """The true digit and the answer of the largest cell (10, 10) beside the diagonal."""
    mistakes = matrix * (1 - np.eye(CLASSES, dtype=matrix.dtype))
    true, taken = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    return int(true), int(taken)


def ready(found: Material) -> Outcome:
    sheets, labels = _sheets(found, DRAWINGS), found.digits.y_test[:DRAWINGS]
    shrunk = np.stack([raw_resize(sheet) for sheet in sheets])
    made = np.stack([to_mnist(sheet) for sheet in sheets])
    rights = {
        name: (_share(run.model, shrunk, labels), _share(run.model, made, labels)) for name, run in found.runs.items()
    }
    return Outcome(
        Answer(rights["CNN"][0].value * 100, _words(rights["CNN"][0])),
        [
            f"The {name} reads {_words(raw)} of the {DRAWINGS} when the sheet is shrunk, and {_words(cut)} when they are made ready."
            for name, (raw, cut) in rights.items()
        ],
        all(_more(cut, raw) for raw, cut in rights.values()),
        "A network reads what looks like what it has learnt from, and MNIST's digits were cut out, scaled to 20 pixels and centred. So every drawing "
        "is made ready in the same way, before any network is asked.",
        Pictures({"Shrunk": shrunk[:SHOWN], "Made ready": made[:SHOWN]}),
    )


def sheets(found: Material) -> Pictures:
    return Pictures({"On their sheets": 1 - _sheets(found, SHOWN)[:, ::2, ::2] / np.float32(255)})


def _sheets(found: Material, n: int) -> np.ndarray:
    """The first test digits in ink on white sheets (n, 56, 56) uint8, each in the upper left quarter."""
    drawn = np.full((n, SHEET, SHEET), 255, np.uint8)
    drawn[:, :SIDE, :SIDE] -= found.digits.x_test[:n]
    return drawn


def _mlp(found: Material) -> MLP:
    model = found.runs["MLP"].model
    assert isinstance(model, MLP)
    return model


def _test(model: Model, found: Material) -> Answers:
    return answers(model.predict_proba(found.digits.x_test), found.digits.y_test)


def _share(model: Model, images: np.ndarray, labels: np.ndarray) -> Share:
    """How many images a network reads right."""
    return Share(int((model.predict_proba(images).argmax(axis=1) == labels).sum()), len(labels))


def _words(share: Share) -> str:
    return share_words(share.value, share.n)


def _more(first: Share, second: Share) -> bool:
    """Whether the first share is larger by more than chance."""
    return difference_interval(first.value, first.n, second.value, second.n)[0] > 0


LESSONS = {
    "untrained": Lesson(
        "What does a network know before it has learnt?",
        "Untrained",
        "An MLP is given random weights, and has not seen a single digit. It is shown the 10,000 test images, and answers to each. How many percent of its "
        "answers are right?",
        Number(),
        {"MLP": MLP_RUN},
        untrained,
        [Way("weights", "Its weights before training", {"run": MLP_RUN.key, "epoch": "0"})],
    ),
    "shift": Lesson(
        "Three pixels to the right",
        "Moved digits",
        "Every test image is moved three pixels to the right. How many percent of them does the MLP, which has learnt from all images, still read?",
        Number(),
        {"MLP": MLP_RUN, "CNN": CNN_RUN},
        shift,
        [
            Way(
                "confusion",
                "Move, turn and thicken them on Confusion",
                {"run": MLP_RUN.key, "other": CNN_RUN.key, "view": "damage", "right": str(MOVED.right)},
            )
        ],
        moved_digits,
    ),
    "neuron": Lesson(
        "What does a hidden neuron look for?",
        "A neuron",
        "These are the 784 weights of one hidden neuron of the MLP that has learnt from all images: ink on red excites it, ink on blue holds it back. Which "
        "digit do the test images that excite it most show?",
        DIGITS,
        {"MLP": MLP_RUN},
        neuron,
        [Way("weights", "This neuron on Weights", {"run": MLP_RUN.key, "view": "neurons", "unit": str(NEURON)})],
        template,
    ),
    "hardest": Lesson(
        "Which digit is the hardest?",
        "Hardest digit",
        "The MLP that has learnt from all images reads the 10,000 test images. Of which digit does it miss the largest share?",
        DIGITS,
        {"MLP": MLP_RUN},
        hardest,
        [
            Way("confusion", "Every mistake on Confusion", {"run": MLP_RUN.key}),
            Way("confusion", "Digit by digit", {"run": MLP_RUN.key, "view": "digits"}),
        ],
    ),
    "ready": Lesson(
        "Why is a drawing made ready first?",
        "Drawings",
        f"{DRAWINGS} test digits are drawn in the upper left corner of a sheet, and the whole sheet is shrunk to 28 by 28 pixels, which is the size "
        "that the networks take. How many percent of them does the CNN read, which has learnt from all images?",
        Number(),
        {"MLP": MLP_RUN, "CNN": CNN_RUN},
        ready,
        [Way("sketch", "Draw one, and see how it is made ready", {"source": "draw", "view": "made"})],
        sheets,
    ),
}
