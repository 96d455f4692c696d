# The commands of the README. Each installs its prerequisites; `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
STACK ?=
ENVIRONMENT ?=
ENDPOINT ?=
OFFLINE ?=
TESTS ?=
CHANGED ?=
ARGS ?=
# Tests wait for Terraform most of the time, so there are more workers than cores. The tests of a file stay together.
# tests/order.py orders the files; pytest-xdist itself starts those with few tests last, and they take the longest.
WORKERS ?= -n 8 --dist loadfile --no-loadscope-reorder

# Names are checked before anything runs: a shell would run text after a semicolon, and make a $(shell ...).
LETTERS := a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 -
without = $(if $1,$(call without,$(wordlist 2,$(words $1),$1),$(subst $(firstword $1),,$2)),$2)
is_invalid_name = $(call without,$(LETTERS),$(value $1))$(filter -%,$(value $1))$(filter-out 1,$(words x$(value $1)x))
check = $(if $(call is_invalid_name,$1),$(error $1: must contain only lowercase letters, digits and hyphens, got "$(value $1)"; for example: $1=$2))
$(call check,STACK,dev-kmeans)$(call check,ENVIRONMENT,dev)$(call check,ENDPOINT,dev-kmeans)

# The errors of Terraform are part of the output of cdktf, so every failure prints the same hint.
FAILED = python -m protected_endpoints tainted $(STACK); echo 'docs/failures.md explains the errors above. "Lock Info": another run holds the lock; retry when it ends, or see docs/state.md. "already exists" after an interrupted run: make recover STACK=$(or $(STACK),<stack>)' >&2; exit 1

# Values of this run instead of those of endpoints.toml, one per line. They are exported as they are: make would expand a
# "$" in an exported argument, and run a $(shell ...). An empty value is an error of every command.
ifneq ($(origin SET),undefined)
export PROTECTED_ENDPOINTS_SET := $(value SET)
endif
unexport SET

# cdktf runs "python main.py", so the virtual environment's Python has to come first.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export CHECKPOINT_DISABLE := 1
export PYTHON
# The package is found without an installation. A safe path would hide the sandbox from "python -m".
export PYTHONPATH := modules
unexport PYTHONSAFEPATH
ifneq ($(or $(CDKTF_OUTDIR),cdktf.out),cdktf.out)
$(error CDKTF_OUTDIR: must be cdktf.out, got "$(CDKTF_OUTDIR)"; unset it)
endif
# jsii prints a banner of ten lines for a Node.js version after its end of life; the value is the major version. Node.js
# answers this question without starting its engine.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := $(patsubst v%,%,$(firstword $(subst ., ,$(shell node --version 2>/dev/null))))

# Packages are installed again if the Python or Node.js that they were installed with has changed.
.PHONY: $(shell sh scripts/stale_installs.sh)
.PHONY: help demo review test test-cdktn synth plan deploy destroy deployer-policy planner-policy role-policy key-policy bootstrap move-state recover explain lint format snapshots plans schema requirements bench setup preflight

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: setup ## deploy the example for real on an emulator, without an AWS account
	@python -m sandbox.demo

review: setup ## review a change of the example like a pull request, on an emulator, without an AWS account
	@python -m sandbox.review

test: setup .venv-scan/installed .venv-bench/installed .venv-cdktn/installed ## run every test (TESTS=tests/rules for some, CHANGED=1 for those that the branch affects)
	$(if $(and $(CHANGED),$(TESTS)),$(error TESTS: cannot be combined with CHANGED; remove one of them))
	@$(if $(CHANGED),tests=$$(python -m tests.selection) && )python -m pytest $(WORKERS) $(if $(CHANGED),$$tests,$(TESTS))

test-cdktn: setup .venv-cdktn/installed ## run the tests with CDK Terrain, the successor of CDKTF
	@python -m pytest $(WORKERS) tests/cdktn

synth: setup ## write Terraform JSON for every stack to cdktf.out
	@python -m protected_endpoints synth

