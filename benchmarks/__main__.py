"""python -m benchmarks [--json FILE]: the times of both networks beside those of floors and peers, and our targets."""

import argparse
import json
import platform
from importlib.metadata import version
from pathlib import Path

import torch

from benchmarks import cnn, mlp, sketch, sweep
from benchmarks.compare import judge, measure, table
from core.data import load_digits
from core.description import machine

COMPARISONS = (
    mlp.training,
    cnn.training,
    mlp.prediction,
    cnn.prediction,
    sketch.reading,
    sketch.photo,
    sweep.together,
    sweep.twelve,
)

parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Our speed beside floors and peers.")
parser.add_argument("--json", type=Path, metavar="FILE", help="write every round's seconds, and the targets, to a file")
file = parser.parse_args().json

torch.set_num_threads(1)
versions = {name: version(name) for name in ("numpy", "torch", "scikit-learn")} | {"python": platform.python_version()}
print(f"{machine()}, one of them at work; " + ", ".join(f"{name} {number}" for name, number in versions.items()))
print("Times are of the best and the median round, ratios of the best rounds.\n", flush=True)

digits = load_digits()
records = []
for compare in COMPARISONS:
    comparison = compare(digits)
    seconds = measure(comparison)
    print(table(comparison, seconds), flush=True)
    targets = []
    for target in comparison.targets:
        value, met = judge(target, seconds)
        targets.append({**target._asdict(), "value": value, "met": met})
    records.append({"title": comparison.title, "seconds": seconds, "targets": targets})

if file:
    record = {"machine": machine(), "cores": 1, "versions": versions, "comparisons": records}
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
