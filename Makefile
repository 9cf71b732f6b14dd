# Everything that a person does with a clone, from a bare Python 3.11 on. `make help` lists it.
# Written for any POSIX shell and for GNU make 3.81, the one that comes with macOS.
#
#   PYTHON=…   the interpreter that .venv is made with (default: the first of 3.11 to 3.13 that is found)
#   ARGS=…     handed to the command: make run ARGS="--port 8000", make test ARGS="-k citation", make eval ARGS="--limit 5"
#
# pip's and Chroma's own settings (PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, HTTPS_PROXY, …) pass through as they are.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
STEP := @printf '==> %s\n'

# A .venv without a working interpreter (never made, or its Python was removed or upgraded) is made again: the stamps below
# then depend on a target that is always new.
RENEW := $(shell $(PY) -c '' 2>/dev/null || echo new-venv)

# Sets $$python in the shell, or explains and stops.
define find_python
	python=; \
	for candidate in $(or $(PYTHON),python3.11 python3 python3.12 python3.13); do \
		if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
			python=$$candidate; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Footnote needs Python 3.11, 3.12 or 3.13, and found none of them as: $(or $(PYTHON),python3.11 python3 python3.12 python3.13)." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.11 …" >&2; \
		exit 1; \
	fi
endef

# On Linux without a suitable index, pip takes torch with CUDA. It works; it is only large. The README tells how to avoid it.
define note_cuda
	@if ls -d $(VENV)/lib/python*/site-packages/nvidia_*.dist-info >/dev/null 2>&1; then \
		echo "Note: pip also installed CUDA packages (nvidia-*, some gigabytes), which only a machine with a GPU uses; the README, under Settings, tells how to get torch without them."; \
	fi
endef

.PHONY: help run test lint eval lock clean browser new-venv

help: ## Show this list
	@echo "make run    Install what is missing, index the article, serve the page (ARGS=\"--port 8000\" and so on)"
	@echo "make test   Install what tests need, Chromium too where that is possible, and run them (ARGS=\"-k word\")"
	@echo "make lint   ruff check, ruff format --check, mypy"
	@echo "make eval   Ask the project's own questions and print the table (ARGS=\"--limit 5\")"
	@echo "make lock   Write constraints.txt anew with the newest versions that fit pyproject.toml"
	@echo "make clean  Remove .venv and caches; .footnote, which holds your documents, stays"

run: $(VENV)/.installed ## Serve the page
	$(STEP) "Indexing corpus/documents (only what is new or changed)"
	@$(PY) -m index add corpus/documents
	$(STEP) "Starting the page; Ctrl+C stops it"
	@exec $(PY) app.py $(ARGS)

test: $(VENV)/.installed-test browser
	$(STEP) "Running the tests"
	@$(PY) -m pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.installed-test
	$(STEP) "ruff check"
	@$(PY) -m ruff check
	$(STEP) "ruff format --check"
	@$(PY) -m ruff format --check
	$(STEP) "mypy (the first time takes a minute)"
	@$(PY) -m mypy

eval: $(VENV)/.installed
	@$(PY) -m eval $(ARGS)

new-venv:
	@$(find_python); \
	printf '==> %s\n' "Making $(VENV) with $$($$python --version)"; \
	rm -rf $(VENV); \
	$$python -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "That Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# The stamps make a second run quick: pip is asked again only when what it should install has changed.
$(VENV)/.installed: pyproject.toml constraints.txt $(RENEW)
	$(STEP) "Installing the pinned packages (about 2 GB on disk; once, some minutes)"
	@$(PIP) install -c constraints.txt -e .
	$(note_cuda)
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt $(RENEW)
	$(STEP) "Installing the pinned packages, with those for tests (about 2 GB on disk; once, some minutes)"
	@$(PIP) install -c constraints.txt -e '.[test]'
	$(note_cuda)
	@touch $(VENV)/.installed $@

# Playwright drives /usr/bin/chromium, or what FOOTNOTE_CHROMIUM names. Not having it is no error here: the tests say what
# they skip, and fail instead where FOOTNOTE_REQUIRE_BROWSER is set.
browser:
	@if [ -n "$$FOOTNOTE_CHROMIUM" ] || [ -x /usr/bin/chromium ]; then exit 0; fi; \
	skipped="Browser tests will be skipped: there is no /usr/bin/chromium"; \
	if ! command -v apt-get >/dev/null 2>&1; then \
		echo "$$skipped, and no apt-get to install it. Set FOOTNOTE_CHROMIUM to the path of a Chromium or Chrome."; \
	elif [ "$$(id -u)" -ne 0 ]; then \
		echo "$$skipped, and only root may install it. Run: sudo apt-get install chromium; or set FOOTNOTE_CHROMIUM."; \
	else \
		echo "==> Installing Chromium for the browser tests"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } || \
			echo "$$skipped, and apt-get could not install it (see above). Set FOOTNOTE_CHROMIUM to the path of a Chromium or Chrome."; \
	fi

# From an empty environment, so that nothing gets pinned that the project does not ask for. Left out: what only a CUDA build of
# torch needs, and torch's "+cpu", so that the file serves machines with and without a GPU.
lock:
	@set -e; $(find_python); \
	folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; trap 'exit 1' INT TERM; \
	printf '==> %s\n' "Installing the newest versions that fit into an empty environment ($$($$python --version))"; \
	$$python -m venv "$$folder/venv"; \
	"$$folder/venv/bin/python" -m pip --disable-pip-version-check install -e '.[test]'; \
	{ \
		echo "# Every package that Footnote and its tests pull in, at the version they were tested with."; \
		echo "# Made by \`make lock\` with $$($$python --version). Do not edit: change pyproject.toml and run it again."; \
		"$$folder/venv/bin/python" -m pip freeze --all --exclude-editable \
			| grep -vE '^(nvidia-|cuda-|triton|pip==|wheel==)' | sed 's/+cpu$$//'; \
	} > "$$folder/constraints.txt"; \
	cp "$$folder/constraints.txt" constraints.txt; \
	printf '==> %s\n' "constraints.txt: $$(grep -c == constraints.txt) packages"

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
