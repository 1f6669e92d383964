# MPP Tracker. `make run` starts everything; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test check bench reset servers manage

python := .venv/bin/python
runner := $(python) -m mpp_tracker.runner
ARGS ?=
PEOPLE ?= 10000

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## start everything and print the address and the sign-ins; Ctrl-C stops it
	@sh bin/venv
	@exec $(runner) run

test: ## the whole test suite on servers of its own (ARGS="tests/cases -q" for a part)
	@sh bin/venv dev
	@exec $(runner) test $(ARGS)

check: ## style, types, floors, migrations, translations: what CI runs before the tests
	@sh bin/venv dev
	@sh bin/check

bench: ## pages measured beside their floors on fictional people (PEOPLE=100000 for more)
	@sh bin/venv
	@exec $(runner) bench --people $(PEOPLE) $(ARGS)

reset: ## delete the data, keys and logs of `make run` and start over
	@sh bin/venv
	@exec $(runner) reset

servers: ## only PostgreSQL and Valkey; prints the exports that point at them
	@sh bin/venv
	@exec $(runner) servers

manage: ## a command of manage.py with the servers up (ARGS="demo --people 1000")
	@sh bin/venv
	@exec $(runner) manage $(ARGS)
