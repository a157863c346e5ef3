"""What the browser tests take from npm: the versions of package-lock.json, each file checked against its digest there.

python -m tests.browser.npm installs it into the virtual environment.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "npm"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"


def install() -> None:
    """Stops with one sentence where npm is not there, or gets nothing."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not here. Install Node.js, with which it comes, and run make test again.")
    FOLDER.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER)
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True)
    if done.returncode:
        sys.exit(
            f"npm could not install what tests/browser/package.json names:\n{done.stderr.decode(errors='replace')}"
        )


if __name__ == "__main__":
    install()
    print("Browser tests use", AXE)
