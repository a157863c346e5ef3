"""MNIST, verified and split: the first 50,000 training images to learn from, the last 10,000 to validate, and the test set.

MNIST: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA_FILE = Path(__file__).parent.parent / "data" / "mnist.npz"
TRAIN_SIZE, VAL_SIZE, TEST_SIZE = 50_000, 10_000, 10_000
SIDE, CLASSES = 28, 10  # an image is SIDE x SIDE pixels and shows one of so many digits
PIXELS = SIDE * SIDE

# SHA-256 of the bytes of each array. The arrays match the MD5 sums published for MNIST's four original files.
DIGESTS = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
# One short name for the whole data set; a checkpoint carries it.
DATA_DIGEST = hashlib.sha256("".join(DIGESTS.values()).encode()).hexdigest()[:16]

Images = tuple[np.ndarray, np.ndarray]  # (n, 28, 28) and their labels (n,)


class DataError(RuntimeError):
    """The data file is missing or is not MNIST. The message says which file, what is wrong and what to do."""


class Digits(NamedTuple):
    """Images are (n, 28, 28) uint8, 0 paper to 255 ink; labels are (n,) uint8, 0 to 9. All arrays are read-only."""

    x_train: np.ndarray  # (50000, 28, 28)
    y_train: np.ndarray
    x_val: np.ndarray  # (10000, 28, 28)
    y_val: np.ndarray
    x_test: np.ndarray  # (10000, 28, 28)
    y_test: np.ndarray

    def part(self, name: str) -> Images:
        """The images and labels of a part: "training", "validation" or "test"."""
        match name:
            case "training":
                return self.x_train, self.y_train
            case "validation":
                return self.x_val, self.y_val
            case "test":
                return self.x_test, self.y_test
        raise ValueError(f"There is no part called “{name}”.")


def load_digits(path: Path = DATA_FILE) -> Digits:
    """MNIST from an npz file in the layout of Keras's mnist.npz. Raises DataError unless every array is MNIST's own."""
    images, labels = _verified(path, "train")
    return Digits(
        images[:TRAIN_SIZE],
        labels[:TRAIN_SIZE],
        images[TRAIN_SIZE:],
        labels[TRAIN_SIZE:],
        *load_test(path),
    )


def load_test(path: Path = DATA_FILE) -> Images:
    """The test images and labels alone, the same arrays as in `load_digits`, in a seventh of the time. Raises DataError."""
    return _verified(path, "test")


@lru_cache(maxsize=4)
def _verified(path: Path, half: str) -> Images:
    """The images and labels of one of MNIST's two halves, "train" or "test": read once, and read-only."""
    arrays = {name: read_array(path, name) for name in (f"x_{half}", f"y_{half}")}
    for name, array in arrays.items():
        if hashlib.sha256(array.data).hexdigest() != DIGESTS[name]:
            raise DataError(f"{path} is damaged: its {name} is not MNIST's. {_restore(path)}")
    images, labels = arrays.values()
    return images, labels


def read_array(path: Path, name: str) -> np.ndarray:
    """An array of an npz file that comes with the project, read-only. Raises DataError where there is none that can be read."""
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            array = np.ascontiguousarray(file[name])
    except FileNotFoundError:
        raise DataError(f"{path} is missing. {_restore(path)}") from None
    except Exception as error:  # damaged bytes raise a dozen kinds in zipfile, zlib, tokenize and NumPy
        raise DataError(f"{path} cannot be read ({error}). {_restore(path)}") from None
    array.flags.writeable = False
    return array


def _restore(path: Path) -> str:
    or_else = ", or copy Keras's mnist.npz to that place" if path.name == DATA_FILE.name else ""
    return f"Restore it with “git checkout -- data/{path.name}”{or_else}."
