"""As many elements as Train has, and none of its work: what Streamlit itself takes for such a page."""

import streamlit as st

settings, curves = st.columns(2)
with settings:
    number = st.slider("Number", 0, 100, 5, key="number")
    for i in range(12):
        st.slider(f"Setting {i}", 0, 100, key=f"setting_{i}", help="What it is for.")
    for i in range(3):
        st.segmented_control(f"One of three, {i}", ["a", "b", "c"], default="a", key=f"segments_{i}")
        st.button(f"Press {i}", key=f"button_{i}")
with curves:
    for i in range(2):
        points = [{"x": x, "y": x * number, "line": line} for x in range(70) for line in "ab"]
        axes = {name: {"field": name, "type": "quantitative"} for name in "xy"}
        encoding = axes | {"color": {"field": "line", "type": "nominal"}}
        st.vega_lite_chart({"data": {"values": points}, "mark": "line", "encoding": encoding}, key=f"curves_{i}")
    for i in range(30):
        st.markdown(f"Sentence {i} about {number}, with **words** in it.")
    for i in range(8):
        st.caption(f"What chart {i} shows.")
st.write("Hello", number)
