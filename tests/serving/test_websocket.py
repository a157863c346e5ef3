"""What goes over the websocket: a page in less than half of its bytes, and nothing that unpacks to more than the server takes."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

pytestmark = pytest.mark.slow
BOMB = 400  # MB of nothing, which are half a megabyte on their way


def told(server, **options) -> tuple[str, int]:
    """What a page says, and in how many bytes: of one that has its menus and words, and a table."""
    with connect(server.address, subprotocols=["streamlit"], max_size=None, legacy=True, **options) as socket:
        came = counted(socket)
        message = BackMsg()
        message.rerun_script.page_name = "runs"
        socket.send(message.SerializeToString())
        said = ""
        while True:
            forward = ForwardMsg.FromString(socket.recv(timeout=60))
            said += str(forward)
            if forward.WhichOneof("type") == "script_finished":
                return said, sum(came)


def counted(socket: ClientConnection) -> list[int]:
    """The bytes that come to a browser from now on, one number for each time that some come."""
    came: list[int] = []
    take = socket.protocol.receive_data

    def count(data: bytes) -> None:
        came.append(len(data))
        take(data)

    socket.protocol.receive_data = count
    return came


def heard(socket: ClientConnection, message: bytes) -> bytes | str:
    socket.send(message)
    return socket.recv(timeout=60)


def test_a_page_comes_in_less_than_half_its_bytes_and_says_the_same(served):
    told(served)  # the first visitor sees less
    (packed, small), (plain, large) = told(served), told(served, compression=None)
    assert "All runs, with their settings and results" in packed
    assert len(packed) == pytest.approx(len(plain), rel=0.01)
    assert small < 0.5 * large, (small, large)


def test_a_message_that_unpacks_to_more_than_the_server_takes_ends_its_connection_and_nobody_elses(served):
    with connect(served.address, subprotocols=["streamlit"], legacy=True) as socket:
        with pytest.raises(ConnectionClosed, match=r"1009.*message too big"):
            heard(socket, bytes(BOMB * 2**20))
        assert told(served)[0]
