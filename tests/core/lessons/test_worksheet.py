"""A worksheet: a page that needs nothing else, with a place for every answer."""

from html.parser import HTMLParser

import segno

from core.lessons.course import COURSE
from core.lessons.worksheet import worksheet


class Reader(HTMLParser):
    """Notes the text of a page, and what it would fetch."""

    def __init__(self):
        super().__init__()
        self.words, self.fetched, self.codes = "", [], 0

    def handle_starttag(self, tag, attrs):
        self.fetched += [value for name, value in attrs if name in ("src", "href") or tag == "script"]
        self.codes += dict(attrs).get("class") == "segno"

    def handle_data(self, data):
        self.words += data


def test_it_has_every_question_every_option_and_a_code_each_and_fetches_nothing():
    names = list(COURSE)
    codes = [segno.make_qr(f"https://lab.example/lessons?lesson={name}").svg_inline() for name in names]
    reader = Reader()
    reader.feed(worksheet(names, codes))
    assert reader.fetched == []
    assert reader.codes == 10
    for lesson in COURSE.values():
        assert lesson.question in reader.words
        for words in getattr(lesson.asks, "options", {}).values():
            assert words in reader.words
