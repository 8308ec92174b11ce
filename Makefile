# Zhiheng: make demo | test | dev | lint | bench. Needs Python 3.11+ and make, nothing else.
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	command -v $$each >/dev/null && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN = .venv/bin
SERVE ?= 1
WORKERS ?= 2

.PHONY: help demo up dev test lint bench requirements setup setup-dev clean

help:
	@sed -n 's/^# Zhiheng: //p' Makefile

setup:
	@test -n "$(PYTHON)" || { echo "Zhiheng needs Python 3.11 or newer; install it or call make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) bootstrap.py

setup-dev:
	@test -n "$(PYTHON)" || { echo "Zhiheng needs Python 3.11 or newer; install it or call make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) bootstrap.py --dev

# Real data of three tenants, the quarter closed, the report printed; SERVE=0 ends there.
demo: setup
	@$(BIN)/zhiheng demo $(if $(filter 0,$(SERVE)),--no-serve)

up: setup
	@$(BIN)/zhiheng up

# The server with reload, and the front-end build watching.
dev: setup-dev
	@$(BIN)/zhiheng dev

# The browser tests go in a process of their own: they keep an event loop running, which others may not meet.
test: setup-dev
	@$(BIN)/python -m pytest tests/e2e $(ARGS)
	@$(BIN)/python -m pytest --ignore=tests/e2e -n $(WORKERS) --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)

lint: setup-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy

bench: setup-dev
	@$(BIN)/python -m bench

# Pin again: every package with its hashes and no address.
requirements:
	@for each in base build dev; do uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet \
		requirements/$$each.in -o requirements/$$each.txt; done

clean:
	@test ! -x $(BIN)/zhiheng || $(BIN)/zhiheng db remove --yes || true
	rm -rf .venv node_modules src/zhiheng/web/static/dist var
