"""A log that nothing can fill."""

import json
import logging

from core.host.log import Counted, Lines


def written(say, times: int, seconds: float = 3600.0) -> tuple[list[str], Counted]:
    """What a log has of something that is said so many times, and its filter."""
    logger, lines = logging.Logger("core.test"), []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler, counted = Lines(), Counted(seconds)
    handler.addFilter(counted)
    logger.addHandler(handler)
    for n in range(times):
        say(logger, n)
    return lines, counted


def test_a_repeated_warning_is_written_once_and_counted():
    lines, counted = written(lambda log, n: log.warning("no space left"), 20_000)
    assert lines == ["no space left"]
    assert counted.counts() == ["no space left (19,999 more since)"]


def test_after_an_hour_the_count_is_written():
    lines, _ = written(lambda log, n: log.warning("no space left"), 3, seconds=0.0)
    assert lines == ["no space left", *["no space left (1 more since)"] * 2]


def test_an_error_is_the_same_where_it_was_raised_whatever_it_says():
    def fail(log, n):
        try:
            raise ValueError("x" * n)
        except ValueError:
            log.exception("Uncaught")

    lines, counted = written(fail, 1_000)
    assert len(lines) == 1
    assert "Traceback" in lines[0]
    assert counted.counts() == ["Uncaught (999 more since)"]


def test_two_kinds_are_two():
    lines, _ = written(lambda log, n: log.warning("%s is damaged", "ab"[n % 2]), 8)
    assert lines == ["a is damaged", "b is damaged"]


def test_messages_that_somebody_makes_up_fill_no_log():
    lines, _ = written(lambda log, n: log.warning("no file called %s", n), 10_000)
    assert len(lines) == 51


def test_what_is_no_warning_is_always_written():
    assert written(lambda log, n: log.info("started"), 3)[0] == ["started"] * 3


def line(name: str, say) -> dict:
    """What a program reads of something that is said, as JSON."""
    logger, written = logging.Logger(name), []

    class Handler(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Handler()
    handler.setFormatter(Lines())
    logger.addHandler(handler)
    say(logger)
    (text,) = written
    assert "\n" not in text
    return json.loads(text)


def test_a_line_says_when_how_bad_who_and_what():
    found = line("core.runs", lambda log: log.warning("%s is not saved: %s", "mlp-1", "no “room”\nat all"))
    assert found.pop("time").endswith("+00:00")
    assert found == {"level": "WARNING", "logger": "core.runs", "message": "mlp-1 is not saved: no “room”\nat all"}


def test_a_line_has_nothing_that_a_visitor_has_sent():
    said = "203.0.113.7", "/train?name=Anna"
    assert line("uvicorn.error", lambda log: log.warning("%s - WebSocket %s", *said))["message"] == "%s - WebSocket %s"

    def fail(log):
        try:
            raise ValueError(f"no such thing: {said}")
        except ValueError:
            log.exception("Uncaught")

    for name in ("streamlit.runtime", "ui.shared"):
        found = line(name, fail)
        assert "Anna" not in str(found)
        assert found["error"] == "ValueError"
        assert found["at"][-1].endswith(" fail")
