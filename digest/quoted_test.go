package digest

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestQuotedPrintableIsTheLibrarys(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "words and ", " ", "\t", "=", "\n", " \n", "é", "山", "\xff", "\x00", "\r\n", "\r", "~", "!", strings.Repeat("x", 73), strings.Repeat("y", 76), "=3D"}
	for range 50_000 {
		var b strings.Builder
		for range chance.IntN(20) {
			b.WriteString(pieces[chance.IntN(len(pieces))])
		}
		text := b.String()
		if got, want := string(appendQuoted(nil, text)), string(appendQuotedByLibrary(nil, text)); got != want {
			t.Fatalf("%q became %q, want %q", text, got, want)
		}
	}
}
