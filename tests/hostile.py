"""Files that nobody honest would put among the runs: forged, damaged, or no files at all. Each is made in its own way."""

import io
import json
import os
import socket
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core import checkpoints, description
from core.config import Config, MLPConfig, to_dict
from core.data import load_digits
from core.history import EpochEnd
from core.networks import snapshot
from core.training import Checkpoint, begin

EPOCHS = 2
Forge = Callable[[bytes], bytes]


def config_of(number: int) -> Config:
    return MLPConfig(train_size=100, epochs=EPOCHS, hidden_units=16, seed=number)


def sound(config: Config) -> Checkpoint:
    """A finished run of these settings that says nothing wrong, though it has learnt nothing."""
    checkpoint = begin(config, load_digits())
    for epoch in range(1, config.epochs + 1):
        rate = config.learning_rate * config.learning_rate_decay ** (epoch - 1)
        checkpoint.history.append(EpochEnd(epoch, 2.3, 0.1, 0.1, rate, 1.0, 2.3))
        checkpoint.snapshots[epoch] = snapshot(checkpoint.model)
    checkpoint.test_accuracy = 0.1
    checkpoint.about = description.about(checkpoint.model)
    return checkpoint


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(members: dict[str, bytes] | list[tuple[str, bytes]], packing: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", packing) as archive:  # of a name twice
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return file.getvalue()


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(array), allow_pickle=True)
    return file.getvalue()


def header(text: str, version: tuple[int, int] = (1, 0)) -> bytes:
    """The beginning of a member of this header, whatever it says."""
    raw = text.encode("latin1")
    length = struct.pack("<H" if version == (1, 0) else "<I", len(raw))
    return b"\x93NUMPY" + bytes(version) + length + raw


def member(name: str, data: bytes | None) -> Forge:
    """One member replaced, or left out."""

    def forge(good: bytes) -> bytes:
        members = members_of(good) | {f"{name}.npy": data}
        return zipped({name: data for name, data in members.items() if data is not None})

    return forge


def said(**values: Any) -> Forge:
    """Some of what the file says of itself replaced."""
    return text(lambda meta: json.dumps(meta | values))


def text(change: Callable[[dict], str]) -> Forge:
    def forge(good: bytes) -> bytes:
        meta = json.loads(str(np.load(io.BytesIO(good))["meta"]))
        return member("meta", npy(np.array(change(meta))))(good)

    return forge


def epoch(**values: Any) -> Forge:
    """The first epoch with some of its numbers replaced."""

    def change(meta: dict) -> str:
        first = dict(zip(EpochEnd._fields, meta["history"][0], strict=True)) | values
        return json.dumps(meta | {"history": [list(first.values()), *meta["history"][1:]]})

    return text(change)


def about(**values: Any) -> Forge:
    return text(lambda meta: json.dumps(meta | {"about": meta["about"] | values}))


def flagged(good: bytes, place: int, bits: int) -> bytes:
    """A bit set in every entry of the list of members."""
    data = bytearray(good)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + place] |= bits
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def end_record(members: int, size: int, offset: int) -> bytes:
    return b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, members & 0xFFFF, members & 0xFFFF, size, offset, 0)


def many_members(_: bytes) -> bytes:
    return zipped([(f"model.w{n}.npy", b"") for n in range(20_000)])


def long_list_behind_a_short_one(good: bytes) -> bytes:
    """An end that lists nothing, behind one of 64 bits that lists a lot."""
    big = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 10**6, 10**6, 46 * 10**6, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(good), 1)
    return good + big + locator + end_record(0, 0, 0)


def bomb(_: bytes) -> bytes:
    return zipped({"meta.npy": bytes(70 * 2**20)}, zipfile.ZIP_DEFLATED)


def hidden_bomb(good: bytes) -> bytes:
    """A member that unpacks to far more than the list says."""
    packed = zipped(members_of(good) | {"model.w1.npy": bytes(100 * 2**20)}, zipfile.ZIP_DEFLATED)
    return packed.replace(struct.pack("<I", 100 * 2**20), struct.pack("<I", 50_304))


