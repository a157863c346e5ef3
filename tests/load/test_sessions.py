"""A few visitors at once, of the many of python -m tests.load. Times are looked at there, where nothing else goes on."""

import asyncio

import pytest

from tests.load.__main__ import FORGET, MEGABYTES_MORE
from tests.load.scenes import growth, presses, side_by_side
from tests.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = Server(tmp_path_factory.mktemp("lab"), "app.py", *FORGET).wait()
    yield one
    one.close()


@pytest.fixture(scope="module")
def hello(tmp_path_factory):
    one = Server(tmp_path_factory.mktemp("hello"), "tests/load/hello.py").wait()
    yield one
    one.close()


def test_whoever_presses_train_at_once_with_others_has_it_done(server):
    found = asyncio.run(presses(server, 12))
    assert found.done == found.asked == 12
    assert server.tracebacks() == 0


def test_visits_leave_nothing_behind_in_memory(server):
    _, more = asyncio.run(growth(server, visits=40, warm=20))
    assert more < MEGABYTES_MORE
    assert server.tracebacks() == 0


def test_a_crowd_that_watches_moves_and_wanders_sees_no_exception_while_two_runs_train(server, hello):
    ours, theirs = asyncio.run(side_by_side(server, hello, seconds=4, turns=1, tenths=2))
    assert ours.exceptions == theirs.exceptions == 0
    assert len(ours.seconds) > 20
    assert server.tracebacks() == hello.tracebacks() == 0
