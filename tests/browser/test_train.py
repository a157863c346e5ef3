"""The training page in a real browser, from the first look to the shared result."""

import re
import time
from statistics import median

import pytest
from playwright.sync_api import expect

from core.config import PRESETS
from tests.browser.conftest import PAGES, within

pytestmark = pytest.mark.browser

CURVE = "[data-testid=stVegaLiteChart]"
SMALL = "/train?network=mlp&train_size=2000"
CNN = PRESETS["CNN full"].key
LONG = "/train?network=mlp&epochs=200"  # half a minute on 50,000 images: long enough to look at


def test_a_finished_run_is_there_at_once(visit):
    visitor = visit()
    visitor.open(SMALL)
    visitor.see("89.68%")
    visitor.key("finished_accuracy").locator("svg.marks").wait_for()
    visitor.key("first_five").locator("img").nth(4).wait_for()
    assert visitor.page.url == visitor.url + SMALL, "the address that somebody followed stays"


def test_a_preset_fills_the_form_and_the_address(visit):
    visitor = visit()
    visitor.open("/train")
    visitor.choose("preset", "MLP baseline")
    visitor.see("100 epochs")
    visitor.page.wait_for_url("**epochs=100*")
    visitor.page.wait_for_url("**batch_size=256*")


def test_train_watch_reload_stop_resume_and_share(visit):
    teacher = visit()
    teacher.open("/train")
    teacher.choose("preset", "MLP small")
    teacher.see("2,000 images, batch 64")
    teacher.settle()
    teacher.nudge("epochs", 15)
    teacher.see("85 epochs")
    teacher.see("Not trained yet")
    teacher.press("train")
    teacher.key("scores").get_by_text("Test accuracy").wait_for()
    teacher.page.wait_for_url("**epochs=85*")

    student = visit()
    student.page.goto(teacher.page.url)
    for score in re.findall(r"\d\d\.\d\d%", teacher.key("scores").inner_text()):
        student.key("scores").get_by_text(score).first.wait_for()


def test_a_step_leads_from_one_run_to_the_next_with_the_first_one_behind_it(visit):
    visitor = visit()
    visitor.open("/train?network=mlp&train_size=500&epochs=8&seed=5")
    visitor.press("train")
    visitor.key("scores").get_by_text("Test accuracy").wait_for()
    visitor.key("reading").wait_for()
    visitor.key("try_0_0").get_by_role("button").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.see("Not trained yet")
    visitor.page.wait_for_url("**from=mlp-*")
    visitor.see(re.compile("Watch wh"))
    visitor.press("train")
    visitor.key("scores").get_by_text("Test accuracy").wait_for()
    visitor.see("Compared with")
    lines = visitor.key("finished_accuracy").locator(".mark-line path")
    lines.nth(3).wait_for(state="attached")
    assert sorted(float(one.get_attribute("opacity") or 1) for one in lines.all()) == [0.35, 0.35, 1, 1]
    visitor.press("dismiss")
    visitor.page.wait_for_url(lambda url: "from=" not in url)
    visitor.fits()


def test_the_picture_of_the_network_follows_the_sliders_and_tells_what_a_layer_does(visit):
    visitor = visit()
    visitor.open("/train?network=mlp&epochs=7&seed=9")
    picture = visitor.key("network_picture").get_by_role("group", name="The network, layer by layer")
    picture.get_by_role("button", name="hidden 64 units").wait_for()
    visitor.nudge("hidden_units", 1)
    picture.get_by_role("button", name="hidden 96 units").wait_for()
    picture.get_by_text("hidden: 75,360 parameters.").wait_for()
    picture.get_by_role("link", name="neuron").focus()
    visitor.page.keyboard.press("ArrowRight")
    expect(picture.get_by_role("link", name="weights")).to_be_focused()
    picture.get_by_role("button", name="hidden").focus()
    visitor.page.keyboard.press("ArrowRight")
    picture.get_by_text("output: 970 parameters.").wait_for()
    visitor.choose("network", "CNN")
    picture.get_by_role("button", name="conv1 6 × 12 × 12").hover()
    picture.get_by_text("conv1: 156 parameters.").wait_for()
    assert picture.get_by_role("link", name="kernels").get_attribute("href") == "glossary#kernel"
    visitor.fits()


