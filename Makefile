# One command for each thing that is done here. `make` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPORA ?= ../shared
# One process more than the cores of a small machine: many tests wait for servers and deadlines.
PYTEST ?= -n 3 --dist worksteal

# Benchmarks are checked for names that are gone; their samples name closed vocabularies by plain words.
MYPY_BENCHMARKS := --explicit-package-bases -p benchmarks --disable-error-code arg-type \
	--disable-error-code import-not-found --disable-error-code import-untyped \
	--disable-error-code misc --disable-error-code no-untyped-call

# The documentation is built without a network; a warning, such as a link that leads nowhere, is an error.
SPHINX := $(BIN)/python -m sphinx -q -W --keep-going -b html docs dist/docs

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PYTHONUTF8 := 1
# Else pytest would rewrite its plugins, hypothesis among them, at every start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check compiled test-compiled test-browser test-corpora test-slow test-all fuzz bench docs lock sbom dist data completion man clean

help:  ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

run: $(VENV)/.run config.toml  ## install what is needed, write a starter config.toml, serve
	@exec $(BIN)/sanctions-monitor run

config.toml: | $(VENV)/.run
	@$(BIN)/sanctions-monitor init

test: $(VENV)/.dev  ## the whole suite, on the pure functions
	SANCTIONS_MONITOR_BUILD=pure $(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.dev  ## style, types, import contracts, parity of languages, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy $(MYPY_BENCHMARKS)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 0 tests/match/test_parity.py tests/test_secrets.py
	$(BIN)/python packaging/audit.py
	$(SPHINX)

compiled: $(VENV)/.dev  ## compile what finds words, patterns and names; the wheel goes to dist/ and is installed
	@mkdir -p dist && rm -f dist/sanctions_monitor_compiled-*.whl
	$(BIN)/python -m pip wheel -q --no-deps --no-build-isolation --wheel-dir dist ./compiled
	$(BIN)/python -m pip install -q --no-deps --no-index --force-reinstall dist/sanctions_monitor_compiled-*.whl

test-compiled: compiled  ## words, patterns, names and judging on the compiled functions, and these beside the pure ones
	SANCTIONS_MONITOR_BUILD=compiled $(BIN)/python -m pytest $(PYTEST) -m "not (corpora or slow or browser)" \
		tests/compiled tests/text tests/match

test-corpora: $(VENV)/.dev  ## against real feeds and labelled news in CORPORA=folder
	CORPORA=$(abspath $(CORPORA)) $(BIN)/python -m pytest $(PYTEST) -m corpora tests/corpora

test-browser: $(VENV)/.dev  ## the desk in Chromium, with axe, and the API by schemathesis; SHOTS=folder keeps pictures
	$(BIN)/python -m pytest -n 0 -m browser tests/web/browser tests/web/api $(if $(SHOTS),--screenshots $(SHOTS))

test-slow: $(VENV)/.dev  ## what takes minutes: every point of the crash matrices, years of digests
	$(BIN)/python -m pytest $(PYTEST) -m slow

fuzz: $(VENV)/.dev  ## hostile inputs for every parser, MINUTES=20 in all; what breaks one is kept in tests/fuzz/corpus
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),20)

bench: $(VENV)/.dev  ## measure: names, lists, parsing, storing, drift, stories, searching, events, digests, recipients, the outbox, a week; then polling, judging, rules, names beside other libraries, growth, and write docs/performance.md
	for each in names "lists --names 1000000" drift parsing store stories search events digest recipients outbox week; do echo "== $$each"; \
		CORPORA=$(abspath $(CORPORA)) $(BIN)/python -m benchmarks.$$each || exit 1; done
	$(BIN)/python -m benchmarks.report --measure

test-all: test test-compiled test-browser test-slow test-corpora bench  ## everything, slow

lock: $(VENV)/.dev  ## pin the newest allowed versions, with hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group build pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group build --extra cluster pyproject.toml -o requirements/cluster.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --group dev pyproject.toml -o requirements/dev.txt

docs: $(VENV)/.dev  ## the documentation as pages, in dist/docs; write its generated pages again
	$(BIN)/python packaging/configuration_page.py
	$(BIN)/python packaging/starter_pack_page.py
	$(SPHINX)

sbom: $(VENV)/.dev  ## the bill of materials of the pinned requirements in CycloneDX, as dist/sanctions-monitor.cdx.json
	@mkdir -p dist
	$(BIN)/python -m cyclonedx_py requirements requirements/run.txt --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sanctions-monitor.cdx.json

dist: $(VENV)/.dev  ## sdist and wheel that anybody can build again with the same hashes, in dist/
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation --outdir dist
	cd dist && sha256sum *.whl *.tar.gz > SHA256SUMS && cat SHA256SUMS

data: $(VENV)/.run  ## the data package of seeds/, versioned by seeds/version.txt, in dist/
	$(BIN)/python packaging/data_package.py dist

completion: $(VENV)/.run  ## completion of commands in bash, zsh and fish, in dist/completion
	$(BIN)/python packaging/completion.py dist/completion

man: $(VENV)/.run  ## the manual page, as dist/sanctions-monitor.1
	@mkdir -p dist
	$(BIN)/python packaging/man_page.py > dist/sanctions-monitor.1

clean:  ## remove what was built; var/ and config.toml stay
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(PYTHON) is not Python 3.11 or newer; name one that is: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "$(PYTHON) makes no environment; Debian has its venv in python3-venv" >&2; exit 1; }

# Hashes are checked, and the project itself is built by the pinned backend.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing the $$(grep -c '==' requirements/run.txt) packages of requirements/run.txt; this takes about a minute"
	@$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
