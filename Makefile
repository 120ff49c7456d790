# The commands of this project; `make` or `make help` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
PREPARE := sh tools/python.sh tools/environment.py

.PHONY: help
help: ## Lists these commands.
	@awk 'BEGIN { FS = ":.*## "; print "Ampera, the portal where a city listens. Commands:\n" } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## Installs, migrates, loads the demo into an empty database and serves it; HOST= and PORT= choose where.
	@$(PREPARE) run
	@.venv/bin/flask --app portal serve --demo

.PHONY: serve
serve: ## Installs, migrates and serves what is there, without the demo; for real use.
	@$(PREPARE) run
	@.venv/bin/flask --app portal serve

.PHONY: test
test: ## Installs what tests need and runs all of them on SQLite, PostgreSQL and in a browser; ARGS= goes to pytest.
	@$(PREPARE) test
	@$(PY) -m pytest $(ARGS)

.PHONY: check
check: ## Checks style, types, import contracts, templates and lock files without running the portal.
	@$(PREPARE) test
	@$(PY) -m tools.check

.PHONY: format
format: ## Puts Python code into the shape that the checks ask for.
	@$(PREPARE) test
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

.PHONY: train
train: ## Trains the sentiment model from the tables in DATA=DIR.
	@$(if $(DATA),,$(error Say where the tables stand: make train DATA=DIR))
	@$(PREPARE) test
	@.venv/bin/flask --app portal sentiment train "$(DATA)"

.PHONY: bench
bench: ## Measures the portal against its goals, in a few minutes; ARGS= goes to the measuring program.
	@$(PREPARE) test
	@$(PY) -m tests.bench $(ARGS)

.PHONY: screenshots
screenshots: ## Takes the pictures of the README anew.
	@$(PREPARE) test
	@$(PY) -m tests.screenshots $(ARGS)

.PHONY: lock
lock: ## Works out anew which versions are installed; UPGRADE=1 takes the newest.
	@$(PREPARE) test
	@$(PY) -m tools.lock $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Removes what was installed or derived; the database and its files in instance/ stay.
	rm -rf .venv node_modules .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info
	find portal tests tools migrations -name __pycache__ -type d -prune -exec rm -rf {} +
