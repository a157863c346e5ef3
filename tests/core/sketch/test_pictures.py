"""Whatever picture comes in, it is paper and ink, or it is refused: blank pages, edges, margins, bit depths and light."""

import io
from collections import Counter, defaultdict

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core import checkpoints
from core.__main__ import main
from core.config import PRESETS
from core.sketch.light import CONTRAST
from core.sketch.preprocessing import to_mnist
from core.sketch.upload import read
from tests.core.sketch.test_preprocessing import alike
from tests.generated_pictures import pictures
from tests.generated_textures import TEXTURES, textures
from tests.strokes import STROKES, drawn, placed

pytestmark = pytest.mark.slow

NETWORKS = ("MLP full", "CNN full", "CNN sketch")
CLAIMED = 0.9
WRONG = 0.02  # of all pictures, at most, may get a wrong answer that claims more than CLAIMED


def file(values: np.ndarray, kind: str = "PNG", **options) -> bytes:
    data = io.BytesIO()
    Image.fromarray(values).save(data, kind, **options)
    return data.getvalue()


@pytest.fixture(scope="module")
def reader():
    return checkpoints.load(PRESETS["CNN sketch"].key).model


def number(data: bytes, reader) -> str:
    """What is read on a picture, digit by digit."""
    parts = read(data).parts
    return (
        "".join(map(str, reader.predict_proba(np.stack([part.image for part in parts])).argmax(axis=1)))
        if parts
        else ""
    )


def page(digit: int | None = 4, side: int = 300, paper: float = 230, ink: float = 40) -> np.ndarray:
    """(side, side) float: a sheet with one digit in the middle, or with none."""
    mask = (
        drawn(placed(STROKES[digit], side * 0.28, side * 0.22, side * 0.5), side, side * 0.05) / 255
        if digit is not None
        else 0
    )
    return np.full((side, side), float(paper)) + (ink - paper) * mask


def levels(grey: np.ndarray) -> np.ndarray:
    return grey.round().clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", [0, 1])
def test_of_200_pictures_hardly_any_gets_a_wrong_answer_that_claims_to_be_sure(seed, digits):
    """The 1 of Pillow's own font is left out: all three networks take it for a 7, however well it is drawn."""
    made = pictures(digits, 200, seed)
    found = [read(picture.data).parts for picture in made]
    table: dict[str, Counter] = defaultdict(Counter)
    surely_wrong = Counter()
    for name in NETWORKS:
        model = checkpoints.load(PRESETS[name].key).model
        for picture, parts in zip(made, found, strict=True):
            probs = model.predict_proba(np.stack([part.image for part in parts])) if parts else np.zeros((0, 10))
            answer = probs.argmax(axis=1).tolist()
            right = answer == ([] if picture.digit is None else [picture.digit])
            table[picture.kind][f"{name} right"] += right
            table[picture.kind]["no answer"] += name == NETWORKS[0] and not parts
            if not right and probs.max(initial=0) > CLAIMED:
                table[picture.kind][f"{name} surely wrong"] += 1
                surely_wrong[name] += 1
    print(f"\n{'':30} pictures, no answer; right and surely wrong of {', '.join(NETWORKS)}")
    for kind, n in sorted(Counter(picture.kind for picture in made).items()):
        row = table[kind]
        shares = "  ".join(f"{row[f'{name} right']:3} {row[f'{name} surely wrong']:2}" for name in NETWORKS)
        print(f"{kind:30} {n:3} {row['no answer']:3}   {shares}")
    print({name: f"{surely_wrong[name] / len(made):.1%} surely wrong" for name in NETWORKS})
    for name in NETWORKS:
        assert surely_wrong[name] <= WRONG * len(made), name
    with_a_digit = [parts for picture, parts in zip(made, found, strict=True) if picture.digit is not None]
    assert sum(map(bool, with_a_digit)) >= 0.95 * len(with_a_digit), "refusing everything would be too easy"


