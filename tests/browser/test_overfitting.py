"""The over-fitting page in a real browser."""

import time
from statistics import median

import pytest

from core import checkpoints
from core.config import NETWORKS, PRESETS
from core.history import EpochEnd
from tests.browser.conftest import within

pytestmark = pytest.mark.browser

CURVE = "[data-testid=stVegaLiteChart] svg.marks"
SIZES = (100, 500, 2_000, 5_000, 20_000, 50_000)


def test_both_panels_grow_at_the_same_time_survive_a_reload_and_are_shared_by_their_link(visit):
    teacher = visit()
    page = teacher.open("/overfitting?networks=mlp&sizes=20000,50000&epochs=60")
    teacher.press("sweep_start")
    for size in (20_000, 50_000):
        teacher.key(f"panel_mlp_{size}").locator(CURVE).wait_for()
    teacher.see("2 training")
    page.reload()
    teacher.see("2 training")
    for size in (20_000, 50_000):
        teacher.key(f"panel_mlp_{size}").locator(CURVE).wait_for()

    student = visit()
    student.page.goto(page.url)
    student.see("2 training")
    teacher.press("sweep_stop")
    student.see("2 training")  # what the student watches goes on
    student.press("sweep_stop")
    teacher.page.close()


def test_the_reports_comparison_is_read_from_the_cache(visit):
    visitor = visit()
    visitor.open("/overfitting")
    visitor.see("a gap of 8.1 points")
    visitor.choose("sweep_preset", "CNN: Figures 7 and 8")
    visitor.see("the CNN reads")


@pytest.fixture
def sixty_runs(fresh_dashboard):
    """The shelf of a class that has compared six sizes with five seeds for both networks: histories of the report's runs."""
    for network in NETWORKS:
        template = checkpoints.load(PRESETS[f"{network.upper()} small"].key)
        for size in SIZES:
            for seed in range(5):
                template.config = NETWORKS[network](train_size=size, seed=seed)
                template.history = [
                    EpochEnd(*event[:3], event.val_accuracy - seed / 1000, *event[4:]) for event in template.history
                ]
                path = checkpoints.path_of(template.config.key, fresh_dashboard.weights)
                if not path.exists():
                    checkpoints.save(template, fresh_dashboard.weights)
    return fresh_dashboard


def test_sixty_runs_from_the_cache_are_drawn_soon(sixty_runs, visit):
    """From an open page to a link's last chart and its table, each time in a browser that has kept nothing but that page.

    The page's own thread computes less than twice as long as for the page with the two runs that it begins with, however busy
    the machine is.
    """
    link = f"/overfitting?networks=mlp,cnn&sizes={','.join(map(str, SIZES))}&seeds=5"
    before = visit(sixty_runs, alone=True)
    before.open(link)
    before.key("outcomes").locator("canvas").first.wait_for()
    before.context.close()
    seconds, bare, computed = [], [], []
    for _ in range(5):
        visitor = visit(sixty_runs, alone=True)
        visitor.open("/overfitting")
        visitor.key("outcomes").locator("canvas").first.wait_for()
        browser = visitor.context.new_cdp_session(visitor.page)
        browser.send("Performance.enable", {"timeDomain": "threadTicks"})
        visitor.open("/overfitting")
        visitor.key("outcomes").locator("canvas").first.wait_for()
        bare.append(task_seconds(browser))
        started = time.monotonic()
        visitor.page.goto(sixty_runs.url + link)
        visitor.page.wait_for_function(f"document.querySelectorAll('{CURVE}').length === {2 * len(SIZES) + 2}")
        visitor.key("outcomes").locator("canvas").first.wait_for()
        seconds.append(time.monotonic() - started)
        computed.append(task_seconds(browser))
        visitor.context.close()
    ratio = median(computed) / median(bare)
    print(
        f"sixty runs are drawn in {median(seconds):.2f} s at the median; {median(computed):.2f} s of it computing, {ratio:.2f} x"
    )
    assert 0 < ratio < 2
    within(median(seconds), usual=1.3)


def task_seconds(browser) -> float:
    """How long the page's own thread has computed since it was opened."""
    metrics = {metric["name"]: metric["value"] for metric in browser.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]
