"""The code beside a section is the project's own."""

import inspect

import pytest

from core.cnn import CNN
from core.mlp import MLP
from core.report import code


@pytest.mark.parametrize("name", code.PARTS)
def test_every_part_is_there_word_for_word(name):
    text = inspect.getsource(code.PARTS[name].function)
    assert all(line.strip() in text for line in code.part(name).splitlines())


def test_the_cnn_is_read_without_being_imported_and_is_the_very_one():
    assert code.of_the_cnn().splitlines() == [line[4:] for line in inspect.getsource(CNN.forward).rstrip().splitlines()]


def test_several_functions_stand_below_one_another():
    text = code.of(MLP.arrays, MLP.load)
    assert text.startswith("def arrays")
    assert "\n\ndef load" in text