RNG = np.random.default_rng(0)
GRAIN = RNG.normal(0, 1, (300, 300))
DOWN, RIGHT = np.ogrid[:300, :300]
BLANK = {
    "white": file(np.full((300, 300), 255, np.uint8)),
    "black": file(np.zeros((300, 300), np.uint8)),
    "grey": file(np.full((300, 300), 128, np.uint8)),
    "grainy": file(levels(200 + 6 * GRAIN)),
    "very grainy": file(levels(150 + 25 * GRAIN)),
    "black and grainy": file(levels(20 + 6 * GRAIN)),
    "small": file(np.full((28, 28), 255, np.uint8)),
    "16 bits, white": file(np.full((300, 300), 65_535, np.uint16)),
    "16 bits, black": file(np.zeros((300, 300), np.uint16)),
    "16 bits, grainy": file((40_000 + 150 * GRAIN).astype(np.uint16)),
    "16 bits, black and grainy": file((300 + 50 * GRAIN).astype(np.uint16)),
    "16 bits, one hot pixel": file(
        np.where(np.arange(90_000).reshape(300, 300) == 40_000, 65_535, 900).astype(np.uint16)
    ),
    "floats, grainy": file((0.5 + 0.001 * GRAIN).astype(np.float32), "TIFF"),
    "floats around 0": file(GRAIN.astype(np.float32), "TIFF"),
    "tilted light": file(levels(np.linspace(120, 240, 300)[:, None] + np.zeros((300, 300)))),
    "a dark strip": file(levels(np.where(np.arange(300) < 25, 20, 235) + np.zeros((300, 300)))),
    "a dark frame": file(np.pad(np.full((300, 300), 235, np.uint8), 20, constant_values=30)),
    "a sheet on a desk": file(np.pad(np.full((300, 300), 235, np.uint8), 90, constant_values=60)),
    "a dark sheet on a white desk": file(np.pad(np.full((300, 300), 40, np.uint8), 60, constant_values=240)),
    "punch holes": file(levels(np.where(np.hypot(DOWN - 75, RIGHT - 30) < 9, 30, 235))),
    "ruled": file(levels(np.where(DOWN % 30 < 2, 170, 245) + np.zeros((300, 300)))),
    "squared": file(levels(np.where((DOWN % 25 < 2) | (RIGHT % 25 < 2), 170, 245))),
    "all transparent": file(np.zeros((300, 300, 4), np.uint8)),
    "a white card on nothing": file(np.pad(np.full((200, 260, 4), 255, np.uint8), ((40, 40), (20, 20), (0, 0)))),
}


@pytest.mark.parametrize("kind", BLANK)
def test_on_a_page_with_nothing_on_it_there_is_no_digit(kind):
    found = read(BLANK[kind])
    assert found.parts == []
    assert found.problem.startswith("There is no digit on this picture")


@pytest.mark.parametrize("digit", range(10))
def test_a_16_bit_scan_with_a_hot_pixel_is_read(digit, reader):
    scan = (page(digit) * 12 + RNG.normal(0, 15, (300, 300))).astype(np.uint16)  # 12 bits in 16
    scan[3, 280] = scan[150, 7] = 65_535
    assert number(file(scan), reader) == str(digit)
    assert number(file((4_000 - scan.clip(0, 4_000)).astype(np.uint16)), reader) == str(digit), "light on dark"


@pytest.mark.parametrize("range_", [(0, 1), (-1, 1), (0, 1e-3), (1_000, 1_100)])
def test_floats_in_any_range_are_read(range_, reader):
    low, high = range_
    scan = (low + page(7) / 255 * (high - low)).astype(np.float32)
    scan[5, 5], scan[9, 200] = np.nan, low + 40 * (high - low)
    assert number(file(scan, "TIFF"), reader) == "7"


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("under", [0, 255])
def test_paper_with_a_transparent_margin_or_rounded_corners_lies_on_its_own_colour(digit, dark, under, reader):
    grey = levels(page(digit))
    grey = 255 - grey if dark else grey
    card = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    with_margin = np.full((400, 380, 4), (under, under, under, 0), np.uint8)
    with_margin[60:360, 50:350] = card
    assert number(file(with_margin), reader) == str(digit)
    shape = Image.new("L", (300, 300))
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, 299, 299), 60, 255)
    card[:, :, 3] = np.asarray(shape)
    card[card[:, :, 3] == 0, :3] = under
    assert number(file(card), reader) == str(digit)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("light_ink", [False, True])
def test_a_picture_that_is_cut_at_the_ink_is_neither_turned_inside_out_nor_refused(digit, light_ink, reader):
    sheet = Image.new("L", (80, 80), 255)
    ImageDraw.Draw(sheet).text((20, 20), str(digit), 0, ImageFont.load_default(36))
    grey = np.asarray(sheet)
    rows, columns = np.nonzero(grey < 128)
    grey = grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    grey = np.asarray(Image.fromarray(grey).resize((20, 26), Image.Resampling.BICUBIC))
    right = to_mnist(1 - grey / np.float32(255), paper=0.0)
    grey = 255 - grey if light_ink else grey
    for image in (to_mnist(grey), read(file(grey)).parts[0].image):
        assert alike(image, right) > 0.95
    if digit != 1:  # whose flag is so long in this font that it is a 7 to those who learnt from MNIST
        assert number(file(grey), reader) == str(digit)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("tone", [10, 90])
def test_what_lies_along_the_sides_is_no_digit(digit, tone, reader):
    strip = page(digit)
    strip[:, :22] = tone
    assert number(file(levels(strip)), reader) == str(digit)
    strip[280:] = tone
    assert number(file(levels(strip)), reader) == str(digit)
    on_a_desk = np.pad(page(digit), ((50, 90), (70, 40)), constant_values=tone)
    assert number(file(levels(on_a_desk)), reader) == str(digit)
    holes = page(digit)
    for row in (60, 240):
        holes[np.hypot(DOWN - row, RIGHT - 25) < 9] = tone
    assert number(file(levels(holes)), reader) == str(digit)


@pytest.mark.parametrize("digit", [1, 4, 7])
def test_a_faint_shadow_beside_a_digit_is_none(digit, reader):
    shadow = 1 - 0.2 * np.exp(-(((RIGHT - 250 + 0.2 * DOWN) / 12) ** 2) - ((DOWN - 150) / 90) ** 4)
    assert number(file(levels(page(digit) * shadow)), reader) == str(digit)


