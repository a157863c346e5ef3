"""The confusion matrix as a picture: what every cell says, in numbers and in colours."""

import xml.etree.ElementTree as ET

import altair as alt
import numpy as np
import pytest

from core.charts.colours import DARK, LIGHT, contrast
from core.charts.matrix import (
    cells,
    difference_cells,
    matrix_chart,
    matrix_svg,
    matrix_table,
    strength,
)
from core.data import CLASSES


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.002, 0.01, 0.03, 0.1, 0.3, 0.5, 0.98, 1.0])
def test_every_number_can_be_read_on_its_cell(share, colours):
    matrix = np.zeros((CLASSES, CLASSES), int)
    matrix[0, 0], matrix[0, 1] = round(1_000 * share), 1_000 - round(1_000 * share)
    painted = cells(matrix, colours=colours) + difference_cells(matrix, matrix[::-1], colours=colours)
    assert all(contrast(cell.fill, cell.ink) > 4 for cell in painted)


def test_a_small_mistake_is_seen_and_a_hit_does_not_drown_it():
    matrix = np.diag([998] * CLASSES)
    matrix[3, 5] = 2
    painted = {(cell.true, cell.predicted): cell for cell in cells(matrix)}
    none, few, hit = painted["3", "4"], painted["3", "5"], painted["3", "3"]
    assert contrast(none.fill, few.fill) > 1.15, "0.2% is another colour than none"
    red, green, _ = (int(few.fill[i : i + 2], 16) for i in (1, 3, 5))
    assert red > green
    red, green, _ = (int(hit.fill[i : i + 2], 16) for i in (1, 3, 5))
    assert green > red
    matrix[3, 5] = 100
    worse = cells(matrix)[3 * CLASSES + 5]
    assert contrast(worse.fill, "#ffffff") > contrast(hit.fill, "#ffffff"), "the diagonal is muted"


def test_strength_grows_from_none_to_full():
    strengths = [strength(share) for share in (0, 0.001, 0.002, 0.01, 0.05, 0.3, 1)]
    assert strengths == sorted(strengths)
    assert (strengths[0], strengths[-1]) == (0, 1)


def test_the_numbers_in_the_cells_are_percent_or_counts_and_nothing_where_nothing_is():
    matrix = np.diag([1_000] * CLASSES)
    matrix[3] = [0, 0, 0, 2_400, 0, 5, 0, 0, 0, 0]
    words = {(cell.true, cell.predicted): cell.words for cell in cells(matrix)}
    assert (words["0", "0"], words["3", "3"], words["3", "5"], words["3", "4"]) == ("100", "99.8", "0.2", "")
    counts = {(cell.true, cell.predicted): cell.words for cell in cells(matrix, counts=True)}
    assert (counts["3", "3"], counts["3", "5"]) == ("2,400", "5")


def test_a_difference_is_white_at_zero_and_coloured_by_what_is_better():
    before, after = np.diag([100] * CLASSES), np.diag([100] * CLASSES)
    after[3, 3], after[3, 5] = 90, 10
    painted = {(cell.true, cell.predicted): cell for cell in difference_cells(before, after)}
    back = {(cell.true, cell.predicted): cell for cell in difference_cells(after, before)}
    assert painted["0", "0"].fill == "#ffffff"
    assert (painted["3", "3"].words, painted["3", "5"].words) == ("−10.0", "+10.0")
    assert painted["3", "3"].fill == painted["3", "5"].fill, "fewer right and more wrong are equally bad"
    assert back["3", "3"].fill == back["3", "5"].fill != painted["3", "3"].fill


def test_the_chart_marks_the_chosen_cell_and_its_selection_names_cells():
    table = matrix_table(cells(np.eye(CLASSES, dtype=int)), chosen=(3, 5), turn=4)
    assert table.loc[table["chosen"], ["true", "predicted"]].to_numpy().tolist() == [["3", "5"]]
    assert (table["turn"] == 4).all()
    for points in (False, True):
        (selection,) = matrix_chart(points=points)["params"]
        assert selection["select"]["fields"] == ["true", "predicted", "turn"]
    assert "params" not in matrix_chart(chosen=False)


def test_the_picture_is_an_svg_with_every_number():
    counts = np.random.default_rng(1).integers(0, 2_000, (CLASSES, CLASSES))
    root = ET.fromstring(matrix_svg(cells(counts, counts=True), "MLP & <friends>"))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "MLP & <friends>" in texts
    for n in counts[counts > 0]:
        assert f"{n:,}" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 1 + CLASSES**2


@pytest.mark.parametrize("points", [False, True])
@pytest.mark.parametrize("chosen", [False, True])
def test_the_chart_is_vega_lite(points, chosen):
    spec = matrix_chart(DARK, points, chosen)
    assert len(alt.Chart.from_dict(spec).to_dict()["layer"]) == 2 + chosen
