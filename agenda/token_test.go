package agenda

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"
)

// With -race it takes some ten seconds; less will do there.
var mutations = flag.Int("mutations", 1_000_000, "how many mutated tokens to try")

func TestOfMutatedTokensNoneIsAccepted(t *testing.T) {
	team := architecture(t)
	at := instant(t, "2017-01-30 18:00")
	card := Card{Person: "shaun", Letter: "minutes.20170130.1.shaun", Expires: at.Add(Answerable)}
	good := team.sign(0, card.Person, card.Letter, card.Expires)
	chance := rand.New(rand.NewPCG(1, 2)) // the same ones in every run
	for range *mutations {
		kind := chance.IntN(len(mutate))
		if other := mutate[kind](chance, good); other != good && team.verify(other, card, at) {
			t.Fatalf("%q counts as %q", other, good)
		}
	}
	if !team.verify(good, card, at) {
		t.Fatal("the token itself does not count: nothing was tested")
	}
}

const tokenLetters = "abcdefghijklmnopqrstuvwxyz234567"

// mutate are the ways in which a token is changed: what guessing, cutting,
// quoting and mail programs can do to it.
var mutate = []func(*rand.Rand, string) string{
	func(c *rand.Rand, s string) string { return change(c, s, tokenLetters, 1) },
	func(c *rand.Rand, s string) string { return change(c, s, tokenLetters, 1+c.IntN(8)) },
	func(c *rand.Rand, s string) string { return change(c, s, tokenLetters, 26) },
	func(c *rand.Rand, s string) string { return change(c, s, "ABCXYZ018=+/. \x00\xff", 1) },
	func(c *rand.Rand, s string) string { return s[:c.IntN(len(s))] },
	func(c *rand.Rand, s string) string { return s[1+c.IntN(len(s)-1):] },
	func(c *rand.Rand, s string) string { return s + string(tokenLetters[c.IntN(32)]) },
	func(c *rand.Rand, s string) string { i := 1 + c.IntN(len(s)-1); return s[i:] + s[:i] },
	func(c *rand.Rand, s string) string { return strings.ToUpper(s) },
	func(c *rand.Rand, s string) string { return strings.Repeat(s, 2) },
}

func change(c *rand.Rand, s, letters string, times int) string {
	out := []byte(s)
	for range times {
		out[c.IntN(len(out))] = letters[c.IntN(len(letters))]
	}
	return string(out)
}

// A comparison that ends at the first letter that differs tells, by its time, how
// many were right. hmac.Equal does not; whatever compares tokens must use it.
func TestTokensAreComparedInConstantTime(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "token.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"verify", "signed"} {
		if equal, other := comparisons(file, name); equal != 1 || other != 0 {
			t.Errorf("%s compares %d times by hmac.Equal and %d times otherwise, want once and never", name, equal, other)
		}
	}
}

// comparisons counts those of a function with hmac.Equal, and all others of
// anything but nil: operators and functions whose name speaks of it.
func comparisons(file *ast.File, function string) (constant, other int) {
	ast.Inspect(file, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if ok {
			return f.Name.Name == function
		}
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if right, isName := n.Y.(*ast.Ident); (n.Op == token.EQL || n.Op == token.NEQ) && !(isName && right.Name == "nil") {
				other++
			}
		case *ast.SelectorExpr:
			pack, _ := n.X.(*ast.Ident)
			switch {
			case pack != nil && pack.Name == "hmac" && n.Sel.Name == "Equal":
				constant++
			case strings.Contains(n.Sel.Name, "Equal"), strings.Contains(n.Sel.Name, "Compare"):
				other++
			}
		}
		return true
	})
	return constant, other
}

func TestATokenHas128BitsOfAKeyedHash(t *testing.T) {
	team := architecture(t)
	at := instant(t, "2017-01-30 18:00")
	raw, err := tokenText.DecodeString(team.sign(0, "shaun", "x", at))
	if err != nil || len(raw)*8 < 128 {
		t.Fatalf("a token of %d bits, %v", len(raw)*8, err)
	}
	other := team
	other.Keys = [][]byte{bytes.Repeat([]byte("z"), 32)}
	if team.sign(0, "shaun", "x", at) == other.sign(0, "shaun", "x", at) {
		t.Error("the key does not matter")
	}
	for name, moved := range map[string]string{
		"fields run together": team.sign(0, "shau", "nx", at),
		"another team":        func() string { o := team; o.Slug = "devices"; return o.sign(0, "shaun", "x", at) }(),
	} {
		if moved == team.sign(0, "shaun", "x", at) {
			t.Errorf("%s: the same token", name)
		}
	}
}
