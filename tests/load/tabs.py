"""Tabs of browsers by the dozen, each a websocket of its own: what a visitor asks for, and how long the answer takes."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from random import Random

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.server import Server

SECONDS_OF_AN_ANSWER = 120.0


class Tab:
    """One tab. It knows what the page that was drawn last has said of itself."""

    def __init__(self, socket: ClientConnection, chance: Random):
        self.socket, self.chance = socket, chance
        self.took: list[float] = []  # seconds, of each rerun
        self.exceptions = 0
        self._page, self._query, self._fragment, self._controls = "", "", "", set[str]()
        self.interval = 0.0  # seconds, after which the page wants its fragment to be drawn again

    async def open(self, page: str = "", query: str = "", *states: WidgetState) -> None:
        """Go to a page, or have it drawn again with these states of its controls."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        message.rerun_script.widget_states.widgets.extend(states)
        self._query, self._fragment, self._controls = query, "", set()
        await self._ask(message)

    async def look_again(self) -> None:
        """Have the fragment drawn again that wants to be, as a browser does."""
        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.fragment_id = self._page, self._fragment
        message.rerun_script.query_string, message.rerun_script.is_auto_rerun = self._query, True
        await self._ask(message)

    @property
    def watches(self) -> bool:
        """Whether the page has something that wants to be drawn again by itself."""
        return bool(self._fragment)

    def control(self, key: str) -> str:
        """What Streamlit calls the control with this key."""
        names = sorted(name for name in self._controls if name[len("$$ID-") + 33 :].startswith(key))
        return min(names, key=len)[
            : len("$$ID-") + 33 + len(key)
        ]  # what comes next in the message may look like more of it

    async def _ask(self, message: BackMsg) -> None:
        began = time.monotonic()
        await self.socket.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self.socket.recv(), SECONDS_OF_AN_ANSWER)
            said = ForwardMsg.FromString(data)
            kind = said.WhichOneof("type")
            if kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                break
            if kind == "navigation":
                self._page = said.navigation.page_script_hash
            elif kind == "auto_rerun":
                self._fragment, self.interval = said.auto_rerun.fragment_id, said.auto_rerun.interval
            elif kind == "delta":
                self.exceptions += b"exception" in data and said.delta.new_element.WhichOneof("type") == "exception"
                self._controls |= {name.decode() for name in re.findall(rb"\$\$ID-[0-9a-f]{32}-\w+", data)}
        self.took.append(time.monotonic() - began)


Habit = Callable[[Tab], Awaitable[None]]


async def visit(server: Server, habit: Habit, seed: int) -> Tab:
    """Open a tab, do as this visitor does, and close it."""
    async with connect(server.address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        tab = Tab(socket, Random(seed))
        await habit(tab)
        return tab


async def together(server: Server, habits: list[Habit]) -> list[Tab]:
    """So many visitors at once."""
    return list(await asyncio.gather(*(visit(server, habit, seed) for seed, habit in enumerate(habits))))
