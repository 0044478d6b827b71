package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// rank is the order in which packages may import each other: from a higher one
// to a lower one (DESIGN, The house). Those of one rank do not know each other.
var rank = map[string]int{
	"":       9,
	"cli":    8,
	"daemon": 6, "cli/demo": 7,
	"cli/demo/servers": 1,
	"daemon/mailbox":   5, "daemon/store": 5, "daemon/outbox": 5,
	"digest": 4, "templates": 3,
	"agenda": 3,
	"parser": 2, "parser/authres": 1, "parser/minutes": 1, "parser/when": 0, "parser/spell": -1,
	"systemd": 0, "bench/mails": 0, "bench/weekly": 7,
}

// pure packages know no network, disk, clock, chance or environment.
var pure = []string{"agenda", "digest", "parser", "parser/authres", "parser/minutes", "parser/when", "parser/spell"}

// world is what a pure package must not import.
var world = []string{"net", "net/http", "os", "os/exec", "math/rand", "math/rand/v2", "crypto/rand", "syscall", "io/ioutil", "log", "log/slog"}

func TestImportsRunOneWay(t *testing.T) {
	for from, imports := range importsOf(t) {
		if _, known := rank[from]; !known {
			t.Errorf("package %q has no rank: where does it stand in the house?", from)
		}
		for _, to := range imports {
			inside, ok := strings.CutPrefix(to, "minuted/")
			if ok && rank[inside] >= rank[from] {
				t.Errorf("%s imports %s: imports run one way", from, inside)
			}
		}
	}
}

func TestPurePackagesKnowNoWorld(t *testing.T) {
	imports := importsOf(t)
	for _, name := range pure {
		for _, to := range imports[name] {
			for _, w := range world {
				if to == w {
					t.Errorf("%s imports %s: it is handed what it needs", name, to)
				}
			}
		}
	}
}

// importsOf reads the import lines of each package, without its tests.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(filepath.Dir(path))
		if name == "." {
			name = ""
		}
		imports[name] = append(imports[name], []string{}...)
		for _, i := range file.Imports {
			imports[name] = append(imports[name], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil || len(imports) < 10 {
		t.Fatalf("%d packages, %v", len(imports), err)
	}
	return imports
}
