"""Everything about the two networks that is true without a browser. Nothing in here knows Streamlit."""
