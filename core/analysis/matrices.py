"""The confusion matrix of a run's test images after every epoch whose weights are kept.

Of the runs that come with the project they lie ready in a file, so that nobody waits for a CNN to read 10,000 images twenty times.
`python -m core.analysis.matrices` counts them anew.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from core import checkpoints
from core.analysis.evaluation import confusion_matrix
from core.config import PRESETS, Config
from core.data import Images, load_test
from core.training import Checkpoint, model_at

FILE = Path(__file__).with_name("matrices.npz")


def matrix_after(checkpoint: Checkpoint, epoch: int, test: Images) -> np.ndarray:
    """The matrix (10, 10) after an epoch that is kept, true digits in rows: of the run itself at its end, before that of its snapshot."""
    images, labels = test
    network = checkpoint.model if checkpoint.ends_after(epoch) else model_at(checkpoint, epoch)
    return confusion_matrix(labels, network.predict_proba(images).argmax(axis=1))


def ready(state_id: str, checkpoint: Checkpoint) -> dict[int, np.ndarray]:
    """The matrices that lie ready for a saved state, by epoch; none for a state that did not come with the project."""
    found = _ready().get(state_id)
    epochs = sorted(checkpoint.snapshots)
    return {} if found is None or len(found) != len(epochs) else dict(zip(epochs, found, strict=True))


def write(configs: Iterable[Config], path: Path, folder: Path) -> None:
    """Count those of runs in a folder, and keep them in a file by the states that they are of."""
    test, counted = load_test(), {}
    for config in configs:
        state = checkpoints.summary(config.key, folder).state_id
        checkpoint = checkpoints.load(config.key, folder, state)
        counted[state] = np.stack([matrix_after(checkpoint, epoch, test) for epoch in sorted(checkpoint.snapshots)])
    np.savez_compressed(
        path, allow_pickle=False, **{state: matrices.astype(np.uint16) for state, matrices in counted.items()}
    )


@cache
def _ready() -> Mapping[str, np.ndarray]:
    with np.load(FILE, allow_pickle=False) as file:
        return {state: file[state].astype(np.int64) for state in file.files}


if __name__ == "__main__":
    write(PRESETS.values(), FILE, checkpoints.FOLDER)
