"""What inputs are made of: texts, JSON values, and sound things with something wrong at one of their places."""

from typing import Any

from hypothesis import strategies as st

from core.config import PRESETS
from tests import hostile

KEYS = [config.key for config in PRESETS.values()]
PARTS = (*KEYS, "@", ":", ",", ".", "-", "=", "nan", "1e999", "0", "-1", "9" * 400, "test", "drawing-", "mlp", "\x00",
         "\ud800", "%00", "\u202e", "![", "../", "é", "train_size", "sigmoid", "True")  # fmt: skip
# What a link may bring: made of what parameters are made of, or of anything.
TEXTS = st.lists(st.sampled_from(PARTS), max_size=4).map("".join) | st.text(max_size=40)

LEAVES = st.sampled_from((None, True, False, 0, -1, 1, 10**30, 1e308, float("nan"), float("inf"), -0.0, 0.5, "", "x", "\ud800",
                          "9" * 99))  # fmt: skip
NAMES = st.sampled_from(
    ("path", "objects", "strokeWidth", "name", "pinned", "owner", "epochs", hostile.config_of(0).key, "a")
)
JSON = st.recursive(
    LEAVES, lambda more: st.lists(more, max_size=4) | st.dictionaries(NAMES, more, max_size=3), max_leaves=10
)


def places(value: Any) -> list[tuple]:
    """The ways to every place in a JSON value, the value itself first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((name, *way) for name, part in inner for way in places(part))]


def put(value: Any, way: tuple, new: Any) -> Any:
    """The same value with another one at one of its places."""
    if not way:
        return new
    copy = value.copy()
    copy[way[0]] = put(value[way[0]], way[1:], new)
    return copy


def changed(value: Any) -> st.SearchStrategy[Any]:
    """A JSON value with something else at one of its places."""
    return st.builds(put, st.just(value), st.sampled_from(places(value)), JSON)


@st.composite
def spoilt(draw: st.DrawFn, sound: bytes) -> bytes:
    """Bytes with some of them changed, left out, repeated or put elsewhere."""
    data = bytearray(sound)
    for _ in range(draw(st.sampled_from((1, 1, 2, 8)))):
        end = len(data)
        # What matters most stands at the ends.
        at = draw(st.integers(0, end) | st.integers(0, min(300, end)) | st.integers(max(0, end - 700), end))
        n = draw(st.sampled_from((1, 2, 4, 40, 4_000)))
        match draw(st.integers(0, 4)):
            case 0:
                data[at : at + n] = draw(st.randoms(use_true_random=False)).randbytes(len(data[at : at + n]))
            case 1:
                del data[at : at + n]
            case 2:
                data[at:at] = data[at : at + n]
            case 3:
                data[at : at + 4] = draw(
                    st.sampled_from((b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"PK\x05\x06"))
                )
            case 4 if at < end:
                data[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(data)
