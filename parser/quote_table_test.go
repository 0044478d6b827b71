package parser

import "testing"

// A word that stands twice is a line that somebody will forget to change.
func TestTablesNameEachWordOnce(t *testing.T) {
	for _, name := range []string{"attributions", "headers", "separators", "signatures", "subjects", "zones"} {
		seen := map[[3]string]bool{}
		for _, e := range readTable(name) {
			if e.clients == "" || len(e.lang) != 2 {
				t.Errorf("%s: %q names no language or client", name, e.words)
			}
			for _, words := range e.words {
				key := [3]string{e.kind, e.lang, lower(words)}
				if words == "" || seen[key] {
					t.Errorf("%s: %q stands twice", name, key)
				}
				seen[key] = true
			}
		}
	}
}
