# `make help` lists what there is. Every target installs what it lacks and is quick the second time.

PORT ?= 8080
# Parallel jobs of cargo.
JOBS ?= 2
export JOBS

CARGO_RUN = cargo run --quiet --locked --jobs $(JOBS)

.DEFAULT_GOAL := help
.PHONY: help wasm assets site serve py

help:
	@echo 'make serve   build everything and serve the page at http://127.0.0.1:$(PORT) (PORT=n for another port)'
	@echo 'make wasm    the engine as an npm package, in pkg-config/pkg'
	@echo 'make assets  digits, Python and exercises for the page, in build'
	@echo 'make site    the page as static files, in www/dist'
	@echo "make py FILE=script.py [DATA=folder]   run a Python file on the page's Python; DATA is its /data"

# The engine: both variants, glue, types.
wasm:
	@pkg-config/install.sh rust npm
	@$(CARGO_RUN) --package packager -- --root .

# What the page fetches besides its own code.
assets: wasm
	@for script in $(wildcard www/scripts/mnist.mjs www/scripts/python.mjs www/scripts/exercises.mjs); do node $$script || exit 1; done

site: assets
	@pkg-config/when-changed.sh target/stamps/site www build pkg-config/pkg package-lock.json -- npx vite build www

# A Python file on the page's own Python, headless. Only what the file prints goes to stdout.
py:
	@$(MAKE) --no-print-directory wasm >&2
	@node tests/python/run.mjs $(FILE)

serve: site
	@node pkg-config/serve.mjs www/dist --port $(PORT)