def test_a_live_run_survives_a_reload_and_answers_stop_and_resume(visit):
    visitor = visit()
    visitor.open(LONG)
    visitor.press("train")
    visitor.key("live_loss").locator(CURVE).wait_for()
    curve = f".st-key-live_accuracy {CURVE} svg.marks"
    drawn = visitor.page.locator(curve).inner_html()
    grown = "([curve, drawn]) => (document.querySelector(curve) ?? {innerHTML: drawn}).innerHTML !== drawn"
    visitor.page.wait_for_function(grown, arg=[curve, drawn])
    visitor.page.get_by_alt_text("The first layer's weights").first.wait_for()

    visitor.page.reload()
    visitor.see(re.compile(r"Epoch \d+ of 200"))
    visitor.page.wait_for_url("**epochs=200*")
    second = visit()
    second.page.goto(visitor.page.url)
    second.see(re.compile(r"Epoch \d+ of 200"))

    visitor.press("stop")
    visitor.see("This run is also looked at in 1 other tab.")
    pressed = time.monotonic()
    visitor.press("stop_anyway")
    visitor.key("resume").wait_for()
    within(time.monotonic() - pressed, usual=1)
    second.key("resume").wait_for()
    epoch = int(re.search(r"after epoch (\d+)", visitor.page.inner_text("body"))[1])

    visitor.press("resume")
    visitor.see(re.compile(r"Epoch \d+ of 200"))
    second.page.reload()
    second.see(re.compile(r"Epoch \d+ of 200"))
    visitor.press("stop")
    visitor.press("stop_anyway")
    visitor.key("resume").wait_for()
    assert int(re.search(r"after epoch (\d+)", visitor.page.inner_text("body"))[1]) >= epoch

    visitor.press("delete")
    visitor.see("Not trained yet")
    visitor.press("undo")
    visitor.key("resume").wait_for()


def test_the_first_point_is_there_within_two_seconds_of_train(visit):
    visitor = visit()
    visitor.open("/train?network=mlp&epochs=3&seed=77")  # the workers are up since the earlier tests
    pressed = time.monotonic()
    visitor.press("train")
    visitor.page.locator(f".st-key-live_loss {CURVE} path, .st-key-scores").first.wait_for(state="attached")
    within(time.monotonic() - pressed, usual=1)


def test_a_slider_answers_while_two_runs_train(visit, record_property):
    for seed in (1, 2):
        trainer = visit()
        trainer.open(f"/train?network=cnn&epochs=50&seed={seed}")
        trainer.press("train")
        trainer.see(re.compile(r"Epoch 1 of 50"))
    visitor = visit()
    visitor.open("/train?network=mlp&epochs=20&seed=3")
    heading = visitor.page.locator("h2")
    answers = []
    for epochs in range(21, 36):
        visitor.settle()
        started = time.monotonic()
        visitor.key("epochs").locator("input[type=range]").press("ArrowRight")
        heading.get_by_text(f"{epochs} epochs").wait_for()
        answers.append(time.monotonic() - started)
        visitor.settle()
    record_property("slider_seconds_median", median(answers))
    print(f"a slider answers in {median(answers):.3f} s at the median")
    for trainer_seed in (1, 2):
        stopper = visit()
        stopper.open(f"/train?network=cnn&epochs=50&seed={trainer_seed}")
        stopper.press("stop")
        stopper.press("stop_anyway")
        stopper.key("resume").wait_for()
    within(median(answers), usual=0.3)


@pytest.mark.parametrize("link", PAGES)
def test_a_shared_link_works_as_the_first_request_to_a_new_server(link, fresh_dashboard, visit):
    visitor = visit(fresh_dashboard)
    visitor.open(link)
    visitor.page.get_by_role("heading", level=1).wait_for()
    visitor.page.get_by_role("link", name="Home").first.wait_for()
    assert visitor.page.get_by_text("Page not found").count() == 0


def test_values_that_cannot_be_used_are_named_and_replaced(visit):
    visitor = visit()
    visitor.open("/train?train_size=70000&epochs=banana&activation=<script>&run=../../etc/passwd")
    visitor.see("Training-set size must be a whole number from 100 to 50,000, not 70000: using 50,000.")
    visitor.see("Epochs must be a whole number from 1 to 200, not “banana”: using 70.")
    visitor.see("is not the key of a run")


def test_the_server_and_its_workers_stay_small(visit, dashboard):
    visitor = visit()
    for link in (*PAGES, SMALL, f"/confusion?run={CNN}", f"/weights?run={CNN}", f"/weights?run={CNN}&view=why"):
        visitor.open(link)
        visitor.page.get_by_role("heading", level=1).wait_for()
    server, worker = dashboard.memory()
    print(f"the server takes {server:.0f} MB and its largest worker {worker:.0f} MB")
    assert server < 900
    assert worker < 700
