"""Ends a process of the embedded cluster soon after the dashboard's has died. Dask loads this file by its path, in processes
that may run in any folder: it imports nothing of ours.
"""

import asyncio
import os
from typing import Any  # a Scheduler or a Nanny, of a package that this file does not import

SERVER = "DIGIT_LAB_SERVER"  # the environment variable that holds the id of the dashboard's process


def dask_setup(server: Any) -> None:
    """Called by Dask in the scheduler, and in the nanny of each worker: a worker ends with its nanny."""
    dashboard = int(os.environ[SERVER])  # had it died by now, getppid() would name somebody else

    async def watch() -> None:
        while os.getppid() == dashboard:
            await asyncio.sleep(1)
        os._exit(0)

    server.watch = asyncio.ensure_future(watch())  # the loop itself keeps no reference
