# The commands of the README. Each sets up what it needs; `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
STACK ?=
ENVIRONMENT ?=
ENDPOINT ?=
OFFLINE ?=
TESTS ?=
ARGS ?=
# Half of the time the tests wait for Terraform, so more of them than cores. The tests of a file stay together.
WORKERS ?= -n 4 --dist loadfile

# Names are checked before anything runs: a shell would run what stands after a semicolon, and make a $(shell ...).
LETTERS := a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 -
without = $(if $1,$(call without,$(wordlist 2,$(words $1),$1),$(subst $(firstword $1),,$2)),$2)
is_no_name = $(call without,$(LETTERS),$(value $1))$(filter -%,$(value $1))$(filter-out 1,$(words x$(value $1)x))
check = $(if $(call is_no_name,$1),$(error $1: not a name, got "$(value $1)"; use lower-case letters, digits and hyphens, as in $1=$2))
$(call check,STACK,dev-kmeans)$(call check,ENVIRONMENT,dev)$(call check,ENDPOINT,dev-kmeans)

# What Terraform says is somewhere in what cdktf prints, so this is said of every failure.
FAILED = python -m protected_endpoints.commands.recover.hint $(STACK); echo 'Where it says "Lock Info", somebody else is applying: wait for them and try again. docs/state.md says what to do if nobody is, docs/failures.md what other errors mean. Where it says that something exists already, a run was killed: make recover STACK=$(or $(STACK),<stack>) finds it.' >&2; exit 1

# cdktf runs "python main.py", so the virtual environment's Python has to come first.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export CHECKPOINT_DISABLE := 1
export TERRAFORM_BINARY_NAME := $(CURDIR)/modules/protected_endpoints/commands/terraform.sh
export PYTHON
# The package is found without being installed. A safe path would hide the sandbox from "python -m".
export PYTHONPATH := modules
unexport PYTHONSAFEPATH
ifneq ($(or $(CDKTF_OUTDIR),cdktf.out),cdktf.out)
$(error CDKTF_OUTDIR: another folder than the commands here read, got "$(CDKTF_OUTDIR)"; unset it)
endif
# jsii prints a banner of ten lines for a Node that is past its end of life; its value is the Node major.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := $(shell node -p 'process.versions.node.split(".")[0]' 2>/dev/null)

# What was installed with a Python or Node that is gone, or another by now, is installed anew.
.PHONY: $(shell sh scripts/stale_installs.sh)
.PHONY: help demo review test synth plan deploy destroy deployer-policy planner-policy key-policy bootstrap move-state recover explain lint format snapshots plans schema requirements bench setup preflight

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: setup ## deploy the example for real on an emulator, with no AWS account
	@python -m sandbox.demo

review: setup ## review a change of the example as a pull request would be, on an emulator, with no AWS account
	@python -m sandbox.review

test: setup .venv-scan/installed .venv-bench/installed ## run every test (TESTS=tests/unit for some)
	@python -m pytest $(WORKERS) $(TESTS)

synth: setup ## write Terraform JSON for every stack to cdktf.out
	@python main.py && echo "written to cdktf.out"

