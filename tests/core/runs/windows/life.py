"""The whole life of a run, in a folder that its argument names: trained, stopped, resumed, its worker killed, deleted, uploaded."""

import os
import sys
import time
from functools import partial
from pathlib import Path

import distributed.compatibility
import psutil

from core import checkpoints, labels
from core.config import CNNConfig, MLPConfig
from core.data import load_digits
from core.runs import Runs
from tests import waiting
from tests.outcome import outcome, run

wait_until = partial(waiting.wait_until, seconds=200)


def main(folder: Path) -> None:
    assert distributed.compatibility.WINDOWS
    assert not hasattr(os, "nice")
    digits = load_digits()
    runs = Runs(folder, workers=1)

    mlp = MLPConfig(train_size=2_000, epochs=60)
    trained = runs.start(mlp)
    wait_until(lambda: trained.history)
    runs.stop(mlp.key)
    wait_until(lambda: not trained.live)
    assert trained.status == "stopped", trained
    trained = runs.start(mlp)
    wait_until(lambda: not trained.live)
    assert outcome(checkpoints.load(mlp.key, folder)) == outcome(run(mlp, digits))
    print("stopped and resumed")

    cnn = CNNConfig(train_size=1_000, epochs=12)
    killed = runs.start(cnn)
    wait_until(lambda: killed.states > 0)
    nice = [child for child in psutil.Process().children(recursive=True) if child.nice() > psutil.Process().nice()]
    for worker in nice:
        worker.kill()
    print(len(nice), "killed")
    wait_until(lambda: not killed.live)
    assert outcome(checkpoints.load(cnn.key, folder)) == outcome(run(cnn, digits))

    data = runs.delete(mlp.key)
    assert runs.find(mlp.key) is None
    assert runs.restore(data).status == "done"
    labels.put(mlp.key, labels.Label("zweiter Versuch – ½"), folder)
    assert labels.read(folder)[mlp.key].name == "zweiter Versuch – ½"
    print("deleted and uploaded")

    path = checkpoints.path_of(cnn.key, folder)
    path.write_bytes(b"404: Not Found")
    runs.forget(cnn.key)
    assert runs.find(cnn.key) is None
    assert path.with_name(path.name + ".damaged").exists(), "it was moved aside"
    print("moved aside")

    started = time.monotonic()
    runs.close()
    assert time.monotonic() - started < 5
    assert not psutil.Process().children(recursive=True)
    print("closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
