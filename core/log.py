"""A log that nothing can fill: what is said again is counted, and written once more with its count at 10, 100, 1,000 times."""

import logging
from collections import Counter, defaultdict
from threading import Lock

MOST_OF_A_PLACE = 50  # different messages of one line of a program; more are told as one
MOST_PLACES = 5_000
FAMILIES = ("streamlit", "uvicorn", "tornado", "asyncio", "distributed")  # what others write while they serve us


class Counted(logging.Filter):
    """Lets a message through the first time, and then at every power of ten. Errors are the same where they were raised."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._counts: Counter[tuple] = Counter()
        self._of_places: defaultdict[tuple, set[str]] = defaultdict(set)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written. One that was written before is shortened to its message and its count."""
        if record.levelno < logging.WARNING:
            return True
        with self._lock:
            kind = self._kind(record)
            self._counts[kind] += 1
            n = self._counts[kind]
        if n > 1:
            record.msg, record.args = f"{record.getMessage()} ({n:,} times by now)", ()
            record.exc_info = record.exc_text = None
        return n == 10 ** (len(str(n)) - 1)

    def _kind(self, record: logging.LogRecord) -> tuple:
        if len(self._of_places) > MOST_PLACES:
            self._of_places.clear()
            self._counts.clear()
        place: tuple = record.name, record.pathname, record.lineno
        raised, _, trace = record.exc_info or (None, None, None)
        if raised is not None:
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            place += raised, trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            return place
        message, known = record.getMessage()[:500], self._of_places[place]
        if message in known or len(known) < MOST_OF_A_PLACE:
            known.add(message)
            place += (message,)
        return place


def count_what_repeats() -> None:
    """Have our own modules, and those that serve us, write through one such filter."""
    counted = Counted()
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(counted)
    for name in ("core", "ui"):
        logging.getLogger(name).addHandler(handler)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in FAMILIES:
            logging.getLogger(name).addFilter(counted)
