"""The report's figures again, from the runs that are here: each with a sentence that says what it shows."""

import numpy as np
import streamlit as st

from core.charts import curves
from core.charts.colours import inked, tile
from core.charts.matrix import cells, matrix_chart, matrix_table
from core.charts.pictures import templates
from core.charts.sent import sent
from core.checkpoints import Summary
from core.data import VAL_SIZE
from core.report import said
from core.words import counted, listed, share_words
from ui.pictures import colours, data_url, palette
from ui.report.material import Networks
from ui.shared import digits
from ui.words import linked


def untrained(networks: Networks) -> None:
    """Figure 1: five training images, and what a network says to them that has learnt nothing."""
    images, labels, answered = first_five(networks)
    st.image(
        data_url(tile(inked(images, colours()), 5, colours=colours()), 3), width=430, alt="Five handwritten digits"
    )
    st.caption(
        linked(
            f"As in its Figure 1: the first five training images, which are {listed(map(str, labels))}. "
            f"Before training, the network says {listed(map(str, answered))}."
        )
    )


def first_five(networks: Networks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first five training images (5, 28, 28), their labels (5,), and what the network says before training (5,)."""
    n = len(said.UNTRAINED)
    images, labels = digits().x_train[:n], digits().y_train[:n]
    return images, labels, networks.first.predict_proba(images).argmax(axis=1)


def accuracy(number: int, name: str, run: Summary) -> None:
    """Figures 2 to 4 and 6 to 8: the accuracies of a run, epoch by epoch."""
    last, size = run.history[-1], run.config.train_size
    table = curves.points(curves.ACCURACY, run.history)
    ends = curves.span(curves.ACCURACY, table["value"].to_pylist())
    spec = curves.live_curves(curves.ACCURACY, run.config.epochs, ends, False, palette())
    st.vega_lite_chart(table, spec, key=f"figure_{number}", alt=f"Training and validation accuracy of {name} by epoch")
    st.caption(
        f"As in its Figure {number}: {name}, on {counted(size, 'image')}. After epoch {last.epoch} it reads "
        f"{share_words(last.train_accuracy, size)} of them right, and {share_words(last.val_accuracy, VAL_SIZE)} of the validation images."
    )


def matrix(networks: Networks) -> None:
    """The confusion matrix, in percent of each row, as the report prints it."""
    table = matrix_table(cells(networks.answers.matrix, False, colours()))
    spec = matrix_chart(colours(), chosen=False) | {"datasets": {"cells": sent(table)}, "height": 380}
    st.vega_lite_chart(spec, key="report_matrix", alt="The confusion matrix of MLP full on the test images")
    st.caption(
        "What each true digit (row) is read as (column), in percent of the row. Green is right, orange is wrong; an empty cell holds "
        "no image."
    )


def all_templates(networks: Networks) -> None:
    """Figure 5: the first layer's weights, a picture for each neuron."""
    picture = data_url(templates(networks.trained.w1, colours()), 2)
    st.image(picture, width="stretch", alt="The weights of every hidden neuron as pictures of 28 by 28 pixels")
    st.caption(
        f"As in its Figure 5: what each of the {len(networks.trained.w1)} hidden neurons looks for. Ink on red makes a neuron fire, ink "
        "on blue holds it back."
    )
