"""What the C library is told about memory, held against what it then does."""

import subprocess
import sys

import psutil
import pytest

# Forty threads, one after the other and all alive, each keep something small: how many megabytes of places were set aside for them?
THREADS = """
import sys, threading, psutil
from core.host.memory import share_memory
if sys.argv[1] == "shared":
    share_memory()
before, kept, over = psutil.Process().memory_info().vms, [], threading.Event()
def work():
    kept.append([bytes(1000) for _ in range(100)])
    over.wait()
threading.stack_size(2**16)
threads = [threading.Thread(target=work) for _ in range(40)]
for thread in threads:
    thread.start()
while len(kept) < 40:
    pass
print((psutil.Process().memory_info().vms - before) // 2**20)
over.set()
"""


def set_aside(how: str) -> int:
    return int(subprocess.run([sys.executable, "-c", THREADS, how], capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not psutil.LINUX, reason="the places are glibc's")
def test_threads_of_a_server_share_two_places_for_memory():
    assert set_aside("shared") <= 2 * 64, "of 64 MB each"
    assert set_aside("alone") > 4 * 64
