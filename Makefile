# make run    serve the page            make test   all tests, the browser's included
# make index  bring the index up to date   make evaluate   judged questions -> measures
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: run index evaluate test lint format clean

run: .venv/installed
	$(BIN)/streamlit run app.py

index: .venv/installed
	$(BIN)/python build_index.py

evaluate: .venv/installed
	$(BIN)/python evaluate.py

test: .venv/installed-dev chromium
	$(BIN)/python -m pytest

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The browser tests drive the Chromium of the system; Debian and Ubuntu have it as a package.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || (apt-get update -q && apt-get install -y -q chromium)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install -q -r requirements.txt
	touch $@

.venv/installed-dev: requirements-dev.txt requirements-formats.txt requirements.txt | .venv/bin/python
	$(BIN)/pip install -q -r requirements-dev.txt
	touch $@ .venv/installed

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
