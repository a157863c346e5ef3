"""Every sentence on every page, for runs of every kind, held against the numbers."""

import re
import shutil

import pytest

from core import checkpoints
from core.config import PRESETS, describe
from core.naming import line_names, own_name
from core.runs import Runs
from tests.pages import (  # noqa: F401  # most of them register
    claims,
    claims_of_a_patch,
    claims_of_a_reading,
    claims_of_a_step,
    claims_of_all,
    claims_of_disputed,
    claims_of_doubt,
    claims_of_equal,
    claims_of_groups,
    claims_of_home,
    claims_of_known,
    claims_of_lessons,
    claims_of_rates,
    claims_of_search,
    claims_of_the_glossary,
    walk,
)
from tests.pages.claims_of_the_report import check_report
from tests.pages.sentences import Text
from tests.pages.shelf_of_all_kinds import LATER, WORKERS, fill
from tests.pages.test_glossary import unexplained, unlinked_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, digits):
    """A folder with the report's runs and runs of every other kind, for `registry` as well."""
    folder = tmp_path_factory.mktemp("every_kind")
    for config in PRESETS.values():
        shutil.copy(checkpoints.path_of(config.key), folder)
    runs = Runs(folder, workers=WORKERS)
    runs.facts = fill(runs, digits)
    yield runs
    runs.close()


@pytest.fixture(scope="module")
def pages(shelf):
    """The pages of a name, walked once."""
    walked: dict[str, list[walk.Page]] = {}

    def of(name: str) -> list[walk.Page]:
        if name not in walked:
            walked[name] = [claims_of_equal.cut_off(page) for page in walk.PAGES[name](walk.Visitor(shelf.facts))]
        return walked[name]

    return of


# What no text of any page says, as an expression, and why not.
NEVER = {
    r"(?i)\bnan\b": "a number that is none",
    r"\bNone\b(?! of the)": "a value that is not there",
    r"(?i)(?<![a-z])inf(inity)?\b": "a number without end",
    r"\de\+": "computers' way of writing a large number",
    r"[-−]0(\.0+)?(?![\d.,])": "minus nothing",
    r"\b5\d years": "the time since 1970",
    r"\*\*\s*\*\*": "empty bold",
    r"\S  +\S": "two spaces",
    r"\.\.(?!\.)|,,|;;|::": "a stop twice",
    r"[{}]": "a placeholder that was not filled",
    r"\(s\)": "one or several",
    r"(?<![\w–-])-\d": "a hyphen for a minus sign",
    r"\d ?x ?\d": "the letter x for a multiplication sign",
    r"\d\s%": "a space before a percent sign",
    r"≈ ?100|(?<!to )100\.0+ ?%": "certainty",  # all the same, the end of an interval may be 1
}


@pytest.mark.parametrize("name", walk.PAGES)
def test_no_text_has_what_no_text_should_have(name, pages):
    found = {
        f"{why}: {text.text!r} ({text.kind}), {page.where}": text.text
        for page in pages(name)
        for text in page.texts
        for pattern, why in NEVER.items()
        if re.search(pattern, text.text) and not (why == "two spaces" and text.kind.startswith("VegaLiteChart"))
    }
    once = {text: line for line, text in found.items()}
    assert not once, "\n".join(once.values())


@pytest.mark.parametrize("name", [name for name in walk.PAGES if name != "glossary"])
def test_every_word_of_the_field_leads_to_the_glossary_and_every_mention_of_the_report_to_the_report(name, pages):
    found = {}
    for page in pages(name):
        for slug, passage in unexplained(without_runs(page)).items():
            found.setdefault(slug, f"{slug!r} leads nowhere: {passage!r}, {page.where}")
        if name != "report":
            assert not unlinked_report(page.texts), page.where
    assert not found, "\n".join(found.values())


