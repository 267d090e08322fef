# Every target makes what it needs: a virtual environment in .venv (or .venv-conformance), once.
#
#   make demo           simulate a lens, fit it, write plots and chain to examples/out
#   make test           ruff and the test suite
#   make test-full      the same with the tests that are slow, of machine code that is optimised in full
#   make conformance    lenstronomy's own test suite on jaxtronomy, against the ledger (PARTS="test_Util test_Data" for a part)
#   make bench          benchmarks, side by side with lenstronomy
#   make coverage-table measure every lens and light model, and write the tables of the documentation
#   make docs           the documentation, in docs/_build/html
#   make clean          remove environments and everything built

PYTHON ?= $(or $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done), \
	$(error jaxtronomy needs Python 3.11 or newer))
PIP_FLAGS ?= --quiet --disable-pip-version-check
BIN := .venv/bin
CONFORMANCE_BIN := .venv-conformance/bin
WORKERS ?= 2

.PHONY: demo test test-full lint conformance conformance-ci bench coverage-table docs clean

demo: .venv/dev.stamp
	$(BIN)/python examples/demo.py

# most of the time goes into compilation, and machine code that is not optimised takes a third less of it
test: lint
	XLA_FLAGS="$$XLA_FLAGS --xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true" \
		$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-full: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --full

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

conformance: .venv-conformance/stamp
	$(CONFORMANCE_BIN)/python test/conformance/run.py -n $(WORKERS) $(addprefix --part ,$(PARTS))

conformance-ci: .venv-conformance/stamp
	$(CONFORMANCE_BIN)/python test/conformance/run.py -n $(WORKERS) --parts-from test/conformance/ci_parts.txt

bench: .venv/dev.stamp
	$(BIN)/python benchmarks/run.py $(if $(NAME),--name $(NAME))

coverage-table: .venv/dev.stamp
	$(BIN)/python tools/profile_table.py --write
	$(BIN)/python tools/light_table.py --write

docs: .venv/docs.stamp
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

clean:
	rm -rf .venv .venv-conformance build docs/_build docs/api docs/native.rst docs/benchmark_results.rst docs/plots examples/out

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/dev.stamp: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install $(PIP_FLAGS) --editable '.[dev]'
	touch $@

.venv/docs.stamp: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install $(PIP_FLAGS) --editable '.[docs]'
	touch $@

.venv-conformance/bin/python:
	$(PYTHON) -m venv .venv-conformance

.venv-conformance/stamp: pyproject.toml | .venv-conformance/bin/python
	$(CONFORMANCE_BIN)/python -m pip install $(PIP_FLAGS) --editable '.[conformance]'
	touch $@