plan: synth ## show what would change (STACK=dev-kmeans for one, OFFLINE=1 without AWS)
ifeq ($(OFFLINE),)
	@for stack in $(or $(STACK),$(notdir $(wildcard cdktf.out/stacks/*))); do \
		python -m protected_endpoints.commands.terraform cdktf diff $$stack --skip-synth $(ARGS) || exit 1; done
else
	@python -m protected_endpoints.commands.offline_plan $(STACK)
endif

deploy: setup ## deploy every stack, or STACK=dev-kmeans; asks first (ARGS=--auto-approve does not)
	$(if $(STACK),@python -m protected_endpoints.commands.recover.hint $(STACK))
	@python -m protected_endpoints.commands.terraform cdktf deploy $(or $(STACK),'*') $(if $(STACK),--ignore-missing-stack-dependencies) $(ARGS) || { $(FAILED); }

destroy: setup ## destroy STACK=dev-kmeans; asks first
	@test -n "$(STACK)" || { echo "say which: make destroy STACK=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints.commands.terraform cdktf destroy $(STACK) $(ARGS) || { $(FAILED); }

bootstrap: setup ## make the bucket of the state of ENVIRONMENT=prod, and the roles of workflows; asks first (ARGS=-auto-approve does not)
	@test -n "$(ENVIRONMENT)" || { echo "say which: make bootstrap ENVIRONMENT=prod" >&2; exit 1; }
	@python main.py && python -m protected_endpoints.commands.bootstrap "$(ENVIRONMENT)" $(ARGS)

move-state: setup ## move the local state of STACK=dev-kmeans to the bucket of its environment
	@test -n "$(STACK)" || { echo "say which: make move-state STACK=dev-kmeans" >&2; exit 1; }
	@python main.py && python -m protected_endpoints.commands.move_state $(STACK)

recover: setup ## put what a killed run left in AWS into the state of STACK=dev-kmeans; asks first (ARGS=--auto-approve does not)
	@test -n "$(STACK)" || { echo "say which: make recover STACK=dev-kmeans" >&2; exit 1; }
	@python main.py && python -m protected_endpoints.commands.recover "$(STACK)" $(ARGS)

# Nothing but JSON is printed to the output: `make deployer-policy ENVIRONMENT=prod > policy.json`.
deployer-policy: .venv/installed ## print what a role needs to deploy ENVIRONMENT=prod: policies by name, all of them for the role
	@test -n "$(ENVIRONMENT)" || { echo "say which: make deployer-policy ENVIRONMENT=prod" >&2; exit 1; }
	@python -m protected_endpoints.commands.policy deployer "$(ENVIRONMENT)"

planner-policy: .venv/installed ## print what a role needs to plan ENVIRONMENT=prod and to change nothing, not even a lock
	@test -n "$(ENVIRONMENT)" || { echo "say which: make planner-policy ENVIRONMENT=prod" >&2; exit 1; }
	@python -m protected_endpoints.commands.policy planner "$(ENVIRONMENT)"

key-policy: .venv/installed ## print the statements that the policy of your own key needs for ENDPOINT=dev-kmeans
	@test -n "$(ENDPOINT)" || { echo "say which: make key-policy ENDPOINT=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints.commands.policy key "$(ENDPOINT)"

explain: setup ## say what ENDPOINT=dev-kmeans is: what is made, what is protected, what is not (ARGS=--markdown)
	@test -n "$(ENDPOINT)" || { echo "say which: make explain ENDPOINT=dev-kmeans" >&2; exit 1; }
	@python -m protected_endpoints.commands.explain "$(ENDPOINT)" $(ARGS)

lint: setup ## check style and types
	@ruff check . && ruff format --check . && mypy

format: setup ## apply the style
	@ruff check --fix . && ruff format .

snapshots: setup ## write the golden files anew, to be reviewed as a diff
	@UPDATE_SNAPSHOTS=1 python -m pytest tests/stacks/test_snapshots.py tests/review/test_golden.py -q

plans: setup ## make the plans that the review is tested on anew (ARGS=no-op for some; minutes)
	@python -m tests.plans.make $(ARGS)

schema: setup ## write endpoints.schema.json and docs/reference.md anew
	@python -m protected_endpoints.loading.schema > .venv/schema.json && cp .venv/schema.json endpoints.schema.json
	@python -m protected_endpoints.loading.reference

requirements: setup ## write requirements*.txt anew from requirements*.in: every package with its hashes (ARGS=--upgrade)
	@for file in requirements requirements-dev requirements-scan requirements-bench; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate $(ARGS) \
			--custom-compile-command "make requirements" $$file.in --output-file $$file.txt >/dev/null || exit 1; done

bench: setup .venv-bench/installed ## compare the time of a synth with other ways to the same resources (minutes)
	@python -m bench $(ARGS)

setup: .venv/installed node_modules/installed

# What runs Terraform looks for it each time, and not only when something is installed.
demo review test plan plans deploy destroy bootstrap move-state recover: | preflight

preflight:
	@sh scripts/check_tools.sh

# A marker says with which Python, or for which Node ABI, it was installed; scripts/stale_installs.sh compares.
define venv
@"$$PYTHON" -m venv --clear $(@D) && $(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
@sh scripts/stale_installs.sh python $(@D) >$@
endef

.venv/installed: requirements-dev.txt | preflight
	@echo "installing Python packages into .venv (once, about a minute)" >&2
	$(venv)

.venv-scan/installed: requirements-scan.txt | preflight
	@echo "installing the scanners into .venv-scan (once, about a minute)"
	$(venv)

.venv-bench/installed: requirements-bench.txt | preflight
	@echo "installing AWS CDK into .venv-bench (once, about a minute)"
	$(venv)

node_modules/installed: package.json package-lock.json | preflight
	@echo "installing the CDKTF command line into node_modules (once, about a minute)"
	@npm ci --no-audit --no-fund --loglevel=error && node -p process.versions.modules >$@
