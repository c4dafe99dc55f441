SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test test-fast test-clock test-mariadb test-galera fuzz drill check lint format bench bench-reports demo screens packages

PORT ?= 8000
PYTHON ?= python3
JOBS ?= 2
EXAMPLES ?= 25
ARGS ?=

BIN := .venv/bin
STAMPS := .venv/stamps
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
ON_SQLITE := env -u DATABASE_URL
ON_MARIADB := $(BIN)/python tests/mariadb.py --
DJADE := $(BIN)/djade --target-version 5.2
PYTEST := $(BIN)/python -m pytest
ALL := -m "not bench" -n $(JOBS)
QUICK := -m "not (browser or race or slow or bench)" -n $(JOBS)
COVER := --cov --cov-report=
# Every page as every person, and what reads files only: what they find does not depend on the database.
# `make test` runs them on both.
SWEEPS := architecture/test_access_matrix.py architecture/test_head.py architecture/test_words_of_the_record.py \
	architecture/test_api_access.py api/test_generated.py site/test_role_pages.py
FILES_ONLY := architecture/test_layers.py architecture/test_migrations.py architecture/test_sizes.py \
	architecture/test_words.py core/test_stylesheets.py
CODE := accounts audit billing clinical hms scheduling

# A MariaDB server for tests; time zones for Python; build tools for mysqlclient; a browser and its font; wrk
# for the bench; libraries and fonts for PDF files.
PACKAGES := mariadb-server-core mariadb-client tzdata \
	gcc libc6-dev libmariadb-dev pkg-config python3-dev \
	chromium fonts-dejavu-core wrk \
	libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(STAMPS)/dev .env ## Install everything needed to work on the project

run: $(STAMPS)/run .env staticfiles/staticfiles.json ## Serve a seeded hospital on 127.0.0.1:8000 (PORT=)
	@bin/serve $(PORT)

test: $(STAMPS)/dev ## Run all tests: SQLite, MariaDB, browser (ARGS= for pytest)
	$(ON_SQLITE) $(PYTEST) $(ALL) $(ARGS)
	$(ON_MARIADB) $(PYTEST) $(ALL) $(ARGS)

test-fast: $(STAMPS)/dev ## Run the quick tests: SQLite, no browser, no races
	$(ON_SQLITE) $(PYTEST) $(QUICK) $(ARGS)

test-clock: $(STAMPS)/dev ## Run the quick tests at a different moment (CLOCK= chooses one)
	$(ON_SQLITE) $(PYTEST) $(QUICK) -p tests.another_clock $(ARGS)

test-mariadb: $(STAMPS)/dev ## Run all tests on MariaDB only
	$(ON_MARIADB) $(PYTEST) $(ALL) $(ARGS)

test-galera: $(STAMPS)/dev ## Race on three nodes of a cluster, where galera-4 is installed (three minutes)
	$(BIN)/python -m tests.galera -- $(PYTEST) -n 0 tests/cluster $(ARGS)

drill: $(STAMPS)/dev .env staticfiles/staticfiles.json ## Kill servers under load, and migrate (ARGS="--rounds 30"; minutes)
	$(BIN)/python -m tests.drills.sigkill $(ARGS)
	$(BIN)/python -m tests.drills.kill_sender
	$(ON_MARIADB) $(BIN)/python -m tests.drills.kill_migrate

fuzz: $(STAMPS)/dev ## Send thousands of made-up requests to the API, on both databases (EXAMPLES=)
	$(ON_SQLITE) env FUZZ_EXAMPLES=$(EXAMPLES) $(PYTEST) -n $(JOBS) tests/api/test_generated.py
	$(ON_MARIADB) env FUZZ_EXAMPLES=$(EXAMPLES) $(PYTEST) -n $(JOBS) tests/api/test_generated.py

check: $(STAMPS)/dev .env lint ## Run exactly what CI runs
	bin/check-project
	$(ON_SQLITE) $(PYTEST) $(ALL)
	$(ON_MARIADB) $(PYTEST) $(QUICK) -p tests.another_clock $(COVER) $(FILES_ONLY:%=--ignore=tests/%)
	$(ON_MARIADB) $(PYTEST) -m "(race or slow) and not (browser or bench)" -n $(JOBS) $(SWEEPS:%=--ignore=tests/%)
	$(BIN)/coverage report

lint: $(STAMPS)/dev ## Check style, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	find templates $(CODE) -name '*.html' -print0 | xargs -0r $(DJADE) --check

format: $(STAMPS)/dev ## Format code and templates
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	find templates $(CODE) -name '*.html' -print0 | xargs -0r $(DJADE) || true

bench: $(STAMPS)/dev .env staticfiles/staticfiles.json ## Measure public pages and booking on both databases
	$(BIN)/python -m bench $(ARGS)

bench-reports: $(STAMPS)/dev .env staticfiles/staticfiles.json ## Time reports and long lists at 10,000 to 1,000,000 visits (hours)
	$(BIN)/python -m bench --reports $(ARGS)

demo: $(STAMPS)/run .env ## Add demo data (ARGS="--doctors 40 --patients 2000 --appointments 20000")
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py seed_demo $(ARGS)

screens: $(STAMPS)/dev .env ## Take the pictures used in the documents
	$(BIN)/python -m docs.screens $(ARGS)

# --- Internal targets -----------------------------------------------------------------------

packages:
	@bin/install-packages $(PACKAGES)

$(BIN)/python:
	bin/create-venv $(PYTHON)

$(STAMPS)/run: requirements.txt constraints.txt | $(BIN)/python
	@echo "Installing Python packages"
	@$(PIP) --only-binary :all: -r requirements.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.txt requirements-mysql.txt $(STAMPS)/run | packages
	@$(PIP) -r requirements-dev.txt -r requirements-mysql.txt
	@touch $@

.env: | $(BIN)/python
	@bin/create-env

# Which rules of Bootstrap are kept depends on templates and code.
staticfiles/staticfiles.json: $(STAMPS)/run $(shell find static templates $(CODE) -type f -not -name '*.pyc') | .env
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@
