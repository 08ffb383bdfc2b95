# What one can do here; `make help` lists it. Needs Python 3.11+ and make, nothing else typed.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
DIR ?= ../shared/conformance
MINUTES ?= 10
SEED ?= 1
# Python keeps what it has compiled: many parts start it anew.
unexport PYTHONDONTWRITEBYTECODE

# Every package, also those that others need, by its version and hash; only what is built already, so no other code runs.
PINNED := --quiet --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: help run work test check style types bench conformance fuzz soak journeys assets wheelhouse lock sbom clean

help:            ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

$(VENV)/bin/python:
	@python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Making the environment …"
	@python3 -m venv $(VENV)

$(STAMP): $(VENV)/bin/python pyproject.toml requirements.txt
	@echo "Installing dependencies (about a minute the first time) …"
	@$(PY) -m pip install $(PINNED) -r requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tested: $(STAMP) requirements-test.txt
	@echo "Installing test dependencies …"
	@$(PY) -m pip install $(PINNED) -r requirements-test.txt
	@touch $@

$(VENV)/.assets: $(STAMP) requirements-assets.txt
	@$(PY) -m pip install $(PINNED) -r requirements-assets.txt
	@touch $@

assets: $(VENV)/.assets ## browser assets from npm (node comes with the environment)
	@$(PY) -m app.assets

wheelhouse: assets ## all that an installation needs, also one without a network → wheelhouse/
	@rm -rf wheelhouse build && mkdir -p wheelhouse/wheels
	@echo "Fetching the packages of requirements.txt …"
	@$(PY) -m pip download $(PINNED) --dest wheelhouse/wheels -r requirements.txt
	@$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir wheelhouse/wheels .
	@cp -R requirements.txt config.yaml bpmn forms docs/operations wheelhouse
	@cd wheelhouse && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum > SHA256SUMS
	@echo "wheelhouse/ holds $$(ls wheelhouse/wheels | wc -l) packages, content and the files of docs/operations."

run: $(VENV)/.assets ## the product with demo people and cases on http://127.0.0.1:8000
	@$(PY) -m app.assets || echo "Without browser assets: all but the diagram editor works."
	@$(VENV)/bin/rapid-review run

test: $(VENV)/.tested  ## everything: style, types, tests; PostgreSQL, browser and journeys in them
	@sh .ci/system
	@$(PY) -m app.assets
	@$(MAKE) -s -j2 style types
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
	@if [ -d $(DIR) ]; then $(MAKE) -s conformance; else \
	echo "No conformance folder at $(DIR): its sets were not run."; fi

check: style types ## style and types only

style: $(VENV)/.tested
	@sh .ci/part style sh -c '$(VENV)/bin/ruff check -q app tests && $(VENV)/bin/ruff format --check -q app tests'

types: $(VENV)/.tested
	@sh .ci/part types $(VENV)/bin/mypy

bench: $(VENV)/.tested ## figures as ratios to limits of the same run → bench.json
	@$(PY) -m tests.bench

conformance: $(VENV)/.tested ## BPMN, DMN, FEEL and upload sets in DIR, and our own
	@sh .ci/part conformance $(PY) -m tests.conformance $(DIR) tests/conformance/own

fuzz: $(VENV)/.tested ## broken and invented input for each parser, MINUTES=10 in all
	@$(PY) -m tests.fuzz --minutes $(MINUTES) --sets $(DIR)

soak: $(VENV)/.tested ## fire drills in full (docs/drills.md), at least MINUTES, from SEED on
	@SEED=$(SEED) $(PY) -m pytest -q -s tests/acceptance/test_kills.py
	@$(PY) -m tests.soak --minutes $(MINUTES) --seed $(SEED)

journeys: $(STAMP) ## every journey, with coverage of the diagrams
	@sh .ci/part journeys $(VENV)/bin/rapid-review journey --coverage bpmn bpmn/journeys/*.yaml

lock:             ## requirements*.txt anew from pyproject.toml, with the hash of every package
	@python3 -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	@for set in build assets test; do $(VENV)/lock/bin/uv pip compile pyproject.toml --extra $$set \
	--universal --python-version 3.11 --generate-hashes --no-annotate --quiet --custom-compile-command "make lock" \
	-o requirements$$(test $$set = build || echo -$$set).txt >/dev/null || exit 1; done

sbom: $(STAMP)    ## every part of the product with its licence, as CycloneDX → sbom.json
	@$(PY) -m app.parts

clean:            ## remove the environment, the demo's data and what was built
	@rm -rf $(VENV) var wheelhouse app/web/static/vendor frontend/node_modules bench.json sbom.json
