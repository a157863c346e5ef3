"""Whether the server is alive, and whether it is ready: a worker is there to train, or nothing trains here.

Streamlit answers any address that it does not know with its page and 200, so whoever asks has to read the answer too.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.kinds import SettingsError
from serving.life import runs

NOT_KEPT = {"Cache-Control": "no-store"}


def state() -> dict[str, bool]:
    """What is said of the server's health; where it has a mirror also whether that can be used, without which all else goes on."""
    try:
        found = runs()
        said = {"alive": True, "ready": found.ready()}
        return said | ({"mirror": not found.mirror.trouble} if found.mirror is not None else {})
    except SettingsError:  # every page says which
        return {"alive": True, "ready": False}


def alive(_: Request) -> JSONResponse:
    return JSONResponse(state(), headers=NOT_KEPT)


def ready(_: Request) -> JSONResponse:
    said = state()
    return JSONResponse(said, 200 if said["ready"] else 503, headers=NOT_KEPT)


ROUTES = [Route("/healthz", alive), Route("/healthz/ready", ready)]
PATHS = {route.path for route in ROUTES}
