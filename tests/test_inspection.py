"""What is inside a network."""

import numpy as np

from core.inspection import templates
from core.paint import LIGHT


def test_every_template_is_the_neurons_weights():
    w1 = np.zeros((64, 784), np.float32)
    w1[10, 28 * 3 + 5] = 1.0  # row 3, column 5 of the eleventh neuron: second row, third column of the sheet
    w1[:, 0] = -1.0
    sheet = templates(w1)
    assert sheet.shape == (8 * 30 + 2, 8 * 30 + 2, 3)
    assert sheet[30 + 2 + 3, 60 + 2 + 5].tolist() == list(LIGHT.positive)
    assert (sheet[2::30, 2::30][:8, :8] == LIGHT.negative).all()