@pytest.mark.parametrize("digit", range(10))
def test_a_pencil_of_the_promised_contrast_is_read_and_half_of_it_is_not(digit, reader):
    pencil = page(digit, paper=225, ink=225 * (1 - CONTRAST))
    assert number(file(levels(pencil + 2 * GRAIN)), reader) == str(digit)
    shade = page(digit, paper=225, ink=225 * (1 - CONTRAST / 2))
    assert read(file(levels(shade + 2 * GRAIN))).parts == []


@pytest.mark.parametrize("kind", TEXTURES, ids=lambda kind: kind.__name__)
def test_where_there_is_no_digit_none_is_read(kind, tmp_path, capsys):
    """The page says `read`'s sentence; the command line says the same one."""
    for number, grey in enumerate(textures(kind, 12, seed=0)):
        found = read(file(grey))
        assert found.parts == [], number
        assert found.problem.startswith(("There is no digit on this picture", "It cannot be told", "There are"))
    path = tmp_path / "texture.png"
    path.write_bytes(file(grey))
    assert main(["predict", PRESETS["CNN sketch"].key, str(path)]) == 1
    assert capsys.readouterr().err == f"python -m core: {path}: {found.problem}\n"


@pytest.mark.parametrize("squared", [False, True])
def test_on_lines_that_are_not_quite_level_a_digit_is_right_or_cannot_be_told(squared, reader):
    """Lines of 170 on 245, 20 to 60 pixels apart and 1 to 3 wide, turned by up to 3 degrees."""
    said = []
    for number_ in range(30):
        rng = np.random.default_rng((number_, squared))
        angle, every, wide = np.radians(rng.uniform(-3, 3)), rng.uniform(20, 60), rng.uniform(1, 3)
        places = [np.cos(angle) * DOWN + np.sin(angle) * RIGHT, np.cos(angle) * RIGHT - np.sin(angle) * DOWN]
        lines = [np.clip(wide / 2 + 0.5 - np.abs(place % every - every / 2), 0, 1) for place in places[: 1 + squared]]
        lined = 245 - 75 * np.maximum.reduce(lines)
        mask = (255 - page(number_ % 10, paper=255, ink=0)) / 255
        said.append(number(file(levels(lined * (1 - mask) + rng.uniform(20, 90) * mask)), reader))
        assert said[-1] in ("", str(number_ % 10)), (number_, np.degrees(angle), every, wide)
    assert said.count("") <= 8, "refusing everything would be too easy"


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("squared", [False, True])
def test_lines_that_are_printed_on_the_paper_are_no_ink(digit, squared, reader):
    lined = np.where(DOWN % 28 < 2, 170.0, 245.0) + np.zeros((300, 300))
    if squared:
        lined[:, RIGHT[0] % 28 < 2] = 170
    mask = (255 - page(digit, paper=255, ink=0)) / 255
    assert number(file(levels(lined * (1 - mask) + 40 * mask)), reader) == str(digit)


@pytest.mark.parametrize("digit", range(10))
def test_a_hard_shadow_across_a_digit_hides_nothing(digit, reader):
    shadow = np.where(RIGHT + 0.4 * DOWN > 200, 0.55, 1)
    assert number(file(levels(page(digit) * shadow), "JPEG", quality=85), reader) == str(digit)


def test_a_phones_photo_of_20_megapixels_in_an_mpo_is_as_good_as_a_jpeg(reader):
    large = Image.fromarray(levels(page(3))).convert("RGB").resize((5_200, 4_000), Image.Resampling.BILINEAR)
    one, two = io.BytesIO(), io.BytesIO()
    large.save(one, "JPEG", quality=70)
    large.save(two, "MPO", quality=70, save_all=True, append_images=[large.resize((520, 400))])
    jpeg, mpo = one.getvalue(), two.getvalue()
    assert Image.open(io.BytesIO(mpo)).format == "MPO"
    assert number(jpeg, reader) == number(mpo, reader) == "3"
    np.testing.assert_array_equal(read(jpeg).picture, read(mpo).picture)


def test_what_cannot_be_told_is_said_rather_than_read():
    rows = [drawn(placed(STROKES[digit], 5, 5, 30), 40, 3) for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3)]
    found = read(file(255 - np.hstack(rows)))
    assert found.parts == []
    assert found.problem == "There are 12 pieces of ink here: at most 8 digits can be read."


def test_any_picture_of_patches_and_grain_is_read_or_refused():
    rng = np.random.default_rng(0)
    for _ in range(60):
        height, width = rng.integers(1, 160, 2)
        size = int(rng.integers(1, 40))
        patches = rng.uniform(0, 255, (-(-height // size), -(-width // size)))
        grey = np.kron(patches, np.ones((size, size)))[:height, :width] + rng.normal(
            0, rng.choice([0, 5, 40]), (height, width)
        )
        found = read(file(levels(grey)))
        assert bool(found.parts) != bool(found.problem)
