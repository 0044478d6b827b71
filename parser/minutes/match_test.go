package minutes

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func texts(list ...string) []Action {
	var out []Action
	for _, text := range list {
		text, owner, _ := strings.Cut(text, " | ")
		a := Action{Text: text}
		if owner != "" {
			a.Owners = []string{owner}
		}
		out = append(out, a)
	}
	return out
}

func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		old, new []Action
		want     []Pair
	}{
		"the_same_again": {texts("a b", "c d"), texts("a b", "c d"), []Pair{{0, 0}, {1, 1}}},
		"changed_order_keeps_ids": {texts("write the spec", "read the draft"), texts("read the draft", "write the spec"),
			[]Pair{{1, 0}, {0, 1}}},
		"punctuation_and_case_do_not_count": {texts("Write the `spec`."), texts("write the spec"), []Pair{{0, 0}}},
		"an_edit_keeps_the_id": {texts("write a spec for the new updater", "call the bank"), texts("write and publish a spec for the new updater", "call the bank"),
			[]Pair{{0, 0}, {1, 1}}},
		"one_added_one_removed": {texts("write the spec", "call the bank"), texts("write the spec", "order new laptops"),
			[]Pair{{0, 0}, {-1, 1}, {1, -1}}},
		"rewritten_in_its_place": {texts("write the spec", "look into the logs", "call the bank"), texts("write the spec", "find out who fills the logs", "call the bank"),
			[]Pair{{0, 0}, {1, 1}, {2, 2}}},
		"the_same_text_twice_in_order": {texts("create a spec", "create a spec"), texts("create a spec", "create a spec"), []Pair{{0, 0}, {1, 1}}},
		"owners_tell_twins_apart": {texts("write the spec of A | Kim", "write the spec of B | Lee"), texts("write a spec of it | Lee", "write a spec of it | Kim"),
			[]Pair{{1, 0}, {0, 1}}},
		"all_gone": {texts("a", "b"), nil, []Pair{{0, -1}, {1, -1}}},
		"all_new":  {nil, texts("a"), []Pair{{-1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Match(c.old, c.new); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// Each action stands in exactly one pair, whatever the lists.
func TestMatch_loses_and_doubles_nothing(t *testing.T) {
	list := rapid.SliceOfN(rapid.SampledFrom([]string{"write a spec", "write the spec", "call the bank", "call a bank now", "order laptops", ""}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		old, new := texts(list.Draw(t, "old")...), texts(list.Draw(t, "new")...)
		seenOld, seenNew := map[int]int{}, map[int]int{}
		for _, p := range Match(old, new) {
			seenOld[p.Old]++
			seenNew[p.New]++
		}
		for i := range old {
			if seenOld[i] != 1 {
				t.Fatalf("old %d stands in %d pairs", i, seenOld[i])
			}
		}
		for i := range new {
			if seenNew[i] != 1 {
				t.Fatalf("new %d stands in %d pairs", i, seenNew[i])
			}
		}
	})
}
