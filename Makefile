# Thin names for what start.py and pyproject.toml already say; nothing needs make.
PYTHON ?= .venv/bin/python
UV ?= uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --group build
EXTRAS = --extra web --extra cluster

.PHONY: setup test test-all lint format bench bench-check peers lock ci

setup:
	python3 start.py setup

test:
	python3 start.py test

test-all:
	python3 start.py test -m "not bench"

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

# Measures and rewrites the README's table (an hour on a quiet machine); `make bench-check` fails where a claim is false.
bench: peers
	$(PYTHON) -m benchmarks.table

bench-check: peers
	$(PYTHON) -m pytest -m bench benchmarks

peers:
	$(PYTHON) -m pip install --quiet --require-hashes --no-build-isolation --requirement requirements/bench.txt

# The locks hold versions and hashes, no addresses. `make lock UPGRADE=--upgrade` moves to newest versions.
lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url $(UPGRADE) --group build --output-file requirements/build.txt
	$(COMPILE) $(UPGRADE) $(EXTRAS) --extra dev pyproject.toml --output-file requirements/dev.txt
	$(COMPILE) $(EXTRAS) --constraint requirements/dev.txt pyproject.toml --output-file requirements/run.txt
	$(COMPILE) $(EXTRAS) --extra dev --extra bench --constraint requirements/dev.txt pyproject.toml --output-file requirements/bench.txt

ci:
	.ci/run
