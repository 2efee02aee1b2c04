# make run      sets everything up, indexes seeds/ and opens the chat at http://127.0.0.1:7860
# make test     sets everything up and runs every test
# make lint     format, lint and types
# make bench    speed figures (BENCH_DATA: a JSONL[.xz] corpus; generated text without it)
# make model    trains the shipped model anew (DATA: the training data folder)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SETUP_FILES := pyproject.toml constraints.txt
BENCH_DATA ?=
DATA ?=

.PHONY: run test lint format bench model clean
.DELETE_ON_ERROR:

run: $(VENV)/.run
	$(BIN)/python app.py

test: $(VENV)/.dev
	sh tests/install_chromium.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m qa.evaluation.speed $(if $(BENCH_DATA),--corpus $(BENCH_DATA)) $(ARGS)

model: $(VENV)/.train
	@test -n "$(DATA)" || { echo "make model: name the training data: make model DATA=path/to/data" >&2; exit 2; }
	$(BIN)/python -m qa.training --data $(DATA) --out qa/index/static_model $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp a set of packages: what a plain user needs, what developers need, what training needs.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "news-qa needs Python 3.11 or newer: make run PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python $(SETUP_FILES)
	@echo "Setting up $(VENV) (a minute or two, once)"
	$(INSTALL) -e .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python $(SETUP_FILES)
	@echo "Setting up $(VENV) for development (some minutes, once)"
	$(INSTALL) -e '.[dev]'
	touch $@ $(VENV)/.run

$(VENV)/.train: $(VENV)/bin/python $(SETUP_FILES)
	$(INSTALL) -e '.[train]'
	touch $@ $(VENV)/.run