def without_runs(page: walk.Page) -> list[Text]:
    """The texts of a page without what runs are called and how they are set, which is no passage of ours."""
    configs = [*(facts.config for facts in page.shelf.values()), *LATER.values()]
    called = {own_name(config) for config in configs} | {describe(config) for config in configs}
    called |= {*line_names([look.facts.config for look in page.looks], {})}
    texts = []
    for text in page.texts:
        words = text.text
        for one in sorted(called, key=len, reverse=True):
            words = words.replace(one, "…")
        texts.append(text._replace(text=words))
    return texts


NUMBERED = re.compile(r"\d")
BARE = re.compile(r"[\d.,]+%?")
IN_CHARTS = ("VegaLiteChart", "Slider.options")  # the first have tests of their own, the others are what one can choose


@pytest.mark.parametrize("name", walk.PAGES)
def test_every_number_in_a_sentence_is_what_the_weights_and_the_data_say(name, pages):
    found = {}
    for page in pages(name):
        for text in page.texts:
            for sentence, why in mistakes(page, text).items():
                found.setdefault(NUMBERED.sub("9", sentence), f"{sentence!r} ({text.kind}): {why}, {page.where}")
    assert not found, "\n".join(found.values())


def mistakes(page: walk.Page, text: Text) -> dict[str, str]:
    """The sentences of a text that are not so, or whose numbers nobody has said how to check, and why."""
    found = {}
    is_a_choice = text.kind.endswith(("options", "content")) and BARE.fullmatch(text.text)
    is_in_a_table = text.kind.startswith("Table.")  # of which a test of its own reads row by row
    if not (text.kind.startswith(IN_CHARTS) or is_a_choice or is_in_a_table):
        for sentence in filter(NUMBERED.search, text.sentences):
            try:
                if not claims.checked(page._replace(around=text.text), sentence):
                    found[sentence] = "nothing is known of such a sentence"
            except AssertionError as error:
                found[sentence] = str(error)
    return found


def test_every_row_of_the_report_is_what_it_says_and_what_the_saved_networks_say(pages):
    (page,) = pages("report")
    tables = [table for table in page.tables.values() if "The report says" in table]
    assert sum(map(len, tables)) > 45
    for table in tables:
        check_report(page, table)


def test_a_row_of_the_report_in_which_a_number_is_not_so_is_found(pages):
    """Each row with the last digit of what the run says altered, and each whose verdict is another's."""
    (page,) = pages("report")
    rows = [
        table.iloc[[at]] for table in page.tables.values() if "The report says" in table for at in range(len(table))
    ]
    for row in rows:
        said = row["This run says"].iloc[0]
        if NUMBERED.search(said):
            at = [found.start() for found in NUMBERED.finditer(said)][-1]
            altered = said[:at] + str((int(said[at]) + 3) % 10) + said[at + 1 :]
            with pytest.raises(AssertionError):
                check_report(page, row.assign(**{"This run says": altered}))


def test_every_number_in_a_table_is_what_the_weights_and_the_data_say(pages):
    for name in walk.PAGES:
        if name not in ("weights", "sketch", "report"):
            for page in pages(name):
                for table in page.tables.values():
                    claims.check_table(page, table)


# Words that are true of some states alone.
ONLY_WHEN_DONE = re.compile(r"\b(at the end|after training|finished|trained in)\b", re.IGNORECASE)
ONLY_WITH_SEEDS = re.compile(r"\b(bands?|means? of|of the seeds|over the seeds)\b", re.IGNORECASE)
LEARNT = re.compile(
    r"like chance|no better than guessing|learnt nothing|sure and wrong|answers are wrong|did not finish|diverged"
)


def test_nothing_is_said_to_be_over_that_was_stopped(pages):
    for page in pages("train"):
        if page.looks and page.looks[0].facts.status == "stopped":
            said = [sentence for text in page.texts for sentence in text.sentences if ONLY_WHEN_DONE.search(sentence)]
            assert said in ([], ["The test images are kept for the end of the training."]), f"{said}, {page.where}"
            assert "Test accuracy" not in page.words


