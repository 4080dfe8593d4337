# Needs GNU make (3.81, as macOS has it, is enough), a POSIX shell and Python 3.11 or newer. `make help` says what there is.
# What `make start` may be told. These come from the command line alone: many shells export a HOST or a PORT of their own …
DIR = samples
HOST = 127.0.0.1
PORT = 8000
# … while BROWSER in the environment names the program to open, which is passed on.
BROWSER ?= 1
# One part of the long proofs, for `make soak`
PART =

.PHONY: help start test quick check soak audit browser migrations deploy tests quick-tests browser-tests
.NOTPARALLEL:
.DEFAULT_GOAL := help

py := .venv/bin/python
plain := .venv/installed
tools := .venv/installed-dev
# A make variable as one word of the shell, whatever is in it
quote = '$(subst ','\'',$(1))'
say = @printf '\n== %s\n' $(call quote,$(1))
# No step touches the data of a person who runs it, nor listens to settings that a shell happens to export
scratch := .venv/scratch
settings := $(filter-out TAGGER_TEST_%,$(filter TAGGER_% DATABASE_URL REDIS_URL DJANGO_SETTINGS_MODULE,$(.VARIABLES)))
clean := env $(addprefix -u ,$(settings)) TAGGER_DATA_DIR=$(scratch)

help:
	@echo 'make start   serves Tagger on this machine and imports a folder: DIR=./imgs PORT=8001 BROWSER=0 HOST=0.0.0.0'
	@echo 'make test    every check and every test, browser included'
	@echo 'make quick   the checks and the tests that need no browser, in under a minute'
	@echo 'make check   the checks alone'
	@echo 'make audit   asks the lists of vulnerabilities about every pinned version (needs the network)'
	@echo 'make soak    the long proofs; PART=kills runs those whose name has "kills" in it'

start: $(plain)
	@exec $(if $(filter 1 yes true,$(BROWSER)),env -u BROWSER) $(py) manage.py start $(call quote,$(DIR)) \
		--host $(call quote,$(HOST)) --port $(call quote,$(PORT)) $(if $(filter 0 no false,$(BROWSER)),--no-browser)

test: browser check migrations deploy tests browser-tests
	@echo 'Every check and every test passed.'

quick: check quick-tests

# ---- what `make test` is made of ----------------------------------------------------------------------------------

browser: $(tools)
	$(call say,A Chromium to test in)
	@$(py) -m tests.e2e.browser

check: $(tools)
	@mkdir -p $(scratch)
	$(call say,ruff format --check)
	@$(clean) $(py) -m ruff format --check .
	$(call say,ruff check)
	@$(clean) $(py) -m ruff check .
	$(call say,mypy --strict)
	@$(clean) $(py) -m mypy .
	$(call say,lint-imports)
	@$(clean) $(py) -c 'from importlinter.cli import lint_imports_command as run; run()'
	$(call say,djade --check)
	@find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +

migrations: $(tools)
	$(call say,makemigrations --check)
	@rm -rf $(scratch)/migrations
	@$(clean) TAGGER_DATA_DIR=$(scratch)/migrations $(py) manage.py makemigrations --check --dry-run

deploy: $(tools)
	$(call say,check --deploy on the production settings)
	@rm -rf $(scratch)/deploy
	@$(clean) TAGGER_DATA_DIR=$(scratch)/deploy TAGGER_PRODUCTION=1 TAGGER_ALLOWED_HOSTS=tagger.example \
		$(py) manage.py check --deploy --fail-level WARNING

tests: $(tools)
	$(call say,Tests without a browser)
	@$(clean) $(py) -m pytest -n 2 -m 'not soak' --ignore tests/e2e tests

quick-tests: $(tools)
	$(call say,Tests that start no process of their own)
	@$(clean) $(py) -m pytest -n 2 -m 'not soak and not slow' --ignore tests/e2e tests

# A process of their own: the browser's event loop and asyncio tests cannot share one.
browser-tests: $(tools) browser
	$(call say,Tests in the browser)
	@$(clean) $(py) -m pytest -m 'not soak' tests/e2e

# pytest says 5 when a process has no test of that name; both saying it means that there is no such part.
soak: $(tools) browser
	$(call say,Long proofs $(PART))
	@run() { $(clean) $(py) -m pytest -m soak $(if $(PART),-k $(call quote,$(PART))) --durations=10 "$$@"; }; \
	run --ignore tests/e2e tests; plain=$$?; \
	run tests/e2e; pages=$$?; \
	case $$plain,$$pages in \
		0,0|0,5|5,0) ;; \
		5,5) echo 'There is no long proof of that name.' >&2; exit 1 ;; \
		*) exit 1 ;; \
	esac

# Not part of `make test`, which works without a network and compares with the floors of tests/test_requirements.py.
# --strict: a package that could not be looked up is a failure, or an audit that saw nothing would pass.
audit: $(tools)
	$(call say,pip-audit --strict)
	@for file in requirements.txt requirements-server.txt requirements-dev.txt; do \
		$(py) -m pip_audit --strict --progress-spinner off --no-deps --disable-pip -r $$file || exit 1; \
	done

# ---- the virtual environment --------------------------------------------------------------------------------------

modern := import sys; sys.exit(sys.version_info < (3, 11))
# A Python that was updated away, or an environment older than we need: make it anew.
$(shell [ ! -e .venv ] || $(py) -ISc '$(modern)' 2>/dev/null || rm -f $(plain) $(tools))

# uv where there is one (seconds quicker), pip otherwise. Both compile, or the first starts are two to three times slower.
define install
@for found in python3 python3.14 python3.13 python3.12 python3.11 python ''; do \
	[ -n "$$found" ] || { echo 'Tagger needs Python 3.11 or newer, and no python3 on the PATH is.' >&2; exit 1; }; \
	"$$found" -ISc '$(modern)' 2>/dev/null && break; \
done; \
set -e; \
if command -v uv >/dev/null; then \
	$(py) -ISc '$(modern)' 2>/dev/null || uv venv --quiet --clear --python "$$found" .venv; \
	uv pip install --quiet --compile-bytecode --python $(py) -r $(1); \
else \
	"$$found" -ISc 'import ensurepip' 2>/dev/null || { echo "$$found cannot make virtual environments: install the package python3-venv, or uv." >&2; exit 1; }; \
	$(py) -ISc '$(modern)' 2>/dev/null || "$$found" -m venv --clear .venv; \
	$(py) -m pip --version >/dev/null 2>&1 || $(py) -m ensurepip >/dev/null; \
	$(py) -m pip install --quiet --disable-pip-version-check --no-input --compile -r $(1); \
fi
endef

$(plain): requirements.txt
	$(call say,Installing what Tagger needs (once; some 20 seconds))
	$(call install,requirements.txt)
	@touch $(plain)

$(tools): requirements.txt requirements-dev.txt
	$(call say,Installing the checks and tests (once; about a minute))
	$(call install,requirements-dev.txt)
	@touch $(plain) $(tools)
