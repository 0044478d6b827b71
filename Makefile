# The verbs of working on minuted. `make check` is quick enough for each commit.

GO ?= go
PREFIX ?= /usr/local

# Pure Go: names are resolved without libc, which would ask for sockets that
# the unit does not allow.
build: export CGO_ENABLED = 0
build:
	$(GO) build -trimpath -o minuted .

test:
	$(GO) test ./...

# What CI runs, too: format, vet, the linter, and the test that keeps the
# directions between packages.
check:
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "gofmt -w $$files"; exit 1; }
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	$(GO) test -run 'Import' .

# Each fuzz target for half a minute; findings are kept under its testdata/fuzz.
fuzz:
	bash .ci/fuzz 30s

# Every letter of the demo and of a story of three weeks with ten people, as .eml
# for mail programs, .html for browsers, .txt to read; where chromium is, each is
# measured, and drawn too: light, dark, unstyled, in large type, as Word shows it, on paper.
STORY ?= three_weeks_of_ten
letters: export MINUTED_LETTERS = $(CURDIR)/letters-out/stories
letters:
	$(GO) run . demo --keep letters-out
	@mkdir -p letters-out/pictures
	$(GO) test -count=1 -run 'TestStories/$(STORY)' ./daemon
	MINUTED_PICTURES="$(CURDIR)/letters-out/pictures" $(GO) test -count=1 -timeout 40m -run InABrowser ./digest

install: build
	install -Dm755 minuted $(DESTDIR)$(PREFIX)/bin/minuted
	install -Dm644 systemd/minuted.service $(DESTDIR)$(PREFIX)/lib/systemd/system/minuted.service
	install -Dm644 systemd/minuted.acl $(DESTDIR)$(PREFIX)/share/doc/minuted/minuted.acl
	install -Dm644 config.example.yaml $(DESTDIR)$(PREFIX)/share/doc/minuted/config.example.yaml
	install -Dm644 README.md $(DESTDIR)$(PREFIX)/share/doc/minuted/README.md

.PHONY: build test check fuzz letters install
