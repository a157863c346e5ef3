"""The words of the field in what the pages say: each leads to the glossary, and tells what it means to whoever points at it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import streamlit as st

from core.glossary.term import Term
from core.glossary.words import TERMS, found
from core.words import SPACE


@lru_cache(4096)
def linked(text: str) -> str:
    """A passage of Markdown in which every word of the glossary is a link to it, where it stands first."""
    for word in reversed(found(text)):
        text = text[: word.start] + link(word.slug, text[word.start : word.end]) + text[word.end :]
    return text


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """A table in Markdown with its words linked. The last columns, so many of them, hold numbers."""
    first, *others = ["".join(f"| {cell} " if cell else "| " for cell in cells) + "|" for cells in (head, *rows)]
    sides = "|:--" * (len(head) - numbers) + "|--:" * numbers + "|"
    return linked("\n".join([first, sides, *others]))


def link(slug: str, words: str = "") -> str:
    """A link to a word of the glossary. A link in Markdown opens a tab: the page that one comes from stays as it is."""
    return f'[{words or TERMS[slug].name}](glossary#{slug} "{TERMS[slug].says}")'


def in_a_row(links: Iterable[tuple[str, str]]) -> str:
    """Links by their words and addresses, with dots between them, of which none begins a line."""
    return f"{SPACE}· ".join(f"[{words}]({address})" for words, address in links)


def explained(slug: str, words: str) -> str:
    """What a control says of itself, and where its word is explained."""
    return f"{linked(words)} [In the glossary](glossary#{slug})"


def entry(slug: str, term: Term) -> None:
    """Draw what the glossary says of a word, under a heading that links lead to."""
    st.header(term.name, anchor=slug)
    st.markdown(term.says)
    if term.formula:
        st.latex(term.formula)
    st.caption(f"To see in {in_a_row(term.see)}")
