"""The words of measuring: how good a network is, how sure, and how far such a number can be trusted."""

from core.glossary.term import CERTAINTY, COMPARE, DIGITS, MATRIX, NEURONS, OVERFITTING, TRAIN, Term

TERMS = {
    "accuracy": Term(
        "Accuracy",
        "accurac(?:y|ies)",
        "The share of images that a network reads right.",
        (TRAIN, MATRIX),
        r"\text{accuracy} = \frac{\text{images read right}}{\text{images}}",
    ),
    "calibration": Term(
        "Calibration",
        "calibration(?: error)?",
        "Whether a network is as sure as it is right: of answers that are 90% sure, 90% should be right. The calibration error puts the "
        "answers into 15 groups by confidence and averages how far confidence and accuracy are apart, each group counting by its size.",
        (CERTAINTY,),
        r"\sum_{b=1}^{15} \frac{n_b}{n} \, | \text{accuracy}_b - \text{confidence}_b |",
    ),
    "chance": Term(
        "More than chance",
        "more than chance",
        "Said of a difference that is too large to come from which images happened to be drawn: its 95% interval leaves zero out, or "
        "where counts are compared, an exact test finds it too rare (its p is below 5%, or less where many are tested at once).",
        (COMPARE, MATRIX, ("Report", "report")),
    ),
    "confidence": Term(
        "Confidence",
        "confidence",
        "How sure an answer is: the probability that the network gives to the digit that it answers.",
        (CERTAINTY,),
        r"\max_k \; p_k",
    ),
    "confusion-matrix": Term(
        "Confusion matrix",
        "confusion matri(?:x|ces)",
        "A table with a row for each true digit and a column for each answer, which counts the images. What is read right lies on its "
        "diagonal.",
        (MATRIX,),
    ),
    "f1": Term(
        "F1",
        "F1",
        "Precision and recall in one number, their harmonic mean: it is high only where both are.",
        (DIGITS,),
        r"F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}",
    ),
    "gap": Term(
        "Gap",
        "gaps?",
        "Training accuracy minus validation accuracy, in percentage points: how much better a network reads the images that it knows.",
        (OVERFITTING, TRAIN),
    ),
    "interval": Term(
        "Interval",
        "(?:95% )?intervals?",
        "How far a share that was measured on some images can be trusted: on other images of the same kind it may well be anything from its "
        "low end to its high one. Of an accuracy it is Wilson's, at 95%.",
        (TRAIN, DIGITS),
        r"\frac{p + \frac{z^2}{2n} \pm z \sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}} \qquad z = 1.96",
    ),
    "precision": Term(
        "Precision",
        "precision",
        "Of the images that are read as a digit, the share that shows it.",
        (DIGITS,),
    ),
    "recall": Term(
        "Recall",
        "recall",
        "Of the images that show a digit, the share that is read as it.",
        (DIGITS,),
    ),
    "standard-deviation": Term(
        "Standard deviation",
        "standard deviations?",
        "How far numbers usually lie from their mean: the root of the mean of their squared distances.",
        (NEURONS,),
        r"\sigma = \sqrt{\tfrac{1}{n} \sum_i (x_i - \bar x)^2}",
    ),
}
