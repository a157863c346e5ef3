"""What a forged browser says to a real server, over its websocket."""

import random
import re
import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from tests.fuzz.widgets import any_state
from tests.server import Server

pytestmark = pytest.mark.slow
LONG = "network=cnn&train_size=5000&epochs=200&seed=3"


class Browser:
    """A tab that says what it likes."""

    def __init__(self, server: Server):
        end = time.monotonic() + 60
        while True:
            try:
                self.socket = connect(server.address, subprotocols=["streamlit"], max_size=None, legacy=True)
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.2)

    def rerun(self, page: str, query: str = "", *states) -> str:
        """Ask for a page, with these states of its controls. Returns what the server says until it is drawn, as a text."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        message.rerun_script.widget_states.widgets.extend(states)
        self.socket.send(message.SerializeToString())
        said, end = "", time.monotonic() + 60
        while time.monotonic() < end:
            forward = ForwardMsg.FromString(self.socket.recv(timeout=60))
            said += str(forward)
            if forward.WhichOneof("type") == "script_finished":
                return said
        raise AssertionError("the page was never drawn")

    def clear_cache(self) -> None:
        message = BackMsg()
        message.clear_cache = True
        self.socket.send(message.SerializeToString())


def controls(said: str) -> list[str]:
    return sorted(set(re.findall(r'id: "(\$\$ID-[^"]+)"', said)))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = Server(tmp_path_factory.mktemp("server"))
    yield one
    one.close()


def test_whoever_clears_the_caches_leaves_every_run_going_and_starts_no_second_cluster(server):
    visitor, other = Browser(server), Browser(server)
    (train,) = (name for name in controls(visitor.rerun("train", LONG)) if name.endswith("-train"))
    visitor.rerun("train", LONG, WidgetState(id=train, trigger_value=True))
    end = time.monotonic() + 90
    while "of 200**" not in visitor.rerun("train", LONG):
        assert time.monotonic() < end
        time.sleep(1)
    before = server.children()
    for _ in range(4):
        other.clear_cache()
        assert "of 200**" in other.rerun("train", LONG)
    time.sleep(5)
    assert server.children() == before
    assert "of 200**" in visitor.rerun("train", LONG)


def test_what_is_forged_is_written_to_the_log_once_of_each_kind_and_seen_by_nobody_else(server):
    forger, chance = Browser(server), random.Random(4)
    names, raised, before = controls(forger.rerun("confusion")), 0, len(told(server.log.read_text()))
    for _ in range(100):
        raised += "exception {" in forger.rerun("confusion", "", any_state(chance.choice(names), chance))
    kinds = told(server.log.read_text())[before:]
    assert raised > 10
    assert 0 < len(kinds) <= 12
    assert len(kinds) == len(set(kinds))
    assert "exception {" not in Browser(server).rerun("confusion")


def told(log: str) -> list[tuple[str, str]]:
    """Of every exception in a log, what was raised and where."""
    records = log.split("Uncaught app execution\n")[1:]
    raised = [re.findall(r"^([\w.]+)(?::|$)", record, re.MULTILINE)[0] for record in records]
    places = [re.findall(r'File "(.+, line \d+)', record)[-1] for record in records]
    return [*zip(raised, places, strict=True)]
