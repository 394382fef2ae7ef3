# Everything a newcomer or a contributor runs. `make demo` and `make test` prepare a bare Debian or
# Ubuntu machine first (packaging/bootstrap.py); a second run is quick.
#
#   make demo                     the whole main job, told as it goes, pictures in demo-output/
#   make demo ARGS=--no-window    the same, without opening the window at the end
#   make kill-test KILLS=300      real processes killed at random, and a look for losses
#   make test ARGS="-k virement"  a part of the suite (coverage floors are for all of it alone)

VENV ?= .venv
export COLLABDESK_ENVIRONMENT := $(abspath $(VENV))
export PYTHON
PY := $(COLLABDESK_ENVIRONMENT)/bin/python
# Whichever Python starts the preparation; it looks for a supported one itself.
STARTER := $(or $(PYTHON),$(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11))
ARGS ?=

# Without a screen Qt draws into memory.
ifeq ($(DISPLAY)$(WAYLAND_DISPLAY),)
export QT_QPA_PLATFORM ?= offscreen
endif

.DEFAULT_GOAL := help
.PHONY: help runtime development demo test lint types contracts kill-test bench screenshots simulate seeded-bugs fuzz docs clean model-check test-office

help:
	@awk '/^#/ { sub(/^# ?/, ""); print; next } { exit }' Makefile

runtime development:
	@test -n "$(STARTER)" || { echo "CollabDesk needs Python 3.11, 3.12 or 3.13, and no python3 is on the path. Run this line, then the same command again:"; echo "    sudo apt-get install --yes python3"; exit 1; }
	@"$(STARTER)" -B packaging/bootstrap.py $@

demo: runtime
	@$(PY) -m collabdesk demo $(ARGS)

# Counting lines makes the program slower by two thirds: it is done where there are floors.
FLOORS := tests/domain tests/sync

# A file's tests share its worlds, so they stay together, heavy files not last.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

# Thousands of small transactions that each reach the disk are slow; in memory they are not.
test: export TMPDIR ?= $(shell test -w /dev/shm && echo /dev/shm || echo /tmp)
test: development
ifeq ($(ARGS),)
	@$(PY) -m pytest $(PARALLEL) $(FLOORS) --cov --cov-report=json:.coverage.json --cov-report=
	@$(PY) tests/coverage_floor.py .coverage.json
	@$(PY) -m pytest $(PARALLEL) $(addprefix --ignore=,$(FLOORS))
else
	@$(PY) -m pytest $(ARGS)
endif

# LibreOffice works exported workbooks out again, to the penny; says what it needs where it is missing.
test-office: development
	@$(PY) -m tests.office

lint: development
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: development
	@$(PY) -m mypy

contracts: development
	@$(COLLABDESK_ENVIRONMENT)/bin/lint-imports --no-logo

# KILLS real processes are killed at random; what was acknowledged must not be lost.
kill-test: development
	@$(PY) -m tests.processes.killing --kills $(or $(KILLS),300) $(ARGS)

bench: development
	@$(PY) -m benchmarks $(ARGS)

# Everything that up to four organisations can say of the next membership (docs/model-check.md).
model-check: development
	@$(PY) -m tests.support.model_check

# The next SEEDS seeds of the simulated world on every core; see docs/simulation.md.
SEEDS ?= 200
simulate: development
	@$(PY) -m tests.simulation --seeds $(SEEDS)

# Deliberate defects, each of which the simulation must catch; writes docs/seeded-bugs.md.
seeded-bugs: development
	@$(PY) -m tests.simulation.seeded_bugs

# Hostile bytes for every reader, SECONDS for each of two at a time; see docs/fuzz.md.
fuzz: development
	@$(PY) -m tests.fuzz --seconds $(or $(SECONDS),600) $(ARGS)

screenshots: runtime
	@$(PY) docs/screens.py

docs: development
	@$(PY) docs/settings_page.py
	@$(PY) docs/attacks_page.py

# What runs and builds leave behind; .venv and your workspaces stay.
clean:
	@rm -rf build dist *.egg-info demo-output htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
