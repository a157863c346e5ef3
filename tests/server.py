"""A server of its own for a test, of this dashboard or of any other Streamlit script, which is spoken to over its websocket."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from core import checkpoints
from core.config import PRESETS

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A process with a folder of its own, which holds the report's runs, and a log."""

    def __init__(self, folder: Path, script: str = "app.py", *options: str, port: int = 0, **environment: str):
        self.port = port or free_port()
        self.weights, self.log = folder / "weights", folder / "log"
        self.weights.mkdir(parents=True)
        for config in PRESETS.values():
            shutil.copy(checkpoints.path_of(config.key), self.weights)
        command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(self.port), *options]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "DIGIT_LAB_WEIGHTS": str(self.weights), "PYTHONFAULTHANDLER": "1", **environment},
                stdout=log,
                stderr=log,
            )

    @property
    def address(self) -> str:
        """Where its websocket is."""
        return f"ws://127.0.0.1:{self.port}/_stcore/stream"

    def wait(self) -> "Server":
        """Wait until it answers."""
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=5) as answer:
                    if answer.read() == b"ok":
                        return self
            except OSError:
                pass
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)

    def children(self) -> int:
        return len(psutil.Process(self.process.pid).children(recursive=True))

    def megabytes(self) -> float:
        """Of the server's own process, resident."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20

    def tracebacks(self) -> int:
        """How many its log has."""
        return self.log.read_text().count("Traceback (most recent call last)")

    def close(self) -> None:
        """Ask it to end. One that does not is a fault, and says in its log where each of its threads was held up."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(60)
            raise AssertionError(f"The server did not end: {self.log.read_text()}") from None
