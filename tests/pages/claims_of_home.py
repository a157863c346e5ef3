"""What the first screen of Home claims: of the digits in its tray, of the two answers on arrival, and of the film."""

from tests.pages.claims import claim, percent
from tests.pages.walk import Page
from ui.home.asking import WRITTEN

NETWORKS = ("MLP full", "CNN full")


def labels(page: Page) -> list[int]:
    """What the digits of the tray are."""
    return page.shelf[NETWORKS[0]].mnist.y_test[list(WRITTEN)].astype(int).tolist()


def spoken(article: str, label: str) -> None:
    """Hold an article against how a digit is said."""
    assert article.lower() == ("an" if label == "8" else "a"), f"{article} {label}"


def fits_one_of(text: str, shares: list[float], what: str) -> None:
    """A percentage is that of at least one of these shares."""
    wrong = []
    for share in shares:
        try:
            return percent(text, share, what)
        except AssertionError as error:
            wrong.append(str(error))
    raise AssertionError(" / ".join(wrong))


@claim("home", "{article…} {label#} that somebody wrote")
def of_the_tray(page: Page, article: str, label: str) -> None:
    spoken(article, label)
    assert int(label) in labels(page)


@claim("home", "Somebody wrote {article…} {label#}.")
def on_arrival(page: Page, article: str, label: str) -> None:
    spoken(article, label)
    assert int(label) == labels(page)[0]


@claim("home", "{p%} sure")
def answers(page: Page, p: str) -> None:
    saved = [page.shelf[name] for name in NETWORKS]
    image = saved[0].mnist.x_test[WRITTEN[0]]
    fits_one_of(
        p, [float(facts.as_it_is.predict_proba(image[None]).max()) for facts in saved], "the first digit's answer"
    )


@claim("home", "reads {p%} of 10,000 new digits")
def film(page: Page, p: str) -> None:
    fits_one_of(p, [event.val_accuracy for event in page.shelf[NETWORKS[0]].history], "an epoch of the film")
