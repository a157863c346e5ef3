"""A log that nothing can fill."""

import logging

from core.log import Counted


def written(say, times: int) -> list[str]:
    """What a log has of something that is said so many times."""
    logger, lines = logging.Logger("core.test"), []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Lines()
    handler.addFilter(Counted())
    logger.addHandler(handler)
    for n in range(times):
        say(logger, n)
    return lines


def test_a_repeated_warning_is_written_once_and_then_with_its_count():
    lines = written(lambda log, n: log.warning("no space left"), 20_000)
    assert lines == ["no space left", *(f"no space left ({n} times by now)" for n in ("10", "100", "1,000", "10,000"))]


def test_an_error_is_the_same_where_it_was_raised_whatever_it_says():
    def fail(log, n):
        try:
            raise ValueError("x" * n)
        except ValueError:
            log.exception("Uncaught")

    lines = written(fail, 1_000)
    assert len(lines) == 4
    assert "Traceback" in lines[0]
    assert sum("Traceback" in line for line in lines) == 1


def test_two_kinds_are_two():
    lines = written(lambda log, n: log.warning("%s is damaged", "ab"[n % 2]), 8)
    assert lines == ["a is damaged", "b is damaged"]


def test_messages_that_somebody_makes_up_fill_no_log():
    assert len(written(lambda log, n: log.warning("no file called %s", n), 10_000)) < 60


def test_what_is_no_warning_is_always_written():
    logger_lines = written(lambda log, n: log.info("started"), 3)
    assert logger_lines == ["started"] * 3
