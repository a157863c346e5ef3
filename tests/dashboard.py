"""A dashboard of its own for a test: a real server, in a folder with the report's runs."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from core.config import PRESETS

ROOT = Path(__file__).parent.parent


class Dashboard:
    """A server with the report's runs in a folder of its own."""

    def __init__(self, folder: Path, script: str = "app.py", **environment: str):
        for config in PRESETS.values():
            shutil.copy(ROOT / "cached_weights" / f"{config.key}.npz", folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder, self.log = folder, folder / "server.log"
        command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(self.port)]
        environment = {**os.environ, "DIGIT_LAB_WEIGHTS": str(folder), **environment}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(150):
            time.sleep(0.2)
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    if answer.read() == b"ok":
                        return
            except OSError:
                continue
        self.close()
        raise RuntimeError(self.log.read_text())

    def memory(self) -> tuple[float, float]:
        """Resident megabytes: of the server's process, and of its largest child, which is a worker."""
        server = psutil.Process(self.process.pid)
        children = [child.memory_info().rss for child in server.children(recursive=True)]
        return server.memory_info().rss / 2**20, max(children, default=0) / 2**20

    def close(self) -> None:
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        self.process.wait(timeout=60)  # a busy machine starts the workers that it has to end
        psutil.wait_procs(children, timeout=10)
