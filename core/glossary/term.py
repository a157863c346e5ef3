"""What the glossary says of a word, and the places in the lab that it sends a reader to."""

from typing import NamedTuple

from core.config import PRESETS

Place = tuple[str, str]  # what it is called, and its address


class Term(NamedTuple):
    """A word of the field, as this project uses it."""

    name: str
    forms: str  # how the pages write it, as an expression without groups
    says: str  # a sentence or two of plain text: it is also shown to whoever points at the word
    see: tuple[Place, ...]  # where it can be seen
    formula: str = ""  # in LaTeX


CNN = PRESETS["CNN full"].key
HOME = ("Home", "./")
TRAIN = ("Train", "train")
CNNS = ("Train, CNN", "train?network=cnn")
OVERFITTING = ("Over-fitting", "overfitting")
SEARCH = ("Search", "search")
NEURONS = ("Weights, Neurons", "weights?view=neurons")
WHY = ("Weights, Why this answer?", "weights?view=why")
STEP = ("Weights, One step", "weights?view=step")
BREAK = ("Weights, Break it", "weights?view=break")
FILTERS = ("Weights, Filters", f"weights?run={CNN}&view=filters")
LAYERS = ("Weights, Layer by layer", f"weights?run={CNN}&view=layers")
PIXEL = ("Weights, One pixel", f"weights?run={CNN}&view=pixel")
MATRIX = ("Confusion, Matrix", "confusion?view=matrix")
DIGITS = ("Confusion, Per digit", "confusion?view=digits")
CERTAINTY = ("Confusion, How sure?", "confusion?view=certainty")
COMPARE = ("Confusion, Two runs", "confusion?view=compare")
