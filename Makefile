# Everything that a fresh machine needs to build, serve, test and train Undertone.
# Each target installs what is missing first and costs nothing the second time.

CARGO ?= cargo
TRUNK_VERSION := 0.21.14
# Must equal the version of wasm-bindgen in Cargo.lock.
BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)

AXE_VERSION := 4.14.1
PEERS := essentia.js@0.1.3 onnxruntime-web@1.30.0

WASM := wasm32-unknown-unknown
WORK ?= target/trainer
PORT ?= 8080
# The page's own sources: dist is built again only when one of them is newer.
PAGE := $(shell find src static tools index.html Trunk.toml Cargo.toml Cargo.lock .cargo -type f)
TRAINER := target/release/trainer

export PATH := $(HOME)/.cargo/bin:$(PATH)

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: serve
serve: dist/index.html ## Build the page and serve it on localhost (PORT=8080)
	trunk serve --release --port $(PORT) --no-autoreload

.PHONY: build
build: dist/index.html ## Build the page into dist/

.PHONY: test
test: test-native test-wasm ## Run every test: native, the page in a browser, WebAssembly

.PHONY: lint
lint: tools-wasm ## Check formatting, lints and the order of rooms; warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) run --locked --release -p walls
	$(CARGO) clippy --locked --release --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked --profile web --target $(WASM) -p undertone --bin worker -- -D warnings
	$(CARGO) clippy --locked --profile web --target $(WASM) -p undertone --no-default-features --features tagging --bin tagger -- -D warnings
	$(CARGO) clippy --locked --profile web --target $(WASM) -p undertone --no-default-features --bin app -- -D warnings

.PHONY: bench
bench: ## Measure the stages natively; in a browser too when FILES="a.wav b.mp3" is given
	$(CARGO) bench --locked -p undertone
	$(if $(FILES),$(MAKE) bench-page)

.PHONY: bench-page
bench-page: dist/index.html tools-browser
	$(CARGO) run --locked --release -p browser-tests --bin bench -- $(FILES)

.PHONY: bench-peers
bench-peers: dist/index.html tools-browser target/peers/node_modules ## Measure the page beside other programs from npm: FILES="song.wav"
	$(CARGO) run --locked --release -p browser-tests --bin peers -- $(FILES)

target/peers/node_modules: Makefile
	@command -v npm >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install -y npm; }
	npm install --no-audit --no-fund --prefix target/peers $(PEERS)
	@touch $@

models: BODY = $(addprefix --body ,$(wildcard $(DATA)/teacher/ced_tiny.onnx))
.PHONY: models
models: $(TRAINER) tools-midi ## Train both judges on DATA=dir and write static/models (hours)
	$(if $(DATA),,$(error give the folder of the labelled music: make models DATA=dir))
	$(TRAINER) import --work $(WORK) $(if $(wildcard $(DATA)/music.csv),--data $(DATA)/music.csv) \
		$(if $(wildcard $(DATA)/emopia/labels.csv),--data $(DATA)/emopia/labels.csv --arrangements 1) \
		$(if $(wildcard $(DATA)/songs.csv),--data $(DATA)/songs.csv) \
		$(if $(wildcard $(DATA)/sad),--data $(DATA))
	$(TRAINER) features --work $(WORK)
	$(TRAINER) hear --work $(WORK) $(BODY)
	$(if $(and $(wildcard $(DATA)/music.csv),$(wildcard $(DATA)/teacher/scores.csv)),$(TRAINER) train features --work $(WORK) \
		--scores $(DATA)/teacher/scores.csv)
	$(TRAINER) train ensemble --work $(WORK)
	$(TRAINER) train network --work $(WORK)
	$(TRAINER) evaluate --work $(WORK)
	$(TRAINER) export --work $(WORK)
	$(TRAINER) verify --update

# The whole workspace in one call: another selection of packages would build the
# training backend once more. The browser tests need the page and the trainer.
.PHONY: test-native
test-native: dist/index.html tools-browser tools-midi
	$(CARGO) test --locked --release --workspace
	$(TRAINER) verify

