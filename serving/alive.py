"""Whether the server on this machine is alive, by the exit code: python -m serving.alive, for a container's health check.

It reads the answer: Streamlit gives its page, and 200, to whoever asks for what it does not know.
"""

import json
import os
import sys
from http.client import HTTPConnection, HTTPException

SECONDS_TO_ANSWER = 4.0


def is_alive(port: int) -> bool:
    """Whether a Digit Lab answers at a port that it is alive."""
    line = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    try:
        line.request("GET", "/healthz")
        return json.loads(line.getresponse().read())["alive"] is True
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(os.environ.get("PORT", "8501"))) else 1)
