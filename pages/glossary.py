"""Glossary: the field's words, each with what it means here and where it can be seen."""

import streamlit as st

import ui
from core.glossary.words import TERMS
from core.text import folded
from ui.words import entry, in_a_row

ui.frame("Glossary")
st.title("The words, explained", anchor=False)
st.markdown("What each means in this lab. Wherever one of them is underlined with dots, on any page, it leads here.")
wanted = folded(st.text_input("Find a word", key="glossary_find", placeholder="such as loss", width=300))
shown = {slug: term for slug, term in TERMS.items() if wanted in folded(f"{term.name} {term.says}")}
if not shown:
    st.info("No word is like this. Try a shorter one, or clear the search.")
    st.stop()
with st.container(key="names"):
    st.markdown(in_a_row((term.name, f"#{slug}") for slug, term in shown.items()))
for slug, term in shown.items():
    entry(slug, term)
