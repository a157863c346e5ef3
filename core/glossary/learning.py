"""The words of learning: what training does, step by step, and what keeps it in bounds."""

from core.glossary.term import CERTAINTY, CNNS, HOME, MATRIX, OVERFITTING, SEARCH, STEP, TRAIN, Term

TERMS = {
    "augmentation": Term(
        "Augmentation",
        "augmentation",
        "Turning, bending and re-inking each training image a little before the network learns from it, anew in every epoch, so that it "
        "hardly ever sees the same picture twice.",
        (TRAIN,),
    ),
    "back-propagation": Term(
        "Back-propagation",
        "back-propagation",
        "How the gradient is computed: from the loss backwards, layer by layer, by the chain rule. It tells of every weight how the loss "
        "would change with it.",
        (STEP, ("Report", "report#back-propagation")),
        r"\delta_1 = (W_2^\top \delta_2) \odot f'(z_1)",
    ),
    "batch": Term(
        "Batch",
        "batch(?:es)?(?! norm)",
        "The training images that one step learns from. An epoch goes through all of them batch by batch, each time in another order.",
        (TRAIN, STEP),
    ),
    "diverge": Term(
        "Diverge",
        "diverge[sd]?",
        "Of training: to run away. Steps that are too long make the loss grow instead of fall, until it is no number any more.",
        (TRAIN,),
    ),
    "dropout": Term(
        "Dropout",
        "dropout",
        "Silencing a share of the hidden units at random in each step of training, so that none can rely on another. It is off when a "
        "network is measured or asked. Here the CNNs have it, in their fully connected layers.",
        (CNNS,),
    ),
    "early-stopping": Term(
        "Early stopping",
        "early stopping|patience",
        "Ending the training when the validation accuracy has not risen for so many epochs, which is its patience: what comes after "
        "learns the training images by heart at best. The network is that of the last epoch.",
        (TRAIN, SEARCH),
    ),
    "epoch": Term(
        "Epoch",
        "epochs?",
        "One pass through all training images. After each the network is measured on the validation images.",
        (TRAIN,),
    ),
    "gradient": Term(
        "Gradient",
        "(?<!integrated )gradients?(?! descent)",
        "How fast the loss grows with each weight. A step goes against it. Over a batch the MLP adds up the gradients of the images, as the "
        "report's learning rates ask for; the CNN takes their mean.",
        (STEP,),
        r"\nabla w = \frac{\partial L}{\partial w}",
    ),
    "gradient-descent": Term(
        "Gradient descent",
        "(?:stochastic )?gradient descent",
        "Learning by many small steps against the gradient of the loss. It is called stochastic where each step looks at a batch only, and "
        "not at all images. Short: SGD.",
        (STEP, ("Report", "report#training")),
        r"w \leftarrow w - \eta \, \nabla w",
    ),
    "label": Term(
        "Label",
        "labels?",
        "The digit that an image is said to show. MNIST's are taken for true here, though people dispute a few of them.",
        (MATRIX,),
    ),
    "learning-rate": Term(
        "Learning rate",
        "learning rates?(?! decay)",
        "How far each step goes: the gradient is multiplied by it. Too small and training crawls, too large and it diverges.",
        (TRAIN, STEP),
        r"w \leftarrow w - \eta \, \nabla w",
    ),
    "learning-rate-decay": Term(
        "Learning rate decay",
        "learning rate decay",
        "A number that the learning rate is multiplied by after every epoch, so that the steps get finer. At 1 it stays as it is. The other "
        "way to make it fall is along half a cosine, from its full value to next to nothing in the last epoch.",
        (TRAIN,),
        r"\eta_{t+1} = d \, \eta_t",
    ),
    "loss": Term(
        "Loss",
        "(?:log )?loss(?:es)?|cross-entropy",
        "How wrong a network is, as its training sees it: minus the logarithm of the probability that it gives to the true digit, in nats, "
        "and the mean of that over the images. Also called cross-entropy or log loss.",
        (TRAIN, CERTAINTY, STEP),
        r"L = - \frac{1}{n} \sum_{i=1}^{n} \log p_{i, y_i}",
    ),
    "mnist": Term(
        "MNIST",
        "MNIST(?:'s)?",
        "The 70,000 handwritten digits that all of this is about, 28 by 28 pixels each: 60,000 to learn from, of which the last 10,000 are "
        "for validation here, and 10,000 for the test.",
        (HOME,),
    ),
    "momentum": Term(
        "Momentum",
        "momentum",
        "How much of the steps before goes on in the next one: what points the same way adds up, what goes to and fro cancels out.",
        (CNNS,),
        r"v \leftarrow m \, v + \nabla w \qquad w \leftarrow w - \eta \, v",
    ),
    "nat": Term(
        "Nat",
        "nats?",
        "The unit of the loss, whose logarithm is the natural one. To give the true digit half the probability costs 0.69 nats more; a tenth "
        "for every digit costs 2.30.",
        (TRAIN, STEP),
        r"-\log \tfrac{1}{2} = 0.69 \qquad -\log \tfrac{1}{10} = 2.30",
    ),
    "over-fitting": Term(
        "Over-fitting",
        "over-fit(?:s|ting)?",
        "Learning images by heart: a network reads those that it learns from better than new ones, by more than chance.",
        (OVERFITTING,),
    ),
    "seed": Term(
        "Seed",
        "seeds?",
        "Where the random numbers of a run start: its first weights, the order of its images, and what dropout and augmentation draw. The "
        "same settings with the same seed give the same run.",
        (TRAIN, OVERFITTING),
    ),
    "step": Term(
        "Step",
        "(?:take a|each|the|next|previous) step|as many steps",
        "One change of all weights and biases, after one batch and against its gradient.",
        (STEP,),
        r"w \leftarrow w - \eta \, \nabla w",
    ),
    "test-set": Term(
        "Test set",
        r"test (?:images?|set|accuracy)|(?<=\()test(?=\))",
        "MNIST's 10,000 test images. No network learns from them: they judge it at the very end.",
        (MATRIX,),
    ),
    "training-set": Term(
        "Training set",
        r"training (?:images?|set)|training-set|(?<=\()training(?=\))",
        "The images that a network learns from: the first of MNIST's training images, up to 50,000.",
        (TRAIN, OVERFITTING),
    ),
    "under-fitting": Term(
        "Under-fitting",
        "under-fit(?:s|ting)?",
        "Learning too little even of the images that it learns from: a network that under-fits is worse on those, and on new ones, than it "
        "is with other settings.",
        (SEARCH,),
    ),
    "validation-set": Term(
        "Validation set",
        "validation(?: images?| set)?",
        "10,000 images that no network learns from, and on which each is watched after every epoch: the last of MNIST's 60,000 training "
        "images.",
        (TRAIN,),
    ),
    "weight-decay": Term(
        "Weight decay",
        "weight decay|L2(?: regularization)?",
        "Pulling every weight a little towards zero in each step, so that none grows without need. Also called L2. In the MLP the biases "
        "are let be.",
        (TRAIN, STEP),
        r"w \leftarrow w - \eta \, (\nabla w + \lambda w)",
    ),
}
