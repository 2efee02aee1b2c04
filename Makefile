# make run      sets everything up, indexes seeds/ and opens the chat at http://127.0.0.1:7860
# make test     sets everything up and runs every test
# make lint     format, lint and types
# make gate     the seed questions and the newsroom bench, held against eval/baselines/
# make baselines  takes this version's results as what the gate holds later ones against
# make bench    speed figures (BENCH_DATA: a JSONL[.xz] corpus; generated text without it)
# make load     a server under load: errors, wrong citations, times (BENCH_DATA as for bench)
# make model    trains the shipped model anew (DATA: the training data folder; BENCH: benches whose
#               text must not be in it; SCORES: what this recipe was measured to reach, for its card)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SETUP_FILES := pyproject.toml constraints.txt
BENCH_DATA ?=
DATA ?=
BENCH ?= eval/benches
SCORES ?= eval/model-scores.json
# The shipped model, answering in quotes, on an archive of its own, whatever the user has set.
SHIPPED := QA_DATA_DIR=build/gate/data QA_ARCHIVE_URL= QA_CHROMA_URL= QA_EMBEDDER= \
    QA_CHAT_MODEL= QA_CHAT_BASE_URL= QA_STRICT=0 QA_JUDGE=

# Tests run side by side: each process that multiplied matrices by all cores would slow the others.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
# They start many processes, and each would compile the whole package where none may keep that.
COMPILED := PYTHONDONTWRITEBYTECODE=

.PHONY: run test lint gate baselines format bench load model clean
.DELETE_ON_ERROR:

run: $(VENV)/.run
	$(BIN)/python app.py

test: $(VENV)/.dev
	sh tests/install_chromium.sh
	$(ONE_THREAD) $(COMPILED) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

gate: $(VENV)/.dev
	$(call evaluate,--against eval/baselines/)

baselines: $(VENV)/.dev
	$(call evaluate,)
	$(BIN)/qa eval baseline build/gate/seeds eval/baselines/seeds
	$(BIN)/qa eval baseline build/gate/newsroom eval/baselines/newsroom

define evaluate
	rm -rf build/gate
	$(SHIPPED) $(BIN)/qa ingest seeds
	$(SHIPPED) $(BIN)/qa eval answers eval/questions/seeds.jsonl --out build/gate/seeds $(if $(1),$(1)seeds)
	$(SHIPPED) $(BIN)/qa eval retrieval eval/benches/newsroom --out build/gate/newsroom $(if $(1),$(1)newsroom)
endef

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

load: $(VENV)/.run
	$(BIN)/python -m qa.serve.load $(if $(BENCH_DATA),--corpus $(BENCH_DATA)) $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m qa.evaluation.speed $(if $(BENCH_DATA),--corpus $(BENCH_DATA)) $(ARGS)

model: $(VENV)/.train
	@test -n "$(DATA)" || { echo "make model: name the training data: make model DATA=path/to/data" >&2; exit 2; }
	$(BIN)/python -m qa.training --data $(DATA) --out qa/index/static_model \
	    $(if $(BENCH),--bench $(BENCH)) $(if $(SCORES),--scores $(SCORES)) $(ARGS)

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
