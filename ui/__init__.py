"""What the pages share, and what knows Streamlit. Every page begins with `ui.frame(title)`."""

from ui.frame import frame

__all__ = ["frame"]
