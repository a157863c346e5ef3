"""A folder with many finished runs in real files, small ones that have learnt nothing."""

from pathlib import Path

from core import checkpoints
from core.config import MLPConfig
from tests import hostile

EPOCHS = 3


def fill(folder: Path, n: int) -> list[MLPConfig]:
    """Put so many runs in a folder, which differ in their seeds and sizes."""
    one = hostile.sound(MLPConfig(train_size=100, epochs=EPOCHS, hidden_units=16))
    configs = [MLPConfig(train_size=100 + seed % 400, epochs=EPOCHS, hidden_units=16, seed=seed) for seed in range(n)]
    for config in configs:
        one.config = config
        checkpoints.path_of(config.key, folder).write_bytes(checkpoints.dumps(one))
    return configs
