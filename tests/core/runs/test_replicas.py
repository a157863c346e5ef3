"""Two servers, each a process with workers and a folder of its own, and one bucket of a real S3 server, which speaks HTTP."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from core import checkpoints
from core.config import MLPConfig
from tests.outcome import outcome, run
from tests.server import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.slow  # starts processes

ROOT = Path(__file__).parent.parent.parent.parent
BUCKET = "lab"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "whatever", "AWS_DEFAULT_REGION": "us-east-1"}
SHORT = MLPConfig(train_size=200, epochs=3)
LATER = MLPConfig(train_size=200, epochs=4)

SERVER = """
import json, sys
from pathlib import Path
from core import labels
from core.config import from_query
from core.runs import Runs, mirror
mirror.SECONDS_BETWEEN = 0.5
runs = Runs(Path(sys.argv[1]), workers=1)

def status(key):
    run = runs.find(key)
    return run.status if run else "none"

def train(settings):
    return runs.start(from_query(settings)[0], "somebody").key

def name(key, name):
    labels.put(key, labels.Label(name, True), runs.folder)

def label(key):
    found = labels.read(runs.folder).get(key, labels.UNLABELLED)
    return [found.name, found.pinned]

def delete(key):
    runs.delete(key)

def trouble():
    return runs.mirror.trouble

def ready():
    return runs.ready()

for line in sys.stdin:
    asked, *given = json.loads(line)
    print(json.dumps(globals()[asked](*given)), flush=True)
runs.close()
"""


class Bucket:
    """An S3 server that holds one bucket, in memory: once it is killed nothing of it is left."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._made, 60)

    def _made(self) -> bool:
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{BUCKET}", method="PUT"), timeout=5):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Server:
    """A process with the runs of one folder, which answers what it is asked."""

    def __init__(self, folder: Path, bucket: Bucket):
        self.folder = folder
        environment = {"AWS_ENDPOINT_URL": bucket.url, "DIGIT_LAB_MIRROR": f"s3://{BUCKET}/of/a/class", **CREDENTIALS}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, *words: object) -> object:
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def bucket():
    made = Bucket()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def two(tmp_path_factory, bucket):
    made = [Server(tmp_path_factory.mktemp(name), bucket) for name in "ab"]
    yield made
    for server in made:
        server.close()


def trained(server: Server, config: MLPConfig) -> str:
    key = server.ask("train", {"network": "mlp", "train_size": str(config.train_size), "epochs": str(config.epochs)})
    wait_until(lambda: server.ask("status", key) == "done")
    return key


def test_what_one_server_has_trained_opens_on_the_other_bit_for_bit(two, digits):
    a, b = two
    key = trained(a, SHORT)
    wait_until(lambda: b.ask("status", key) == "done", 30)
    assert checkpoints.read_bytes(key, a.folder) == checkpoints.read_bytes(key, b.folder)
    assert outcome(checkpoints.load(key, b.folder)) == outcome(run(SHORT, digits))


def test_a_name_and_a_pin_and_then_a_deletion_are_carried_over(two):
    a, b = two
    b.ask("name", SHORT.key, "zwölf Köpfe")
    wait_until(lambda: a.ask("label", SHORT.key) == ["zwölf Köpfe", True], 30)
    a.ask("delete", SHORT.key)
    wait_until(lambda: b.ask("status", SHORT.key) == "none", 30)
    assert a.ask("status", SHORT.key) == "none"
    assert b.ask("label", SHORT.key) == ["", False]


def test_while_the_bucket_is_away_training_goes_on_and_what_it_led_to_arrives_later(two, bucket):
    a, b = two
    bucket.kill()
    key = trained(a, LATER)
    wait_until(lambda: a.ask("trouble") and b.ask("trouble"), 60)
    assert a.ask("trouble").startswith("The mirror cannot be used right now (EndpointConnectionError")
    assert b.ask("status", key) == "none"
    bucket.start()
    wait_until(lambda: b.ask("status", key) == "done", 60)
    wait_until(lambda: not a.ask("trouble") and not b.ask("trouble"), 60)
    assert checkpoints.read_bytes(key, a.folder) == checkpoints.read_bytes(key, b.folder)
    assert b.ask("status", SHORT.key) == "none", "what was deleted does not come back"
