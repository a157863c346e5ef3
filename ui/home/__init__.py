"""The home page: what is done on its first screen, the ways on, and the table of runs."""

from pathlib import Path

LOOKS = Path(__file__).parent / "home.css"
