"""The home page: what is done on its first screen, the ways on, and the table of runs."""

from pathlib import Path

from ui.component import component

looks = component(Path(__file__).parent, "looks", isolated=False)
