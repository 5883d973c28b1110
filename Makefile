# `make` lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# pytest's workers: four more than the machine has cores, which begin with the tests that wait (tests/order.py).
WORKERS ?= $(shell expr $$(nproc) + 4)

# Hundreds of processes start in tests: none compiles anew what another has, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-long test-floors lint compiled vendor wheel release lock bench eval-chicago eval-newyork demo-bundle schemas screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/demo.stamp vendor ## a city, headquarters and two cars on this machine
	@$(BIN)/roundsman demo

test: system vendor ## lint and every ordinary test, about 20 minutes on 2 cores; CI runs test-floors besides
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint compiled
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -rs --durations=15 -m "not long"

test-long: .venv/test.stamp vendor ## what takes longer: 500 kills, 30 days offline, units booted; the READMEs in tests/ keep the figures
	@sh tests/system.sh long
	$(BIN)/python -m pytest -n $$(expr $$(nproc) + 1) -rs -m long

FLOORS := .venv-floors
# Schemas name what the installed pydantic says of a class: they are compared in the usual environment alone.
AT_FLOORS := tests/test_cli.py tests/contract tests/mqtt/test_connector.py tests/vehicle/link/test_link.py tests/vehicle/test_daemon.py \
    tests/plans/test_child.py tests/agency/test_build.py tests/headquarters/test_store.py tests/models/export/test_write.py \
    --deselect tests/contract/test_asyncapi.py::test_what_is_kept_is_what_the_types_give \
    --deselect tests/contract/test_asyncapi.py::test_writing_makes_the_same_files

test-floors: $(FLOORS)/test.stamp ## start-up, link and contract with the lowest versions that pyproject.toml allows
	$(FLOORS)/bin/python -m pytest -n $(WORKERS) -q -o filterwarnings=default --disable-warnings $(AT_FLOORS)

$(FLOORS)/test.stamp: pyproject.toml tests/floors.py
	$(PYTHON) -m venv --clear $(FLOORS)
	$(PYTHON) tests/floors.py > $(FLOORS)/constraints.txt
	$(FLOORS)/bin/pip install --quiet --disable-pip-version-check --constraint $(FLOORS)/constraints.txt --editable '.[test]'
	@touch $@

lint: .venv/test.stamp ## ruff, mypy strict, import contracts, ESLint on the touchscreen's JavaScript
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@sh tests/system.sh lint
	sh tests/javascript/lint.sh

compiled: .venv/test.stamp # the tests' modules, once: else each of pytest's workers writes their assertions anew
	-@$(BIN)/python -m pytest -qq --collect-only > /dev/null

vendor: ## what draws the basemap, from npm by the lock file's hashes; without npm the screen draws its plain map
	@sh edge/vehicle/touchscreen/from_npm/install.sh

wheel: .venv/pip.stamp vendor ## the package as a file in dist/, with what draws the basemap inside
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

KEY ?= release.pem
RELEASE ?= dist/release
release: .venv/release.stamp vendor ## a signed release of the last commit in RELEASE, by the key in KEY; downloads 200 MB
	$(BIN)/python -m provisioning.release make --key $(KEY) --out $(RELEASE)

lock: .venv/release.stamp ## write anew what a release has of other packages, by version and hash
	UV=$(BIN)/uv sh provisioning/release/lock.sh

bench: .venv/test.stamp vendor ## figures and ratios taken side by side
	$(BIN)/python -m tests.benchmarks.run

screenshots: .venv/test.stamp vendor ## the README's pictures of the touchscreen, taken anew
	$(BIN)/python -m tests.vehicle.touchscreen.screenshots

schemas: .venv/test.stamp ## write the AsyncAPI document and the JSON Schemas anew
	$(BIN)/python -m edge.contract.asyncapi
	$(BIN)/python -m edge.risk.card

CHICAGO := ../shared/data/chicago
FORECASTS := build/chicago

eval-chicago: .venv/test.stamp ## forecasts of Chicago 2018, judged: an hour on 2 cores, goes on where it was ended; needs ../shared/data
	mkdir -p $(FORECASTS)
	$(BIN)/roundsman models ingest chicago-parquet $(CHICAGO)/crimes_part1_2012_2018.parquet --out $(FORECASTS)/incidents.parquet
	$(BIN)/roundsman agency build models/chicago/agency.toml --out $(FORECASTS)/agency
	$(BIN)/roundsman models layers models/chicago/features.toml --agency $(FORECASTS)/agency --out $(FORECASTS)/features
	$(BIN)/roundsman models evaluate $(FORECASTS)/agency $(FORECASTS)/incidents.parquet --features $(FORECASTS)/features \
	    --from 2018-01-01 --to 2018-11-11 --tune-from 2017-01-01 --tune-to 2017-12-31 --lag 1 --lag 7 --jobs 2 \
	    --work $(FORECASTS)/work --out models/evaluation --page models/EVALUATION.md

NEWYORK := ../shared/data/newyork
YOUNG := build/newyork

eval-newyork: .venv/test.stamp ## the same on New York's second half of 2015, a history of 18 months; needs ../shared/data
	mkdir -p $(YOUNG)
	$(BIN)/roundsman models ingest models/newyork/mapping.toml $(NEWYORK)/felonies_2014_2015.parquet --out $(YOUNG)/incidents.parquet
	$(BIN)/roundsman agency build models/newyork/agency.toml --out $(YOUNG)/agency
	$(BIN)/roundsman models layers models/newyork/features.toml --agency $(YOUNG)/agency --out $(YOUNG)/features
	$(BIN)/roundsman models evaluate $(YOUNG)/agency $(YOUNG)/incidents.parquet --features $(YOUNG)/features \
	    --from 2015-07-01 --to 2015-12-31 --tune-from 2015-01-01 --tune-to 2015-06-30 --refit-days 92 --jobs 2 \
	    --work $(YOUNG)/work --out models/evaluation --page models/EVALUATION-new-york.md

demo-bundle: .venv/test.stamp ## train the demo's models anew from the generated city's incidents
	$(BIN)/python -m edge.demo.train

.venv/release.stamp: .venv/pip.stamp pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[release]'
	@touch $@

clean: ## remove what was built
	rm -rf .venv $(FLOORS) build dist tests/javascript/node_modules edge/vehicle/touchscreen/from_npm/node_modules edge/vehicle/touchscreen/static/vendor *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: system
system: ## what the tests need of the system: mosquitto, gpsd, chromium (asks apt where it may)
	@sh tests/system.sh

.venv/pip.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Roundsman needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/demo.stamp: .venv/pip.stamp pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

.venv/test.stamp: .venv/pip.stamp pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ .venv/demo.stamp