def test_of_one_seed_no_band_and_no_mean_is_spoken(pages):
    controls = "The band in the charts is what that changes."
    for page in pages("overfitting"):
        if page.query.get("seeds", "1") == "1":
            said = [sentence for text in page.texts for sentence in text.sentences if ONLY_WITH_SEEDS.search(sentence)]
            assert set(said) <= {controls}, f"{said}, {page.where}"


@pytest.mark.parametrize("name", ["train", "runs", "confusion"])
def test_a_run_that_came_to_nothing_is_not_passed_off_as_learnt(name, pages):
    """Where it is looked at alone, on the pages that say how good it is."""
    seen = 0
    for page in pages(name):
        kinds = [look.facts.kind for look in page.looks]
        if kinds not in (["one tenth"], ["sure and wrong"], ["diverged"], ["diverged at once"]):
            continue
        if name == "confusion" and page.query["view"] != "matrix":
            continue
        if name == "confusion" and kinds == ["sure and wrong"]:
            continue  # its answers are better than guessing
        seen += 1
        assert LEARNT.search(page.words.lower()), page.where
    assert seen


@pytest.mark.parametrize(
    ("name", "there", "instead"),
    [
        ("train", "97.51%", "97.61%"),
        ("train", "after epoch 5 of 60", "after epoch 6 of 60"),
        ("overfitting", "8.1 points", "8.2 points"),
        ("overfitting", "**rises with more data**", "**falls with more data**"),
        ("train", "with ReLU 96.74%", "with ReLU 97.44%"),
        ("overfitting", "at most **2,240 steps**", "at most **2,250 steps**"),
        ("overfitting", "after epoch 2 of 70", "after epoch 3 of 70"),
        ("overfitting", "of the effect of data remains", "of the effect of data remains, and 9.99 points"),
        ("overfitting", "750 epochs of 2,000", "760 epochs of 2,000"),
        ("search", "is **97.59%**", "is **97.69%**"),
        ("search", "the next is 90.65%", "the next is 90.75%"),
        ("search", "by a gap of 2.28 points", "by a gap of 2.38 points"),
        ("search", "It is **better than", "It may be better than"),
        ("search", "the largest training-set size", "the smallest training-set size"),
        ("runs", "right (mean of 2 seeds", "right (mean of 3 seeds"),
        ("runs", "more than the seeds differ**", "as much as the seeds differ by 9.99 points**"),
        ("search", "is **worse by more than chance**", "may be worse by chance"),
        ("search", "1 run **diverged**", "2 run **diverged**"),
        ("runs", "learnt nothing", "learnt everything about 10 digits"),
        ("confusion", "are read right, 249 are not", "are read right, 250 are not"),
        ("confusion", "mistakes, **11** are on", "mistakes, **12** are on"),
        ("confusion", "2 say 4, 2 say 9", "3 say 4, 2 say 9"),
        ("confusion", "**the first 5,000 are harder**", "**the last 5,000 are harder**"),
        ("confusion", "**CNN full is better", "**MLP full is better"),
        ("report", "99.87% of them right", "99.86% of them right"),
        ("report", "exactly the 4,764", "exactly the 4,765"),
        ("lessons", "of which 958 are", "of which 959 are"),
        ("lessons", "58.07% three pixels", "58.17% three pixels"),
        ("glossary", "costs 0.69 nats", "costs 0.70 nats"),
        ("weights", ", and that is right", ", but it is a **2**"),
        ("weights", "**is the weight after**", "**is the gradient**"),
    ],
)
def test_a_number_or_a_word_that_is_not_so_is_found(name, there, instead, pages):
    """The same pages with one thing altered."""
    found = 0
    for page in pages(name):
        for text in page.texts:
            if there in text.text:
                altered = text._replace(text=text.text.replace(there, instead))
                found += 1
                assert mistakes(page, altered), f"{altered.text!r} passes for true, {page.where}"
    assert found, f"“{there}” is nowhere"