BYTES: dict[str, Forge] = {
    "nothing": lambda good: b"",
    "a text": lambda good: b"404: Not Found",
    "its first half": lambda good: good[: len(good) // 2],
    "all but its last byte": lambda good: good[:-1],
    "zeros in the middle": lambda good: good[:5_000] + bytes(2_000) + good[7_000:],
    "zeros at the end": lambda good: good[:-500] + bytes(500),
    "an end and nothing else": lambda good: end_record(0, 0, 0),
    "an end that lists what is not there": lambda good: end_record(9, 500, 10**9),
    "20,000 members": many_members,
    "a million members behind none": long_list_behind_a_short_one,
    "something behind its end": lambda good: good + b"x" * 100,
    "a bomb": bomb,
    "a bomb that is not listed as one": hidden_bomb,
    "bzip2": lambda good: zipped(members_of(good), zipfile.ZIP_BZIP2),
    "LZMA": lambda good: zipped(members_of(good), zipfile.ZIP_LZMA),
    "encrypted": lambda good: flagged(good, 8, 0x01),
    "strongly encrypted": lambda good: flagged(good, 8, 0x41),
    "a wrong checksum": lambda good: flagged(good, 16, 0xFF),
    "the same member twice": lambda good: zipped([*members_of(good).items(), ("meta.npy", npy("{}"))]),
    "a path out of the folder": lambda good: zipped(members_of(good) | {"../../model.npy": npy(1.0)}),
    "an absolute path": lambda good: zipped(members_of(good) | {"/etc/passwd": b"x"}),
    "a member that is no array's": lambda good: zipped(members_of(good) | {"model.w1": b"x"}),
    "no description": member("meta", None),
    "no weights": member("model.w1", None),
    "a member without the magic": member("model.w1", b"no array at all"),
    "an empty member": member("model.w1", b""),
    "the magic alone": member("model.w1", b"\x93NUMPY\x01\x00"),
    "a later version": member("model.w1", header("{'descr': '<f4', 'fortran_order': False, 'shape': ()}\n", (3, 0))),
    "a header that is no dictionary": member("model.w1", header("[1, 2]\n")),
    "a header that is a program": member("model.w1", header("__import__('os').system('true')\n")),
    "a header of brackets": member("model.w1", header("(" * 9_000 + "\n")),
    "a header of minus signs": member("model.w1", header("-" * 900 + "1\n")),
    "a shape of terabytes": member(
        "model.w1", header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 784)}\n")
    ),
    "a shape below zero": member("model.w1", header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 784)}\n")),
    "a shape that overflows to none": member(
        "model.w1", header("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}\n")
    ),
    "a shape with a true length": member(
        "model.b2", header("{'descr': '<f4', 'fortran_order': False, 'shape': (True, 10)}\n") + bytes(40)
    ),
    "objects": member("model.w1", npy(np.array([{}], object))),
    "records": member("model.w1", npy(np.zeros(3, [("a", "f4"), ("b", "O")]))),
    "times": member("model.w1", npy(np.zeros(3, "M8[s]"))),
    "complex numbers": member("model.w1", npy(np.zeros((16, 784), complex))),
    "whole numbers": member("model.w1", npy(np.zeros((16, 784), int))),
    "another shape": member("model.w1", npy(np.zeros((784, 16), np.float32))),
    "numbers that are none": member("model.w1", npy(np.full((16, 784), np.nan, np.float32))),
    "numbers without end": member("model.w1", npy(np.full((16, 784), np.inf, np.float32))),
    "numbers too large for 32 bits": member("model.w1", npy(np.full((16, 784), 1e300))),
    "snapshots of 32 bits": member("snapshots.w1", npy(np.zeros((3, 16, 784), np.float32))),
    "snapshots the other way round": member("snapshots.w1", npy(np.zeros((3, 16, 784), ">f2"))),
    "a description of numbers": member("meta", npy(np.zeros(9))),
    "two descriptions": member("meta", npy(np.array(["{}", "{}"]))),
    "a description of bytes": member("meta", npy(np.array(b"{}"))),
    "a description of what are no characters": member("meta", npy(np.array("xx"))[:-4] + b"\xff\xff\xff\x7f"),
    "a description of surrogates": member("meta", npy(np.array("xx"))[:-4] + b"\x00\xd8\x00\x00"),
    "a description of megabytes": member("meta", npy(np.array(" " * 2_000_000 + "{}"))),
}
SAYS: dict[str, Forge] = {
    "nothing": text(lambda meta: ""),
    "no JSON": text(lambda meta: "{"),
    "a list": text(lambda meta: "[]"),
    "null": text(lambda meta: "null"),
    "brackets": text(lambda meta: "[" * 100_000),
    "a number of 5,000 digits": text(lambda meta: json.dumps(meta).replace('"step": 0', f'"step": {"9" * 5_000}')),
    "a number of 400 digits": said(seconds=10**400),
    "seconds of 1e308": said(seconds=1e308),
    "seconds without end": said(seconds=float("inf")),
    "seconds that are none": said(seconds=float("nan")),
    "seconds below zero": said(seconds=-1.0),
    "seconds in words": said(seconds="12"),
    "an epoch of 1e308 seconds": epoch(seconds=1e308),
    "a loss of 1e308": epoch(loss=1e308),
    "a loss on new images of 1e30": epoch(val_loss=1e30),
    "a loss below zero": epoch(loss=-1.0),
    "a loss that is none": epoch(loss=float("nan")),
    "a loss that is true": epoch(loss=True),
    "a loss that is null": epoch(loss=None),
    "an accuracy above one": epoch(val_accuracy=1.0000001),
    "an accuracy below zero": epoch(train_accuracy=-0.5),
    "a rate of 1e300": epoch(learning_rate=1e300),
    "a rate below zero": epoch(learning_rate=-0.01),
    "epoch zero": epoch(epoch=0),
    "an epoch below zero": epoch(epoch=-1),
    "an epoch and a half": epoch(epoch=1.5),
    "an epoch that is true": epoch(epoch=True),
    "epochs out of order": epoch(epoch=2),
    "an epoch of ten numbers": text(lambda meta: json.dumps(meta | {"history": [[1] * 10] * 2})),
    "epochs that are no lists": said(history=[1, 2]),
    "more epochs than its settings": text(lambda meta: json.dumps(meta | {"history": meta["history"] * 50})),
    "a history that is an object": said(history={"a": 1}),
    "a step below zero": said(step=-1),
    "a step of 1e18": said(step=10**18),
    "half a step": said(step=0.5),
    "a summed loss of 1e308": said(loss_sum=1e308),
    "snapshots of 10**30": said(snapshots=[0, 1, 10**30]),
    "snapshots twice": said(snapshots=[0, 1, 1]),
    "snapshots below zero": said(snapshots=[0, 1, -2]),
    "a test accuracy of 2": said(test_accuracy=2),
    "a test accuracy in words": said(test_accuracy="0.9"),
    "a test accuracy that is true": said(test_accuracy=True),
    "settings that are a list": said(config=[]),
    "settings of no network": said(config={"network": ["mlp"]}),
    "settings without end": text(
        lambda meta: json.dumps(meta | {"config": meta["config"] | {"learning_rate": float("nan")}})
    ),
    "settings of 10**400 epochs": text(
        lambda meta: json.dumps(meta | {"config": meta["config"] | {"epochs": 10**400}})
    ),
    "settings of another run": text(lambda meta: json.dumps(meta | {"config": meta["config"] | {"seed": 9_999}})),
    "another format": said(format=[1] * 1_000),
    "other data": said(data={"a": 1}),
    "about nothing": said(about=None),
    "about a list": said(about=[1]),
    "a machine of half a character": about(machine="\ud800"),
    "a machine from right to left": about(machine="\u202eabc"),
    "a machine of two lines": about(machine="a\nb"),
    "a machine of 10,000 letters": about(machine="x" * 10_000),
    "a machine that is a list": about(machine=["x"]),
    "a device that is a number": about(device=5),
    "the year 1": about(saved="0001-01-01T00:00:00+23:59"),
    "the year 9999": about(saved="9999-12-31T23:59:59-23:59"),
    "a time of 100,000 digits": about(saved="9" * 100_000),
    "an origin of its own": about(origin="the report"),
    "a finding of pictures": about(origin="checked", finding="x\u2028y"),
}
# What a run can come to at the most: it is odd, and may be shown.
EXTREME: dict[str, Forge] = {
    "a year of training": epoch(seconds=366 * 86_400 - 2.0),
    "the largest losses": epoch(loss=3.4e38, val_loss=87.3),
    "no loss": epoch(loss=0.0, val_loss=0.0),
    "all right": epoch(train_accuracy=1.0, val_accuracy=1.0),
    "all wrong": epoch(train_accuracy=0.0, val_accuracy=0.0),
    "no rate": epoch(learning_rate=0.0),
    "nothing about it": said(about={}),
    "a machine of Markdown": about(machine="![x](http://evil.example/x.png) <b> $x$ :red[x]"),
    "times of no zone": about(saved="2026-01-01"),
}


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)  # a socket's name is short
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def _sparse(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(2**33)


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to zeros without end": _link("/dev/zero"),
    "a link to a terminal": _link("/dev/tty"),
    "a link to nothing": _link("nowhere.npz"),
    "a link to a folder": _link("/"),
    "a link to an endless text of the system's": _link("/proc/self/environ"),
    "a socket": _socket,
    "eight gigabytes of nothing": _sparse,
}


def forged(kind: str, forge: Forge, number: int) -> bytes:
    """A finished run's file, forged."""
    return forge(checkpoints.dumps(sound(config_of(number))))


def plant(folder: Path, first: int = 5_000) -> dict[str, str]:
    """Put one of each into a folder, where a run's file would be. Returns what each is, by key."""
    planted, number = {}, first
    good = checkpoints.dumps(sound(config_of(first)))
    for what, kinds in (("is", BYTES), ("says", SAYS), ("may say", EXTREME)):
        for kind, forge in kinds.items():
            config = config_of(number)
            own = text(lambda meta, config=config: json.dumps(meta | {"config": to_dict(config)}))(good)
            path = checkpoints.path_of(config.key, folder)
            path.write_bytes(forge(own))
            planted[config.key], number = f"{what} {kind}", number + 1
    for kind, make in NO_FILES.items():
        config = config_of(number)
        make(checkpoints.path_of(config.key, folder))
        planted[config.key], number = f"is {kind}", number + 1
    return planted
