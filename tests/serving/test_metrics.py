"""Health and numbers, of a real server with a real run."""

import json
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from core.config import CNNConfig, MLPConfig
from core.runs import Runs, mirror
from serving.metrics import Numbers, Tabs
from tests.server import Server, free_port
from tests.serving.asking import ask
from tests.serving.conftest import TOKEN
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


def read(text: str) -> dict[str, float]:
    """What a monitor reads: a number for each name, by Prometheus' own parser."""
    return {
        "".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def numbers(served: Server) -> dict[str, float]:
    answer = ask(served, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return read(answer.body)


def test_it_is_alive_at_once_and_ready_when_a_worker_is_there(served):
    assert json.loads(ask(served, "/healthz").body)["alive"] is True
    answers = [ask(served, "/healthz/ready")]
    wait_until(lambda: answers[-1].status == 200 or answers.append(ask(served, "/healthz/ready")))
    assert json.loads(answers[-1].body) == {"alive": True, "ready": True}
    wait_until(lambda: numbers(served)["digit_lab_workers"] == 1)  # a busy machine may lose one and start another


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", "Bearer ", "Bearer 0123456789abcdeF", f"Basic {TOKEN}", "Bearer é"]
)
def test_without_the_token_there_are_no_numbers(served, sent):
    answer = ask(served, "/metrics", **({} if sent is None else {"Authorization": sent}))
    assert (answer.status, answer.body) == (401, "Who asks?")


def test_an_unready_server_says_so_and_shows_no_numbers_without_a_token(tmp_path):
    wrong = Server(tmp_path, "serve.py", DIGIT_LAB_MODE="anarchy").wait()
    try:
        assert ask(wrong, "/healthz").status == 200
        assert json.loads(ask(wrong, "/healthz/ready").body) == {"alive": True, "ready": False}
        assert ask(wrong, "/healthz/ready").status == 503
        assert ask(wrong, "/metrics").status in (404, 503)
        assert "cannot be used: Mode must be one of" in wrong.log.read_text()
    finally:
        wrong.close()


def test_the_numbers_follow_the_runs(tmp_path):
    runs = Runs(tmp_path, workers=1)
    registry = CollectorRegistry()
    registry.register(Numbers(lambda: runs, Tabs()))

    def now() -> dict[str, float]:
        return read(generate_latest(registry).decode())

    try:
        assert now()["digit_lab_runsqueued"] == now()["digit_lab_images_per_second"] == 0
        training, queued = runs.start_all([CNNConfig(train_size=5_000, epochs=100), MLPConfig(epochs=100)], "somebody")
        wait_until(lambda: now()["digit_lab_runstraining"] == 1 and now()["digit_lab_images_per_second"] > 0)
        assert now()["digit_lab_runsqueued"] == 1
        assert now()["digit_lab_images_per_second"] == pytest.approx(training.images_per_second, rel=0.5)
        runs.stop(queued.key)
        runs.stop(training.key)
        wait_until(lambda: not training.live)
        runs.start(MLPConfig(train_size=200, epochs=1))
        wait_until(lambda: now()["digit_lab_runs_ended_totaldone"] == 1)
        assert now()["digit_lab_runs_ended_totalstopped"] == 2
        assert now()["digit_lab_runs_ended_totalfailed"] == 0
        assert "somebody" not in generate_latest(registry).decode()
    finally:
        runs.close()


def test_a_save_that_fails_is_counted(tmp_path):
    runs = Runs(tmp_path / "weights", workers=1)
    try:
        run = runs.start(MLPConfig(train_size=20_000, epochs=30))
        wait_until(lambda: run.written)
        for file in (tmp_path / "weights").iterdir():
            file.unlink()
        (tmp_path / "weights").rmdir()
        (tmp_path / "weights").write_text("a file is in its place")
        wait_until(lambda: not run.live)
        assert run.unsaved
        registry = CollectorRegistry()
        registry.register(Numbers(lambda: runs, Tabs()))
        assert read(generate_latest(registry).decode())["digit_lab_failed_saves_total"] == runs.failed_saves > 0
    finally:
        runs.close()


def test_a_mirror_that_can_be_used_is_said(tmp_path):
    said = mirrored(tmp_path / "lab", DIGIT_LAB_MIRROR=(tmp_path / "place").as_uri())
    assert said == (True, 1, 200, False)


def test_a_mirror_that_cannot_be_reached_is_said_and_all_else_goes_on(tmp_path):
    nobody = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}", "AWS_MAX_ATTEMPTS": "1"}
    us = {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "whatever", "AWS_DEFAULT_REGION": "us-east-1"}
    said = mirrored(tmp_path, DIGIT_LAB_MIRROR="s3://class/runs", **nobody, **us)
    assert said == (False, 0, 200, True)


def mirrored(folder: Path, **environment: str) -> tuple[bool, float, int, bool]:
    """Of a server with a mirror: whether health and numbers say that it can be used, the status of a ready one, whether it complains."""
    server = Server(folder, "serve.py", DIGIT_LAB_METRICS_TOKEN=TOKEN, **environment).wait()
    complaint = "mirror cannot be used right now"
    try:
        wait_until(lambda: ask(server, "/healthz/ready").status == 200)
        wait_until(lambda: (server.weights / mirror.FILE).exists() or complaint in server.log.read_text())
        said = json.loads(ask(server, "/healthz").body)["mirror"]
        status = ask(server, "/healthz/ready").status
        return said, numbers(server)["digit_lab_mirror"], status, complaint in server.log.read_text()
    finally:
        server.close()
