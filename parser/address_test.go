package parser

import (
	"slices"
	"testing"
)

func TestAddressesAreReadFromBrokenLists(t *testing.T) {
	for name, c := range map[string]struct {
		value string
		want  []Address
	}{
		"by the rules":               {`Jo Doe <jo@x.example>, eve@x.example`, []Address{{"Jo Doe", "jo@x.example", true}, {"", "eve@x.example", true}}},
		"an encoded name":            {`=?utf-8?Q?J=C3=B6rg?= <j@x.example>`, []Address{{"Jörg", "j@x.example", true}}},
		"a group counts for nothing": {`team: jo@x.example, eve@x.example;`, []Address{{"", "jo@x.example", false}, {"", "eve@x.example", false}}},
		"an empty group":             {`undisclosed-recipients:;`, nil},
		"a comma in a bare name":     {`Doe, Jo <jo@x.example>`, []Address{{"Doe, Jo", "jo@x.example", false}}},
		"semicolons of Outlook":      {`jo@x.example; eve@x.example`, []Address{{"", "jo@x.example", false}, {"", "eve@x.example", false}}},
		"a missing comma":            {`Jo <jo@x.example> Eve <eve@x.example>`, []Address{{"Jo", "jo@x.example", false}, {"Eve", "eve@x.example", false}}},
		"brackets in a name":         {`[Bot] <bot@x.example>`, []Address{{"[Bot]", "bot@x.example", false}}},
		"an address for a name":      {`jo@x.example <jo@x.example>`, []Address{{"jo@x.example", "jo@x.example", false}}},
		"two dots, as phones wrote":  {`jo..d@docomo.example`, []Address{{"", "jo..d@docomo.example", false}}},
		"raw bytes in a name":        {"J\xf6rg <j@x.example>", []Address{{"Jörg", "j@x.example", false}}},
		"an unknown charset":         {`=?x-none?Q?Jo?= <j@x.example>`, []Address{{"Jo", "j@x.example", false}}},
		"a comma inside a word":      {`=?utf-8?Q?Doe,_Jo?= <jo@x.example>`, []Address{{"Doe, Jo", "jo@x.example", false}}},
		"words inside quotes":        {`"=?utf-8?Q?J=C3=B6rg?=" <j@x.example>`, []Address{{"Jörg", "j@x.example", true}}},
		"quotes inside quotes":       {`"'Jo Doe'" <jo@x.example>`, []Address{{"Jo Doe", "jo@x.example", true}}},
		"no end":                     {`Jo <jo@x.example`, []Address{{"Jo", "jo@x.example", false}}},
		"a comment for a name":       {`jo@x.example (Jo Doe)`, []Address{{"Jo Doe", "jo@x.example", true}}},
		"comments in an address":     {`Jo(a \) b) <jo(my account)@x.example(host)>`, []Address{{"Jo", "jo@x.example", false}}},
		"one bad entry of three":     {`jo@x.example, <>, eve@x.example`, []Address{{"", "jo@x.example", false}, {"", "eve@x.example", false}}},
		"letters beyond ASCII":       {`jö@x.example`, []Address{{"", "jö@x.example", false}}},
		"nothing":                    {``, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := Header{{Name: "To", Value: c.value}}
			if got := h.addresses("To", nil); !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestSeveralFromsAreCounted(t *testing.T) {
	for raw, want := range map[string]int{
		"From: jo@x.example\n\n":                            1,
		"From: jo@x.example, eve@x.example\n\n":             2,
		"From: jo@x.example\nFrom: eve@x.example\n\n":       2,
		"Subject: none\n\n":                                 0,
		"From: Jo <jo@x.example> <eve@x.example>\n\nText\n": 2,
	} {
		if m := Parse([]byte(raw), Options{}); m.Froms != want {
			t.Errorf("%q has %d, want %d", raw, m.Froms, want)
		}
	}
}

func TestWhereAMailWasDeliveredIsKept(t *testing.T) {
	m := Parse([]byte("Delivered-To: team+tok@x.example\nX-Original-To: team@x.example\nTo: list@y.example\n\n"), Options{})
	if want := []string{"team+tok@x.example", "team@x.example"}; !slices.Equal(m.Delivered, want) {
		t.Errorf("%v", m.Delivered)
	}
}