plan: synth ## plan every stack (STACK=dev-kmeans for one, OFFLINE=1 without AWS, SET=KEY=VALUE)
ifeq ($(OFFLINE),)
	@for stack in $(or $(STACK),$(notdir $(wildcard cdktf.out/stacks/*))); do \
		python -m protected_endpoints with-mirror cdktf diff $$stack --skip-synth $(ARGS) || exit 1; done
else
	@python -m protected_endpoints offline-plan $(STACK)
endif

deploy: setup ## deploy every stack, or STACK=dev-kmeans, after a confirmation (ARGS=--auto-approve for none, PARALLELISM=2 for two at a time)
	$(if $(STACK),@python -m protected_endpoints tainted $(STACK))
	@stacks=$$(python -m protected_endpoints parallelism deploy) || exit 1; \
		python -m protected_endpoints with-mirror cdktf deploy $(or $(STACK),'*') $(if $(STACK),--ignore-missing-stack-dependencies) --parallelism "$$stacks" $(ARGS) || { $(FAILED); }

destroy: setup ## destroy STACK=dev-kmeans, after a confirmation
	@test -n "$(STACK)" || { echo "STACK: required; run: make destroy STACK=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints with-mirror cdktf destroy $(STACK) $(ARGS) || { $(FAILED); }

bootstrap: setup ## create the state bucket, boundary and workflow roles of ENVIRONMENT=prod, after a confirmation
	@test -n "$(ENVIRONMENT)" || { echo "ENVIRONMENT: required; run: make bootstrap ENVIRONMENT=prod" >&2; exit 1; }
	@python main.py && python -m protected_endpoints bootstrap "$(ENVIRONMENT)" $(ARGS)

move-state: setup ## move the local state of STACK=dev-kmeans to the bucket of its environment
	@test -n "$(STACK)" || { echo "STACK: required; run: make move-state STACK=dev-kmeans" >&2; exit 1; }
	@python main.py && python -m protected_endpoints move-state $(STACK)

recover: setup ## import resources of an interrupted run into the state of STACK=dev-kmeans, after a confirmation
	@test -n "$(STACK)" || { echo "STACK: required; run: make recover STACK=dev-kmeans" >&2; exit 1; }
	@python main.py && python -m protected_endpoints recover "$(STACK)" $(ARGS)

# The output is JSON alone: `make deployer-policy ENVIRONMENT=prod > policies.json`.
deployer-policy: .venv/installed ## print the IAM policies of a role that deploys ENVIRONMENT=prod; attach all of them
	@test -n "$(ENVIRONMENT)" || { echo "ENVIRONMENT: required; run: make deployer-policy ENVIRONMENT=prod" >&2; exit 1; }
	@python -m protected_endpoints policy deployer "$(ENVIRONMENT)"

planner-policy: .venv/installed ## print the IAM policies of a role that plans ENVIRONMENT=prod and changes nothing
	@test -n "$(ENVIRONMENT)" || { echo "ENVIRONMENT: required; run: make planner-policy ENVIRONMENT=prod" >&2; exit 1; }
	@python -m protected_endpoints policy planner "$(ENVIRONMENT)"

role-policy: .venv/installed ## print what the execution role of ENDPOINT=dev-kmeans needs: trust, policies, boundary
	@test -n "$(ENDPOINT)" || { echo "ENDPOINT: required; run: make role-policy ENDPOINT=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints policy role "$(ENDPOINT)"

key-policy: .venv/installed ## print the statements that the policy of an existing key needs for ENDPOINT=dev-kmeans
	@test -n "$(ENDPOINT)" || { echo "ENDPOINT: required; run: make key-policy ENDPOINT=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints policy key "$(ENDPOINT)"

explain: setup ## describe ENDPOINT=dev-kmeans: protections, warnings, resources (ARGS=--markdown)
	@test -n "$(ENDPOINT)" || { echo "ENDPOINT: required; run: make explain ENDPOINT=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints explain "$(ENDPOINT)" $(ARGS)

lint: .venv/installed ## check style and types
	@ruff check . && ruff format --check . && mypy

format: .venv/installed ## format the code
	@ruff check --fix . && ruff format .

snapshots: setup ## regenerate the golden files; review the diff
	@UPDATE_SNAPSHOTS=1 python -m pytest tests/stacks/test_snapshots.py tests/review/test_golden.py tests/review/admission/test_grammar.py tests/review/admission/test_policies.py tests/test_api.py tests/aws/test_iam_actions.py tests/review/test_powerful_actions.py tests/field/test_outcomes.py tests/field/test_plan_reviews.py tests/field/test_change_reviews.py -q

plans: setup ## regenerate the plans of the review tests (ARGS=no-op for some; minutes)
	@python -m tests.plans.make $(ARGS)

schema: setup ## regenerate endpoints.schema.json and the generated pages in docs
	@python -m protected_endpoints schema > .venv/schema.json && cp .venv/schema.json endpoints.schema.json
	@python -m protected_endpoints reference --update

requirements: setup ## regenerate requirements*.txt from requirements*.in, with hashes (ARGS=--upgrade for newer versions)
	@for file in requirements requirements-uv requirements-dev requirements-scan requirements-bench requirements-cdktn; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate $(ARGS) \
			--custom-compile-command "make requirements" $$file.in --output-file $$file.txt >/dev/null || exit 1; done

bench: setup .venv-bench/installed .venv-cdktn/installed .venv-scan/installed ## compare the speed with other tools (ARGS=--update writes docs/speed.md; five minutes)
	@python -m bench $(ARGS)

setup: .venv/installed node_modules/installed

# Commands that run Terraform check each time that it is installed.
demo review test test-cdktn plan plans deploy destroy bootstrap move-state recover bench: | preflight

preflight:
	@sh scripts/check_tools.sh

# A marker contains the version of Python or Node.js of the installation; scripts/stale_installs.sh compares.
define venv
@sh scripts/install_packages.sh $(@D) $<
@sh scripts/stale_installs.sh python $(@D) >$@
endef

.venv/installed: requirements-dev.txt requirements-uv.txt | preflight
	@echo "installing Python packages into .venv (once, some seconds)" >&2
	$(venv)

.venv-scan/installed: requirements-scan.txt | .venv/installed
	@echo "installing the scanners into .venv-scan (once, some seconds)"
	$(venv)

.venv-bench/installed: requirements-bench.txt | .venv/installed
	@echo "installing AWS CDK into .venv-bench (once, some seconds)"
	$(venv)

.venv-cdktn/installed: requirements-cdktn.txt | .venv/installed
	@echo "installing CDK Terrain into .venv-cdktn (once, some seconds)"
	$(venv)

node_modules/installed: package.json package-lock.json | preflight
	@sh scripts/check_tools.sh npm
	@echo "installing the CDKTF command line into node_modules (once, less than a minute)"
	@npm ci --no-audit --no-fund --loglevel=error && sh scripts/stale_installs.sh node_js >$@
