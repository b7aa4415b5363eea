# `make help` lists what there is. Every target installs what it lacks and is quick the second time.

PORT ?= 8080
# Parallel jobs of cargo.
JOBS ?= 2
export JOBS

CARGO_RUN = cargo run --locked --jobs $(JOBS)

.DEFAULT_GOAL := help
.PHONY: help wasm assets site serve test bench py

help:
	@echo 'make serve   build everything and serve the page at http://127.0.0.1:$(PORT) (PORT=n for another port)'
	@echo 'make test    every test (KIND="rust page" for some; the kinds stand in tests/all.sh)'
	@echo 'make site    the page as static files, in www/dist, for any host and any sub-path'
	@echo 'make wasm    the engine as an npm package, in pkg-config/pkg'
	@echo 'make assets  digits, a small pretrained network, Python, exercises and questions for the page, in build'
	@echo 'make bench   how fast the engine is (BENCH="--short --only kernels" for less; see tests/bench)'
	@echo 'make py      FILE=x.py [DATA=folder]: run a file on the Python of the page, in Node'

# The engine: both variants, glue, types.
wasm:
	@pkg-config/install.sh rust npm
	@$(CARGO_RUN) --package packager -- --root .

# What the page fetches besides its own code.
assets: wasm
	@node www/scripts/mnist.mjs
	@node www/scripts/python.mjs
	@node www/scripts/modules.mjs
	@node www/scripts/exercises.mjs
	@node www/scripts/questions.mjs
	@node www/scripts/corpus.mjs
	@node www/scripts/base.mjs

site: assets
	@pkg-config/when-changed.sh target/stamps/site www build pkg-config/pkg package-lock.json -- \
		npx vite build www
	@cp pkg-config/hosting/_headers www/dist/_headers

serve: site
	@node pkg-config/serve.mjs www/dist --port $(PORT)

test: site
	@pkg-config/install.sh chromium
	@tests/all.sh $(KIND)

bench: wasm
	@pkg-config/install.sh chromium
	@node tests/bench/run.mjs $(BENCH)

py: assets
	@node tests/python/run.mjs $(FILE) $(if $(DATA),--data $(DATA))
