"""What was changed between two runs, and what that did."""

from dataclasses import replace

from core.analysis.before_after import changes, effect
from core.checkpoints import summary
from core.config import PRESETS, CNNConfig, MLPConfig
from core.history import EpochEnd

END = EpochEnd(1, 0.3, 0.99, 0.97, 0.01, 1.0, 0.1)


def test_every_setting_that_differs_is_named_with_both_values():
    start = MLPConfig()
    assert changes(start, replace(start, learning_rate=0.02)) == "learning rate 0.02 instead of 0.01"
    assert (
        changes(start, replace(start, train_size=2_000, epochs=1, activation="tanh"))
        == "2,000 images instead of 50,000, 1 epoch instead of 70 and activation tanh instead of sigmoid"
    )
    assert changes(start, CNNConfig()) == "the CNN instead of the MLP"


def test_a_difference_within_its_interval_may_be_chance_and_one_beyond_is_more():
    small, full = (summary(PRESETS[name].key).history for name in ("MLP small", "MLP full"))
    assert effect(small, full).endswith("more than chance.")
    assert effect([END], [END._replace(val_accuracy=0.9712)]).endswith("which may well be chance.")
    assert effect([END], [END]) == "Validation accuracy: 97.00% as before."
