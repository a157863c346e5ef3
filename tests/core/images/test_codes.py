"""Images by their names in links."""

import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest

from core.images.codes import ChosenError, chosen, code_of_drawing


def test_a_test_image_is_called_by_its_place_in_mnists_test_file(digits):
    found = chosen("test-18", digits.part)
    assert (found.image == digits.x_test[18]).all()
    assert (found.label, found.name) == (digits.y_test[18], "test image 18")


def test_a_validation_image_is_called_by_its_place_in_mnists_training_file(digits):
    found = chosen("validation-50012", digits.part)
    assert (found.image == digits.x_val[12]).all()
    assert found.label == digits.y_val[12]


@pytest.mark.parametrize("kind", ["digit", "noise", "empty", "ink", "float"])
def test_a_drawing_comes_back_from_its_own_name(kind, digits):
    noise = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    empty = np.zeros((28, 28), np.uint8)
    image = {"digit": digits.x_test[0], "noise": noise, "empty": empty, "ink": ~empty, "float": noise / np.float32(255)}
    code = code_of_drawing(image[kind])
    found = chosen(code, digits.part)
    assert (found.image == (noise if kind == "float" else image[kind])).all()
    assert (found.label, found.code) == (None, code)
    assert found.image.flags.writeable is False
    assert len(code) < 1200, "it fits into an address"


BOMB = urlsafe_b64encode(zlib.compress(bytes(10**6), 9)).decode()
SHORT = urlsafe_b64encode(zlib.compress(bytes(783), 9)).decode()


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("test-10000", "no test image 10,000"),
        ("validation-12", "50,000 to 59,999"),
        ("test--1", "not the name"),
        ("", "not the name"),
        ("test-²", "not the name"),
        ("test-" + "9" * 5000, "not the name"),
        ("drawing-", "damaged"),
        ("drawing-é", "damaged"),
        ("drawing-AAAA", "damaged"),
        ("drawing-" + "A" * 10**6, "damaged"),
        (f"drawing-{BOMB}", "damaged"),
        (f"drawing-{SHORT}", "damaged"),
    ],
)
def test_any_other_text_is_refused_in_one_sentence(code, word, digits):
    with pytest.raises(ChosenError, match=word) as refused:
        chosen(code, digits.part)
    assert len(str(refused.value)) < 120
