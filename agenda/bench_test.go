package agenda

import (
	"fmt"
	"testing"
	"time"

	"minuted/parser"
)

// A full mailbox is read at once: each mail costs the same, however many items
// there are by then.
func BenchmarkCatchUp(b *testing.B) {
	team := architecture(b)
	book, err := Open(team, nil)
	if err != nil {
		b.Fatal(err)
	}
	at := instant(b, "2017-01-30 10:00")
	book.Begin(at)
	for i := range b.N {
		at = at.Add(2 * time.Minute)
		m := parser.Mail{
			Kind: parser.ItemKind, Class: parser.Human, Tags: []string{"architecture"}, Title: fmt.Sprint("Topic ", i), MessageID: fmt.Sprint(i, "@x"),
			From: &parser.Address{Address: "shaun@example.com", Exact: true}, Froms: 1, MayAnswer: true,
		}
		book.Needs(m)
		for {
			if _, due := book.Fire(at); !due {
				break
			}
		}
		book.Apply(Incoming{Mail: m, Arrived: at, UID: uint32(i)})
		book.Changes()
		if i%64 == 0 {
			book.Trim()
		}
	}
}
