# make run: the dashboard.  make fast: before a commit.  make test: every check and test.  make bench: speed, side by side.  make help: this list.
PYTHON ?= python3
PORT ?= 8501
HOST ?= 127.0.0.1
NAMES ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run serve fast quick test check format fuzz load soak pictures bench bench-ui pretrain clean

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/app  ## open the dashboard on http://localhost:8501
	$(BIN)/streamlit run app.py --server.port $(PORT)

serve: .venv/app  ## serve a class: HOST=0.0.0.0 PORT=8501 NAMES="lab.example.org"; docs/hosting.md says more
	$(BIN)/streamlit run serve.py --server.address $(HOST) --server.port $(PORT) $(foreach name,$(NAMES),--server.allowedHosts $(name))

fast: .venv/dev  ## lint, types and the quick core tests: before every commit
	@$(MAKE) --no-print-directory --jobs 2 check quick

quick: .venv/dev
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow" tests/core tests/test_structure.py tests/test_unchanged.py

test: check .venv/browser  ## checks, then every test: core, pages and a real browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser"
	$(BIN)/python -m pytest -m browser  # by itself: its tests look at the clock

check: .venv/dev  ## lint, format and types, without changing a file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev  ## mend what lint and format can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: .venv/dev  ## kill every process at twenty random moments each, and end in a table (about an hour)
	$(BIN)/python -m tests.faults.soak

fuzz: .venv/dev  ## 100,000 inputs that nobody thought of, and a table of what became of them (about half an hour)
	$(BIN)/python -m tests.fuzz

load: .venv/dev  ## fifty visitors at once, a hundred presses of Train, a thousand visits, and a table (ten minutes, on an idle machine)
	$(BIN)/python -m tests.load

pictures: .venv/browser  ## every page and view, wide and narrow, light and dark, as pictures to look at (five minutes)
	$(BIN)/python -m tests.browser.pictures

bench: .venv/dev  ## our speed beside floors and peers (about three minutes, on an otherwise idle machine)
	$(BIN)/python -m benchmarks

bench-ui: .venv/browser  ## how long a person waits, beside a Streamlit page of three lines (ten minutes, on an idle machine)
	$(BIN)/python -m tests.browser.speed

pretrain: .venv/app  ## train the report's six runs and the sketch pad's again (about fifteen minutes on two cores)
	$(BIN)/python -m core pretrain

clean:  ## remove the virtual environment and what tests leave behind
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis

# The virtual environment in three steps, each made once and again when its list changes.
.venv/app: requirements.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Digit Lab needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.venv/browser: .venv/dev tests/browser/chromium.py tests/browser/firefox.py tests/browser/npm.py tests/browser/package-lock.json
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.browser.npm
	touch $@
