"""A log that nothing can fill: what is said again is counted, and the count is written an hour later, or at the end.

As text, or as lines of JSON for a program that reads them. Addresses of visitors are in neither.
"""

import atexit
import json
import logging
import sys
import traceback
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from time import monotonic

SECONDS_BETWEEN_COUNTS = 3600.0
MOST_OF_A_PLACE = 50  # different messages of one line of a program; more are told as one
MOST_PLACES = 5_000
OURS = ("core", "ui", "serving")
FAMILIES = ("streamlit", "uvicorn", "tornado", "asyncio", "distributed")  # what others write while they serve us


class Counted(logging.Filter):
    """Lets a message through once, and then as its first line and a count. Errors are the same where they were raised."""

    def __init__(self, seconds: float = SECONDS_BETWEEN_COUNTS) -> None:
        super().__init__()
        self.seconds = seconds
        self._lock = Lock()
        self._seen: dict[tuple, tuple[str, int, float]] = {}  # what was said, how often since it was written, and when
        self._of_places: defaultdict[tuple, set[str]] = defaultdict(set)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if record.levelno < logging.WARNING:
            return True
        with self._lock:
            kind = self._kind(record)
            said, n, since = self._seen.get(kind, ("", 0, 0.0))
            if not said:
                self._seen[kind] = record.getMessage()[:500] or "?", 0, monotonic()
                return True
            if monotonic() - since < self.seconds:
                self._seen[kind] = said, n + 1, since
                return False
            self._seen[kind] = said, 0, monotonic()
        record.msg, record.args, record.exc_info, record.exc_text = _again(said, n + 1), (), None, None
        return True

    def counts(self) -> list[str]:
        """What was said more often than it was written."""
        with self._lock:
            return [_again(said, n) for said, n, _ in self._seen.values() if n]

    def _kind(self, record: logging.LogRecord) -> tuple:
        if len(self._seen) > MOST_PLACES:
            self._of_places.clear()
            self._seen.clear()
        place: tuple = record.name, record.pathname, record.lineno
        raised, _, trace = record.exc_info or (None, None, None)
        if raised is not None:
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            return (*place, raised, trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        message, known = record.getMessage()[:500], self._of_places[place]
        if message not in known and len(known) >= MOST_OF_A_PLACE:
            return place
        known.add(message)
        return (*place, message)


class Lines(logging.Formatter):
    """A record as one line of JSON: when, how bad, who says it, what; of an error its kind and where it was raised.

    Nobody's words are in it: what others write is told without the values in it, and of an error not what it says, since both
    may be what a visitor has sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        ours = record.name.partition(".")[0] in OURS
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() if ours else str(record.msg),
        }
        raised, _, trace = record.exc_info or (None, None, None)
        if raised is not None:
            line["error"] = raised.__name__
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return json.dumps(line, ensure_ascii=False)


def count_what_repeats(as_json: bool = False) -> Counted:
    """Have our own modules, and those that serve us, write through one such filter."""
    counted = Counted()
    handler = logging.StreamHandler()
    handler.setFormatter(Lines() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(counted)
    for name in OURS:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.INFO if as_json else logging.NOTSET)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in FAMILIES:
            logging.getLogger(name).addFilter(counted)
            for theirs in logging.getLogger(name).handlers if as_json else ():
                theirs.setFormatter(Lines())
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # else it tells the address of everybody who comes
    atexit.register(_tell_the_counts, counted)
    return counted


def _tell_the_counts(counted: Counted) -> None:
    for words in counted.counts():
        with suppress(OSError, ValueError):  # closed
            print(words, file=sys.__stderr__)


def _again(said: str, n: int) -> str:
    return f"{said} ({n:,} more since)"
