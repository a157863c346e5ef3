"""Pictures of every page and view in the four forms, to be looked at: `make pictures` puts them in the folder `pictures`.

Each is the whole page, as PNG, under its view's name and form; `sheet-*.png` has all of a form side by side, to find the odd one out.
"""

import math
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from tests import studies
from tests.browser.chromium import executable
from tests.browser.conftest import FLAGS, Dashboard, Visitor
from tests.browser.views import FORMS, VIEWS

TALL = 6_000  # pixels: of a longer page the beginning
ACROSS, THUMBNAIL = 8, (360, 480)  # of a sheet


def take(folder: Path) -> None:
    """Take all pictures. A page that reports an error ends it: there would be something else to look at."""
    with tempfile.TemporaryDirectory() as runs, sync_playwright() as playwright:
        dashboard = Dashboard(Path(runs))
        studies.show(dashboard.weights)
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        context = browser.new_context()
        context.set_default_timeout(60_000)
        try:
            for name, path in VIEWS.items():
                visitor = Visitor(context, dashboard)
                visitor.open(path)
                visitor.quiet()
                for width, scheme in FORMS:
                    visitor.show(width, scheme)
                    visitor.page.keyboard.press("r")  # a rerun, with which the server hears of another theme
                    visitor.quiet()
                    height = visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
                    visitor.show(width, scheme, min(max(height, 800), TALL))
                    visitor.page.screenshot(path=folder / f"{name}-{width}-{scheme}.png".replace("&", "-"))
                assert not visitor.errors, (name, visitor.errors)
                visitor.page.close()
                print(name, flush=True)
        finally:
            browser.close()
            dashboard.close()


def sheet(folder: Path, width: int, scheme: str) -> None:
    """Put all pictures of a form on one sheet, the upper part of each, with their names."""
    files = sorted(folder.glob(f"*-{width}-{scheme}.png"))
    across, down = THUMBNAIL[0], THUMBNAIL[1] + 20
    paper = Image.new("RGB", (ACROSS * across, math.ceil(len(files) / ACROSS) * down), "white")
    draw = ImageDraw.Draw(paper)
    for i, file in enumerate(files):
        with Image.open(file) as picture:
            scale = (across - 10) / picture.width
            small = picture.convert("RGB").resize((across - 10, round(picture.height * scale)))
        x, y = i % ACROSS * across, i // ACROSS * down
        draw.text((x, y), file.stem, fill="black")
        paper.paste(small.crop((0, 0, small.width, min(small.height, THUMBNAIL[1]))), (x, y + 16))
    paper.save(folder / f"sheet-{width}-{scheme}.png")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "pictures")
    folder.mkdir(exist_ok=True)
    take(folder)
    for width, scheme in FORMS:
        sheet(folder, width, scheme)
    print(f"{len(VIEWS) * len(FORMS)} pictures and {len(FORMS)} sheets are in {folder.resolve().name}/.")


if __name__ == "__main__":
    main()
