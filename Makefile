# Two commands do everything on a fresh machine: make demo, make test. Python 3.11+ and make are all they need.
PYTHON ?= python3
BIN := .venv/bin
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: setup demo test check golden bench faults lock clean

# Compiled ahead: where Python is told to write no bytecode, each process would compile every module anew.
setup: .venv/ready
	$(BIN)/python -m compileall -q cms_models flows reports tests transforms wp_models

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/wpferry demo

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/unit tests/architecture

test: setup
	sh tests/install_servers.sh
	$(BIN)/python -m pytest tests --ignore=tests/benchmarks

bench: setup
	$(BIN)/python -m pytest tests/benchmarks -s

golden: setup
	$(BIN)/python -m tests.wordpress.capture
	$(BIN)/python -m tests.golden.rewrite

# An hour: kill -9 at 320 moments, a crash before every single exchange with the CMS. `make test` has a sample of both.
faults: setup
	sh tests/install_servers.sh
	WPFERRY_TEST_KILLS=320 WPFERRY_TEST_CRASHES=100000 WPFERRY_TEST_LOADS=all $(BIN)/python -m pytest tests/faults -s

lock: .venv/ready
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv .wpferry .artifacts
