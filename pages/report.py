"""Report: the student report that all of this comes from, reproduced number by number."""

import streamlit as st

import ui
from ui.report import material, sections
from ui.shared import told_if_gone
from ui.words import in_a_row, linked

ui.frame("Report")
st.title("The report, reproduced", anchor=False)
st.markdown(
    "Digit Lab grew out of a student's report: two networks that learn to read MNIST's digits, one written from scratch and one with "
    "PyTorch. Here is its story in our words. Every number that it gives stands beside the same number of a run with "
    "the same settings, computed from what that run has kept, and opens it."
)
with st.container(key="names"):
    st.markdown(in_a_row((section.title, f"#{slug}") for slug, section in sections.SECTIONS.items()))
finished = material.finished()
with told_if_gone():
    full = finished.get(material.FULL)
    networks = material.networks(full) if full else None
    for slug in sections.SECTIONS:
        sections.draw(slug, finished, networks)
    st.caption(
        linked(
            "More than chance: the 95% interval of the difference leaves zero out. A number that the report read off a curve is known to its last "
            "digit only. Where a difference is in **bold**, it is more than either explains. Why runs differ that were made by two people: "
            "another random start, another order of the images, another choice where the report leaves one open, and for times another machine."
        )
    )
