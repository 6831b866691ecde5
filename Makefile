# make run               sets up, builds, and trains on the built-in digits until it prints a test accuracy
# make test              sets up, and passes the tests: the library's unoptimised, the program's as people run it
# make test-plain        the library's tests without any system library
# make test-exhaustive   the accuracy of every function of one operand over all 2^32 floats: 30 minutes of one core
# make test-partners     the tests against PyTorch, in a virtual environment of their own
# make fuzz              feeds every reader of files with hostile bytes for FUZZ_SECONDS each
# make test-tables       trains on real tables with gaps from PyPI's data packages, and holds the figures against floors
# make documentation     writes the pages that come from the code, such as what is called how in other libraries
# make bench             times ours and other frameworks in turn, in a virtual environment of their own
# make bench-tables      cross-validated scores on five classic tables, beside scikit-learn's
# make bench-pictures    Fashion-MNIST as 70,000 PNG files, beside its IDX files
# make bench-batches     times the training of one network with larger and larger batches
# make lint              checks the format of the sources
# make smoke             trains, evaluates and predicts with the built program

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
SWIFT ?= swift
PLAIN := --disable-default-traits --scratch-path .build-plain
PARTNERS := .venv-partners
PEERS := .venv-peers
TABLES := .venv-tables
REAL := .venv-data
ROUNDS ?= 5
FUZZ_SECONDS ?= 20
CORPUS := Tests/Fuzzing/Corpus
DATA := dataset-fashion-mnist
SPEECH := espeak-ng
WORDS := wamerican wfrench wngerman wspanish witalian
PICTURES := /usr/share/datasets/fashion-mnist

# Libraries' headers where the compiler looks, or nothing; asked anew each time, because set-up may have changed it.
header = $(shell ls /usr/include/$(1) /usr/local/include/$(1) 2>/dev/null)
HAVE_ONEDNN = $(call header,oneapi/dnnl/dnnl.h)
HAVE_PICTURES = $(and $(call header,png.h),$(call header,jpeglib.h))
TRAITS = $(if $(HAVE_ONEDNN),$(if $(HAVE_PICTURES),,--traits OneDNN),$(if $(HAVE_PICTURES),--traits Pictures,$(PLAIN)))
DESCENT = $$($(SWIFT) build -c release $(TRAITS) --show-bin-path)/descent

.PHONY: help setup build run test test-plain test-exhaustive test-partners test-tables fuzz documentation bench bench-batches bench-pictures bench-tables lint smoke clean

help:
	@sed -n 's/^# make/make/p' Makefile

# What apt has is installed where it is missing and may be; without it everything is built by itself.
define install
	if ! dpkg -s $(1) >/dev/null 2>&1 && command -v apt-get >/dev/null; then \
	  sudo=$$([ "$$(id -u)" = 0 ] || command -v sudo || true); \
	  ($$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $(1) >/dev/null) \
	    || echo "$(1) cannot be installed here; going on without it"; \
	fi
endef

setup:
	@if [ -z "$(HAVE_ONEDNN)" ]; then $(call install,libdnnl-dev); fi
	@if [ -z "$(HAVE_PICTURES)" ]; then $(call install,libpng-dev libjpeg-dev); fi

# The library beside the program is what 'descent bench' counts allocations with.
build: setup
	$(SWIFT) build -c release --product descent $(TRAITS)
	$(SWIFT) build -c release --product MallocCounter $(TRAITS)

run: build
	@$(DESCENT) train digits --output .build/digits.safetensors

# The kernels' tests switch between processors for the whole process, so that they run by themselves.
test: build
	@$(call install,$(SPEECH))
	@$(call install,$(WORDS))
	@$(call install,$(DATA))
	$(SWIFT) build --build-tests $(TRAITS)
	DESCENT_PROGRAM=$(DESCENT) $(SWIFT) test --skip-build $(TRAITS) --skip CKernelsTests
	$(SWIFT) test --skip-build $(TRAITS) --filter CKernelsTests

# What the program does is the same with and without, but for folders, whose pictures it then refuses by name; and so are
# the kernels.
test-plain:
	$(SWIFT) build --build-tests $(PLAIN)
	$(SWIFT) test --skip-build $(PLAIN) --skip CKernelsTests --skip CommandTests
	$(SWIFT) test --skip-build $(PLAIN) --filter CommandTests.FolderTests

