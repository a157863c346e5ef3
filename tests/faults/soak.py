"""Kills each process of the system at random moments of a run, and ends in a table: python -m tests.faults.soak [moments] [seed]

The machine and the number of moments are in the table's heading. It exits with 1 where any promise was not kept.
"""

import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import torch

from core import checkpoints
from core.config import CNNConfig, to_query
from core.data import load_digits
from core.description import machine
from core.runs import Runs
from tests.faults.kills import FAULTS, KILLS, SECONDS_TO_TRAIN_AGAIN, Server, interrupted, scratch_folder
from tests.outcome import outcome, run
from tests.waiting import wait_until

CONFIG = CNNConfig(train_size=1_000, epochs=20)
MOMENTS = 20
SECONDS_LOST_AT_MOST = 5.0  # by a server that is killed; what README says


def main(moments: int, seed: int) -> int:
    rng = random.Random(seed)
    torch.set_num_threads(1)  # as on a worker: with more, a sum's last bits are others
    expected = outcome(run(CONFIG, load_digits()))
    print(f"{moments} random moments each, seed {seed}, {machine()}\n")
    print(f"{'killed':28}{'intact':>8}{'trained again after, s (median, most)':>40}")
    kept = True
    runs = Runs(Path(tempfile.mkdtemp(prefix="soak-")), workers=2)
    wait_until(runs.ready)
    for name, kill in (KILLS | FAULTS).items():
        fates = [interrupted(runs, CONFIG, kill, expected, rng.randint(1, CONFIG.epochs - 2)) for _ in range(moments)]
        intact = sum(fate.same and fate.status == "done" for fate in fates)
        seconds = [fate.trained_again for fate in fates]
        print(f"{name:28}{intact:>5}/{moments:<2}{median(seconds):>31.1f}{max(seconds):>9.1f}", flush=True)
        kept &= intact == moments and max(seconds) < SECONDS_TO_TRAIN_AGAIN
    runs.close()
    lost, left, intact = zip(*(_kill_server(rng, expected) for _ in range(moments)), strict=True)
    print(
        f"{'server':28}{sum(intact):>5}/{moments:<2}   lost at most {max(lost):.1f} s of training, left behind: {sum(left)}"
    )
    kept &= all(intact) and max(lost) < SECONDS_LOST_AT_MOST and not any(left)
    print("\nEvery promise was kept." if kept else "\nNot every promise was kept.")
    return 0 if kept else 1


def _kill_server(rng: random.Random, expected: dict) -> tuple[float, int, bool]:
    """Seconds of training that a killed server loses, what it leaves behind, and whether the next one ends the run intact."""
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    server = Server(folder, scratch_folder(), CONFIG, to_query(CONFIG))
    wait_until(lambda: server.asked()[3] > 0)  # a state has been kept
    time.sleep(rng.uniform(0, 4))
    _, _, seconds, _ = server.asked()
    left = server.kill()
    path = checkpoints.path_of(CONFIG.key, folder)
    saved = checkpoints.summary(CONFIG.key, folder).seconds if path.exists() else 0.0
    runs = Runs(folder, workers=1)
    again = runs.start(CONFIG)
    wait_until(lambda: not again.live)
    runs.close()
    return max(seconds - saved, 0.0), len(left), outcome(checkpoints.load(CONFIG.key, folder)) == expected


if __name__ == "__main__":
    sys.exit(main(*map(int, [*sys.argv[1:], *(str(MOMENTS), "0")[len(sys.argv) - 1 :]])))
