# make run    serve the page            make test   all tests, the browser's included
# make index  bring the index up to date   make evaluate   judged questions -> measures
# A Python that the pins were checked for; `make PYTHON=… run` takes another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13; do \
	$$python -c "import ensurepip, venv" 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
TORCH := $(shell grep ^torch== requirements.txt)
# PyTorch's own index of builds without CUDA, for the Linux builds of PyPI bring gigabytes of it.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

.PHONY: run index evaluate test adapters lint portable format clean browser

run: .venv/installed
	$(BIN)/streamlit run app.py

index: .venv/installed
	$(BIN)/python build_index.py

evaluate: .venv/installed
	$(BIN)/python evaluate.py

# A file of tests stays in one process, for its tests share an index and a server.
test: .venv/installed-dev browser
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
		--durations=20

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The retrievers of docs/api.md with the libraries that they are for, which nothing else here needs.
adapters:
	$(PYTHON) -m venv .venv-adapters
	.venv-adapters/bin/pip install -q '.[evaluate]' -r tests/requirements-adapters.txt
	.venv-adapters/bin/python -m pytest -q -rs tests/test_docs_api.py

# The types as macOS and Windows have them: a call that only Linux has is an error there.
portable: .venv/installed-dev
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin passages
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 passages

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser: .venv/installed-dev
	@$(BIN)/python -m tests.support.chromium

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Passages needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: apt install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# Where pip would take a build with CUDA, the build for the CPU is tried first.
.venv/installed: requirements.txt | .venv/bin/python
	@test "$$(uname)" != Linux \
		|| $(BIN)/pip install -q --dry-run --no-deps --report - $(TORCH) 2>/dev/null | grep -q '"version": "[0-9.]*+cpu"' \
		|| $(BIN)/pip install -q --retries 0 --timeout 20 --index-url $(TORCH_INDEX) $(TORCH) \
		|| echo "no build of torch for the CPU to be had: taking PyPI's" >&2
	$(BIN)/pip install -q -r requirements.txt
	touch $@

.venv/installed-dev: requirements-dev.txt requirements-formats.txt .venv/installed
	$(BIN)/pip install -q -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv .venv-adapters .mypy_cache .ruff_cache .pytest_cache
