"""Every word of the glossary in the order of the alphabet, and how to find them in a text."""

import re
from typing import NamedTuple

from core.glossary import learning, measuring, networks
from core.glossary.term import Term

TERMS: dict[str, Term] = dict(
    sorted((learning.TERMS | measuring.TERMS | networks.TERMS).items(), key=lambda item: item[1].name.lower())
)
# What of a text in Markdown is no place for a link: links, pictures and code, formulas, icons and headings.
PASSED_OVER = r"!?\[[^\]]*\]\([^)]*\)|`[^`]*`|\$[^$]*\$|:material/\w+:|^#.*$"
_NAMES = {slug.replace("-", "_"): slug for slug in TERMS}
_FOUND = re.compile(
    f"{PASSED_OVER}|(?<![\\w-])(?:"
    + "|".join(f"(?P<{name}>{TERMS[slug].forms})" for name, slug in _NAMES.items())
    + r")(?![\w-])",
    re.IGNORECASE | re.MULTILINE,
)


class Found(NamedTuple):
    """Where a word of the glossary stands in a text."""

    slug: str
    start: int
    end: int


def found(text: str) -> list[Found]:
    """The words of the glossary in a passage of Markdown, each where it stands first."""
    first: dict[str, Found] = {}
    for match in _FOUND.finditer(text):
        if match.lastgroup:
            slug = _NAMES[match.lastgroup]
            first.setdefault(slug, Found(slug, *match.span()))
    return list(first.values())
