"""Where this server's addresses begin."""

from streamlit import config


def base() -> str:
    """What stands before every address of this server, "/lab"; empty where nothing does."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
