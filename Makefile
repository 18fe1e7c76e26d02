# Everything happens in .venv, made by the first target that needs it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check bench lock clean

run: .venv/ready
	$(BIN)/dunwatch run $(ARGS)

# A file of tests is done by one worker, so that what its tests share is made once. Three for two cores: they often wait.
test: .venv/ready-for-tests
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/ready-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_docs.py

# The figures in docs/; each script measures ours and the plain library side by side in one run.
bench: .venv/ready-for-tests .venv-elastalert2/ready
	$(BIN)/pip install --quiet --require-hashes -r requirements-bench.lock
	for name in analysis crawl elastic export extraction families likeness masking meaning repair search segmentation sentiment spikes stores; do \
		echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; done

# After a change of dependencies in pyproject.toml; needs uv.
lock:
	uv pip compile $(UV) pyproject.toml -o requirements.lock
	uv pip compile $(UV) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	uv pip compile $(UV) pyproject.toml --extra dev --extra bench -c requirements-dev.lock -o requirements-bench.lock
	uv pip compile $(UV) bench/plain/elastalert2.in -o bench/plain/elastalert2.lock
UV := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

.venv/ready: requirements.lock pyproject.toml $(wildcard indexer/*/*.pyx)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

.venv/ready-for-tests: .venv/ready requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# ElastAlert2 needs another elasticsearch than ours.
.venv-elastalert2/ready: bench/plain/elastalert2.lock
	$(PYTHON) -m venv .venv-elastalert2
	.venv-elastalert2/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

clean:
	rm -rf .venv .venv-elastalert2 build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis indexer/*/*.so