# Optimised, over all 2^32 floats, by every processor; fails where a function is further off than it may be.
test-exhaustive: setup
	$(SWIFT) run -c release $(TRAITS) DescentAccuracy

# libFuzzer, with the address sanitizer, from the corpus and from what earlier runs reached (.build-fuzz/corpus). What it
# finds lies in .build-fuzz; mend it, and put the file into the corpus, which the ordinary tests read. A network that is
# refused leaks a little, which the sources say is meant (Attempt.swift).
fuzz: setup
	mkdir -p .build-fuzz
	$(SWIFT) build $(TRAITS) --scratch-path .build-fuzz --product DescentFuzzing --sanitize fuzzer --sanitize address \
	  -Xswiftc -sanitize=fuzzer,address -Xswiftc -DFUZZING >.build-fuzz/build.log 2>&1 \
	  || { cat .build-fuzz/build.log; exit 1; }
	for reader in $$(ls $(CORPUS)); do \
	  mkdir -p .build-fuzz/corpus/$$reader; \
	  case $$reader in model|network) leaks=0;; *) leaks=1;; esac; \
	  DESCENT_READER=$$reader ASAN_OPTIONS=detect_leaks=$$leaks SWIFT_BACKTRACE=enable=no .build-fuzz/debug/DescentFuzzing \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=10 -malloc_limit_mb=256 -verbosity=0 -print_final_stats=1 \
	    -artifact_prefix=.build-fuzz/$$reader- .build-fuzz/corpus/$$reader $(CORPUS)/$$reader; \
	done

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples

clean:
	rm -rf .build .build-plain .build-fuzz $(PARTNERS) $(PEERS) $(TABLES) $(REAL)

# From PyPI, where this Python keeps it; nothing is installed outside the folders.
$(PARTNERS)/ready: Tests/References/requirements.txt
$(PEERS)/ready: Benchmarks/requirements.txt
$(TABLES)/ready: Benchmarks/tables-requirements.txt
$(REAL)/ready: Tests/References/tables-requirements.txt
$(PARTNERS)/ready $(PEERS)/ready $(TABLES)/ready $(REAL)/ready:
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

test-partners: setup $(PARTNERS)/ready
	rm -rf .build/partners
	$(PARTNERS)/bin/python Tests/References/partners.py write .build/partners
	$(SWIFT) build --build-tests $(TRAITS)
	DESCENT_PARTNER_DIR=$(CURDIR)/.build/partners $(SWIFT) test --skip-build $(TRAITS) --filter PartnerTests
	$(PARTNERS)/bin/python Tests/References/partners.py check .build/partners
	$(PARTNERS)/bin/python Tests/References/parity.py

test-tables: build $(REAL)/ready
	$(REAL)/bin/python Tests/References/tables.py $(DESCENT)

documentation: setup
	$(SWIFT) build --build-tests $(TRAITS)
	DESCENT_WRITE_DOCUMENTATION=1 $(SWIFT) test --skip-build $(TRAITS) --filter ParityTests

# Real data, as a user would meet it: trained, measured and predicted by the program.
smoke: build
	rm -rf .build/smoke && mkdir -p .build/smoke
	$(DESCENT) train digits --epochs 5 --output .build/smoke/digits.safetensors --metrics .build/smoke/metrics.jsonl
	$(DESCENT) evaluate .build/smoke/digits.safetensors digits --json
	$(DESCENT) predict .build/smoke/digits.safetensors digits --probabilities --output .build/smoke/predictions.csv
	@$(call install,$(DATA))
	if [ -d $(PICTURES) ]; then \
	  $(DESCENT) train $(PICTURES) --epochs 1 --output .build/smoke/pictures.safetensors; \
	fi

# Ours and the peers in turn, in one run: figures of two runs on a shared machine do not compare.
bench: build $(PEERS)/ready
	@$(call install,$(DATA))
	@$(PEERS)/bin/python Benchmarks/compare.py $(DESCENT) --rounds $(ROUNDS)

bench-pictures: build
	@$(call install,$(DATA))
	python3 Benchmarks/pictures.py $(DESCENT) $(PICTURES)

bench-tables: build $(TABLES)/ready
	@$(TABLES)/bin/python Benchmarks/tables.py $(DESCENT)

bench-batches: build $(PEERS)/ready
	@$(call install,$(DATA))
	@$(PEERS)/bin/python Benchmarks/compare.py $(DESCENT) --rounds $(ROUNDS) --batches
