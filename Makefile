# What one does with Lethe. `make` alone lists it.
#
#   ARGS   further arguments: make demo ARGS="--forget 4", make test ARGS="--filter Checkpoints"

SHELL := /bin/bash
LETHE := .build/release/lethe

# Plain SwiftPM lets a target import a sibling that it does not declare.
WALLS := --explicit-target-dependency-import-check error

.PHONY: help setup build demo test examples routes fuzz bench lint format clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1:\2/p' $(MAKEFILE_LIST) | \
	  while IFS=: read -r target story; do printf '  make %-8s %s\n' "$$target" "$$story"; done

setup: ## see to libtorch and the system libraries (choices: Scripts/bootstrap --help)
	@Scripts/bootstrap

build: setup ## build the command, optimised: .build/release/lethe
	swift build --configuration release --product lethe $(WALLS)

demo: build ## forget a digit, measure it, and leave a page that shows it
	$(LETHE) demo $(ARGS)

# In debug: the numbers are crunched in libtorch either way, preconditions are checked, and the build takes
# two thirds of the time.
test: setup lint ## lint, build everything with its walls checked, build the documentation, run all tests
	swift build --build-tests $(WALLS)
	Scripts/check-documentation
	swift test --skip-build $(ARGS)
	@$(MAKE) --no-print-directory examples

# A package of its own that shares .build, so that Lethe's Swift is not compiled twice. SwiftPM keeps the plan of
# the package that it built last in debug.yaml; each package needs its own.
examples: setup ## build the package in Examples and run its programs, with a few iterations each
	@rm -f .build/debug.yaml
	swift build --package-path Examples --scratch-path .build $(WALLS)
	@rm -f .build/debug.yaml
	@folder=$$(mktemp -d) && trap 'rm -r "$$folder"' EXIT && programs="$$PWD/.build/debug" && cd "$$folder" && \
	  "$$programs/Forgetting" 7 2 && "$$programs/Extending"

routes: setup ## after `make test`: hold the networks to PyTorch's numbers without our kernels
	Scripts/check-kernel-symbols
	LETHE_KERNELS=libtorch swift test --skip-build --filter 'Parity|FisherInformation|KernelRoute'

fuzz: setup ## throw damaged and hostile files at the readers, a minute for each kind (choices: Scripts/fuzz --help)
	Scripts/fuzz $(ARGS)

bench: build ## measure one training iteration, in turns with PyTorch where there is one
	Benchmarks/run $(ARGS)

lint: ## complain about what `make format` would change, and about undocumented declarations
	swift format lint --strict --parallel --recursive Sources Tests Examples Fuzzing Package.swift

format: ## format all Swift sources in place
	swift format --in-place --parallel --recursive Sources Tests Examples Fuzzing Package.swift

clean: ## remove what was built; libtorch stays
	rm -rf .build
