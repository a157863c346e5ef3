"""MNIST as the project holds it, against what is published about it."""

import hashlib
import io
import zipfile

import numpy as np
import pytest

from core.data import DATA_FILE, DIGESTS, DataError, load_digits

# How often each digit occurs in the 60,000 and the 10,000, as every description of MNIST has it.
TRAINING_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_images_are_split_50_000_10_000_10_000(digits):
    assert [array.shape for array in digits] == [
        (50_000, 28, 28),
        (50_000,),
        (10_000, 28, 28),
        (10_000,),
        (10_000, 28, 28),
        (10_000,),
    ]
    assert {array.dtype for array in digits} == {np.dtype(np.uint8)}


def test_each_digit_occurs_as_often_as_published(digits):
    assert np.bincount(np.concatenate([digits.y_train, digits.y_val])).tolist() == TRAINING_COUNTS
    assert np.bincount(digits.y_test).tolist() == TEST_COUNTS


def test_the_first_training_images_are_those_of_mnist(digits):
    assert digits.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert digits.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_validation_images_are_the_last_of_the_training_file(digits):
    joined = np.concatenate([digits.x_train, digits.x_val])
    assert hashlib.sha256(joined).hexdigest() == DIGESTS["x_train"]


def test_mean_and_deviation_are_those_that_everybody_normalises_with(digits):
    parts = digits.x_train, digits.x_val
    n = 255 * 60_000 * 28 * 28
    mean = sum(int(part.sum()) for part in parts) / n
    square = sum(int(np.einsum("ijk,ijk", part, part, dtype=np.int64)) for part in parts) / n / 255
    assert mean == pytest.approx(0.1307, abs=5e-5)  # as in PyTorch's MNIST example
    assert (square - mean**2) ** 0.5 == pytest.approx(0.3081, abs=5e-5)


def test_nobody_can_change_what_everybody_shares(digits):
    for array in digits:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_missing_file_says_how_to_get_it_back(tmp_path):
    with pytest.raises(DataError, match=r"mnist\.npz is missing\. Restore it with “git checkout -- data/mnist\.npz”"):
        load_digits(tmp_path / "mnist.npz")


def flipped(position: int) -> bytes:
    data = bytearray(DATA_FILE.read_bytes())
    data[position] ^= 0xFF
    data[position + 1] ^= 0x55
    return bytes(data)


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda: b"", id="empty"),
        pytest.param(lambda: b"404: Not Found", id="an error page"),
        pytest.param(lambda: DATA_FILE.read_bytes()[:1_000_000], id="half a download"),
        pytest.param(lambda: flipped(3_000_000), id="flipped bits"),
        pytest.param(lambda: flipped(1_000), id="flipped bits that cannot be unpacked"),
        pytest.param(lambda: npz(x_train=np.zeros((60_000, 28, 28), np.uint8)), id="other images"),
        pytest.param(lambda: npz(x_train=np.array([None], object)), id="a pickle"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(damaged, tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(damaged())
    with pytest.raises(DataError, match="Restore it with"):
        load_digits(path)


def test_the_data_file_is_a_plain_archive_of_four_arrays():
    with zipfile.ZipFile(DATA_FILE) as archive:
        assert {name.removesuffix(".npy") for name in archive.namelist()} == set(DIGESTS)