# Not part of `test`: half an hour.
.PHONY: fuzz
fuzz: dist/index.html tools-browser $(TRAINER) ## Judge 10,000 broken songs natively, and 2,000 on the page
	$(CARGO) run --locked --release --workspace --bin broken -- trainer 10000
	$(CARGO) run --locked --release --workspace --bin broken -- page 2000
	BOLERO_RANDOM_ITERATIONS=10000 $(CARGO) test --locked --release --workspace --test targets
	BOLERO_RANDOM_ITERATIONS=10000 $(CARGO) test --locked --release --workspace --lib -- broken

# Not part of `test`: it needs Node's package manager.
.PHONY: test-axe
test-axe: dist/index.html tools-browser target/axe/node_modules/axe-core/axe.min.js ## Run axe-core on every view of the page
	$(CARGO) test --locked --release -p browser-tests --test page -- --ignored axe

target/axe/node_modules/axe-core/axe.min.js:
	@command -v npm >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install -y npm; }
	npm install --no-audit --no-fund --prefix target/axe axe-core@$(AXE_VERSION)

# Not part of `test`: it needs Python's package manager.
.PHONY: test-tools
test-tools: $(TRAINER) tools-ffmpeg target/python/bin/pytest ## Open results in pandas, Polars, DuckDB, mutagen, beets and Ray
	target/python/bin/pytest -q tests/tools

target/python/bin/pytest: tests/tools/requirements.txt
	python3 -m venv target/python
	target/python/bin/pip install -q -r $<
	@touch $@

.PHONY: tools-ffmpeg
tools-ffmpeg:
	@command -v ffprobe >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install -y ffmpeg; }

# What does not depend on Chromium: another engine decodes, plays and stores otherwise.
ENGINE_TESTS := accessibility bad_files features formats language module queue reasons song::

# Not part of `test`: the other engines have their own gaps; see docs/formats.md.
.PHONY: test-engines
test-engines: dist/index.html tools-engines ## Run the page's tests in Firefox and WebKit
	UNDERTONE_BROWSER=firefox $(CARGO) test --locked --release -p browser-tests --test page --no-fail-fast -- $(ENGINE_TESTS)
	UNDERTONE_BROWSER=webkit xvfb-run -a $(CARGO) test --locked --release -p browser-tests --test page --no-fail-fast -- $(ENGINE_TESTS)

.PHONY: tools-engines
tools-engines:
	@command -v firefox-esr >/dev/null && command -v WebKitWebDriver >/dev/null && command -v xvfb-run >/dev/null \
		&& command -v pulseaudio >/dev/null && [ -f /usr/share/i18n/locales/zh_CN ] \
		|| { $(SUDO) apt-get update && $(SUDO) apt-get install -y firefox-esr webkit2gtk-driver xvfb pulseaudio locales; }
	@command -v geckodriver >/dev/null || $(CARGO) install geckodriver --locked

.PHONY: test-wasm
test-wasm: tools-wasm tools-browser
	WASM_BINDGEN_TEST_TIMEOUT=300 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner CHROMEDRIVER=$$(command -v chromedriver) \
		$(CARGO) test --locked --profile web --target $(WASM) -p undertone --test numeric

dist/index.html: $(PAGE) | tools-wasm
	$(CARGO) fetch --locked
	trunk build --release
	@touch $@

.PHONY: $(TRAINER)
$(TRAINER):
	$(CARGO) build --locked --release --workspace

# Trunk fetches its helpers itself where the network lets it; here they are built, so
# that only the registry of crates is needed. wasm-bindgen-cli is built without its
# lock file: the locked one does not build with every compiler.
.PHONY: tools-wasm
tools-wasm:
	@rustup target list --installed | grep -qx $(WASM) || rustup target add $(WASM)
	@[ "$$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(BINDGEN_VERSION)" ] \
		|| $(CARGO) install wasm-bindgen-cli@$(BINDGEN_VERSION) --force
	@[ "$$(trunk --version 2>/dev/null)" = "trunk $(TRUNK_VERSION)" ] \
		|| $(CARGO) install trunk@$(TRUNK_VERSION) --locked --force

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: tools-browser
tools-browser:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null \
		|| { $(SUDO) apt-get update && $(SUDO) apt-get install -y chromium chromium-driver; }

.PHONY: tools-midi
tools-midi:
	@command -v fluidsynth >/dev/null && [ -f /usr/share/sounds/sf2/TimGM6mb.sf2 ] \
		|| { $(SUDO) apt-get update && $(SUDO) apt-get install -y fluidsynth timgm6mb-soundfont; }
