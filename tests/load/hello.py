"""The least that a Streamlit script can be: what every rerun costs anyway."""

import streamlit as st

number = st.slider("Number", 0, 100, 5, key="number")
st.write("Hello", number)
