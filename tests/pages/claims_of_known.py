"""What is said to have been published, checked as in claims.py: against the figures as their sources write them."""

import re

from tests.pages.claims import CONSTANT, claim, count, first, percent

# results/psa_simplemlp_summary.md: the mean of the shape {1*units}, "None", n=10
UNITS = {"64": "96.74%", "128": "97.37%", "256": "97.62%"}
LENET_ERROR = "0.95"  # percent, of LeNet-5 in the table of MNIST's page, without distortions
USPS_ERROR = "2.37"  # percent, in the abstract of the paper
TOGETHER = "99.87%"  # arXiv 2008.10400, three networks
COTTEN = (
    "[Tim Cotten, 2025](https://github.com/tcotten-scrypted/persistent-stochastic-ablation-mlp/blob/main/results/"
    "psa_simplemlp_summary.md)"
)
HUMAN = (
    "[Human Performance on the USPS Database](https://paperexplained.cn/articles/paper/detail/57068e381ba0432486e08e6ac3e9e5b083d66201), whose "
    "authors found an error of 2.37% on single digits"
)
CONSTANT |= {
    "LeNet-5: [the page of MNIST](http://yann.lecun.com/exdb/mnist/), where the images were not altered for training.",
    f"People: {HUMAN}.",
    "Three networks together: [An and others, 2020](https://arxiv.org/abs/2008.10400).",
    "Grey and dotted, not trained here: what [Michael Nielsen](https://github.com/mnielsen/neural-networks-and-deep-learning/blob/"
    "master/fig/more_data.py) published of a network with 30 hidden units.",
}


@claim(
    "train confusion",
    "Published for comparison: {figures@} · more than {ceiling%} only by agreeing with labels that people dispute",
)
def _published(page, figures, ceiling) -> None:
    config = first(page).config
    assert config.train_size == 50_000
    assert page.part == "test"
    percent(ceiling, (10_000 - 15) / 10_000)
    figures, _, people = figures.rpartition(" · ")
    assert people == f"people {100 - float(USPS_ERROR):.2f}% of other digits, from envelopes"
    if first(page).network == "mlp":
        assert figures == f"{config.hidden_units} hidden units with ReLU {UNITS[str(config.hidden_units)]}"
    else:
        assert figures == f"LeNet-5 {100 - float(LENET_ERROR):.2f}% · three networks together {TOGETHER}"


@claim("train confusion", f"{{units#}} hidden units with ReLU: {COTTEN}, the mean of 10 runs.")
def _cotten(page, units) -> None:
    count(units, first(page).config.hidden_units)


@claim(
    "overfitting",
    "Its learning rate was 0.5, its batches were of 10 images, and its L2 was set for each size; above all it took as many steps at "
    "every size: {most#} epochs of {least_size#} images, {least#} of {most_size#}.",
)
def _nielsen(page, most, least_size, least, most_size) -> None:
    """fig/more_data.py: SIZES, and num_epochs = 1500000 / size."""
    published = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
    ours = [look.facts.config.train_size for look in page.looks if look.facts.finished]
    drawn = [size for size in published if min(ours) <= size <= max(ours)]
    count(least_size, drawn[0])
    count(most_size, drawn[-1])
    count(most, 1_500_000 // drawn[0])
    count(least, 1_500_000 // drawn[-1])
    assert re.search("mlp", page.query.get("networks", "mlp"))
