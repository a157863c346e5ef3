"""The words of what a network is made of, and of looking inside it."""

from core.glossary.term import BREAK, CNNS, FILTERS, LAYERS, NEURONS, PIXEL, STEP, TRAIN, WHY, Term

TERMS = {
    "ablation": Term(
        "Ablation",
        "ablations?|ablated",
        "Switching parts of a trained network off, to see what it can no longer do. Here it is done to a copy: the run stays as it is.",
        (BREAK,),
    ),
    "activation": Term(
        "Activation",
        "activations?",
        "What a neuron gives on: its weighted sum, bent by a function such as the sigmoid, tanh or ReLU. Without that bend, many layers "
        "could do no more than one.",
        (NEURONS, WHY),
        r"f = \operatorname{activation}\left( \sum_i w_i x_i + b \right)",
    ),
    "attribution": Term(
        "Attribution",
        "attributions?",
        "How much each part of what a network is shown speaks for its answer: each pixel of an image, or each neuron.",
        (WHY,),
    ),
    "batch-norm": Term(
        "Batch norm",
        "batch norm",
        "A layer that brings each feature map to mean zero and standard deviation one over the batch, then scales and shifts it by two "
        "numbers that are learnt. After training, it uses the mean and deviation that training has noted. Only the deep CNN has it.",
        (CNNS,),
    ),
    "bias": Term(
        "Bias",
        "bias(?:es)?",
        "A number that a neuron or a filter adds to its weighted sum. It is learnt like the weights.",
        (WHY, PIXEL),
    ),
    "convolution": Term(
        "Convolution",
        "convolutions?",
        "Laying a small kernel on every place of an image, or of the maps before, and noting how well each place fits it: the sum of the "
        "products, and a bias. As in most networks, the kernel is not turned over before.",
        (PIXEL, LAYERS),
        r"z_{rs} = \sum_{c, i, j} w_{cij} \, x_{c, r+i, s+j} + b",
    ),
    "convolutional-network": Term(
        "Convolutional network",
        "convolutional networks?",
        "A network whose first layers are convolutions: they look for the same small patterns everywhere. Short: CNN. Here it is "
        "written with PyTorch.",
        (LAYERS, ("Report", "report#cnn")),
    ),
    "feature-map": Term(
        "Feature map",
        "(?:feature |input )?maps?",
        "What a filter makes of its input: a picture that says for every place how well it fits the filter. Short: map.",
        (LAYERS, PIXEL),
    ),
    "filter": Term(
        "Filter",
        "(?<!other )filters?",
        "The weights that make one feature map: a kernel for each map of the layer before, and a bias. On an image, which is one map, it "
        "is a single kernel.",
        (FILTERS,),
    ),
    "hidden-layer": Term(
        "Hidden layer",
        "hidden (?:layers?|neurons?|units?)",
        "What lies between the pixels and the ten outputs. Nobody tells its neurons, also called units, what to look for: they find it "
        "in training.",
        (NEURONS,),
    ),
    "kernel": Term(
        "Kernel",
        "kernels?",
        "A small square of weights, such as 5 by 5, that is laid on every place of an image or of a map and looks for one pattern.",
        (PIXEL, FILTERS),
    ),
    "logit": Term(
        "Logit",
        "logits?",
        "The number that a network gives to a digit before softmax makes probabilities of the ten. One more makes the digit 2.7 times as "
        "probable beside another.",
        (WHY,),
        "z = W_2 f_1 + b_2",
    ),
    "mlp": Term(
        "Multi-layer perceptron",
        "multi-layer perceptrons?",
        "A network of layers whose every neuron sees all of the layer before. Short: MLP. Here it has one hidden layer, and is written from "
        "scratch in NumPy.",
        (TRAIN, NEURONS, ("Report", "report#forward")),
        r"p = \operatorname{softmax}(W_2 \, f(W_1 x + b_1) + b_2)",
    ),
    "neuron": Term(
        "Neuron",
        "neurons?",
        "A sum and a bend: it multiplies each input by a weight of its own, adds everything and its bias, and gives on its activation.",
        (NEURONS, WHY),
        r"f\left( \sum_i w_i x_i + b \right)",
    ),
    "pooling": Term(
        "Pooling",
        "pooling",
        "Keeping only the strongest of each 2 by 2 places of a feature map: where exactly something is no longer matters, and the map gets "
        "smaller.",
        (LAYERS, PIXEL),
    ),
    "pruning": Term(
        "Pruning",
        "prun(?:e|ed|ing)",
        "Making the smallest weights zero, to see how many of them a network can do without.",
        (BREAK,),
    ),
    "relu": Term(
        "ReLU",
        "relu",
        "The activation that leaves what is above zero as it is, and makes zero of the rest.",
        (LAYERS, TRAIN),
        r"f(z) = \max(z, 0)",
    ),
    "saturated": Term(
        "Saturated, dead",
        "saturated|dead",
        "Of a hidden neuron: on nearly all images its activation is so flat there that it learns next to nothing. It is called dead where it "
        "also says nearly the same on all of them.",
        (NEURONS,),
    ),
    "sigmoid": Term(
        "Sigmoid",
        "sigmoid",
        "The activation that squashes any number to one between 0 and 1.",
        (NEURONS, TRAIN),
        r"f(z) = \frac{1}{1 + e^{-z}}",
    ),
    "softmax": Term(
        "Softmax",
        "softmax",
        "Makes ten probabilities of ten logits: each one's exponential, as a share of the sum of all ten.",
        (WHY, LAYERS),
        r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}",
    ),
    "tanh": Term(
        "Tanh",
        "tanh",
        "The activation that squashes any number to one between −1 and 1.",
        (TRAIN,),
        r"f(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
    ),
    "template": Term(
        "Template",
        "templates?",
        "The weights from the pixels to one hidden neuron, laid out as a picture of what it looks for: ink on red makes it fire, ink on blue "
        "holds it back.",
        (NEURONS, ("Report", "report#templates")),
    ),
    "weight": Term(
        "Weight",
        "weights?(?! →| decay)",
        "A number that a neuron or a filter multiplies one of its inputs by. Weights start at random, and learning is changing them.",
        (NEURONS, STEP),
    ),
}
