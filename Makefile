# make run    sets up, builds, and trains on the built-in digits
# make test   sets up, and runs every test with and without oneDNN

SHELL := /bin/bash
SWIFT ?= swift
PLAIN := --disable-default-traits --scratch-path .build-plain
STRICT := -Xswiftc -warnings-as-errors

# Whether oneDNN's header is where the compiler looks.
HAVE_ONEDNN = $(shell printf '\#include <oneapi/dnnl/dnnl.h>\n' | cc -E - >/dev/null 2>&1 && echo yes)
TRAITS = $(if $(HAVE_ONEDNN),,$(PLAIN))

.PHONY: help setup build run test test-plain test-partners lint examples docs clean

help:
	@sed -n 's/^# make/make/p' Makefile

# oneDNN comes from the distribution; where it cannot be had, everything is built without it.
setup:
	@if [ -z "$(HAVE_ONEDNN)" ] && command -v apt-get >/dev/null; then \
	  sudo=$$([ $$(id -u) = 0 ] || command -v sudo); \
	  { $$sudo apt-get update -qq && $$sudo apt-get install -y -qq libdnnl-dev >/dev/null; } \
	    || echo "libdnnl-dev cannot be installed; building without oneDNN"; \
	fi

build: setup
	$(SWIFT) build -c release --product descent $(TRAITS)

run: build
	@$$($(SWIFT) build -c release $(TRAITS) --show-bin-path)/descent train digits
