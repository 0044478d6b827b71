package daemon

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"minuted/parser/spell"
)

// Mistake is one thing that is wrong in a configuration file: where it stands
// and what would be right.
type Mistake struct {
	Line, Column int
	Key          string // teams[0].mailbox.port; empty: the file as a whole
	Text         string
}

// String returns the mistake as "LINE:COLUMN: KEY: TEXT", so that with the
// file's name and a colon before it editors jump to the place.
func (m Mistake) String() string {
	text := m.Text
	if m.Key != "" {
		text = m.Key + ": " + text
	}
	return fmt.Sprintf("%d:%d: %s", m.Line, m.Column, text)
}

// ConfigError is all that is wrong in a configuration file, in the order of the file.
type ConfigError struct{ Mistakes []Mistake }

// Error returns the mistakes, one a line.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

// reading is one reading of a file. The YAML package's own decoder stops at
// the first mistake and gives wrong values no place, so the tree is walked here.
type reading struct {
	mistakes []Mistake
	at       map[string]*token.Position // where each key that was given stands
	broken   bool                       // it is no YAML: nothing else was looked at
}

// readYAML reads a file onto a struct that holds the defaults.
func readYAML(src []byte, into any) *reading {
	r := &reading{at: map[string]*token.Position{"": {Line: 1, Column: 1}}}
	file, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return r
	}
	documents := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(documents) == 0 {
		r.broken = true
		r.wrong("", "the file is empty; config.example.yaml shows what it may say")
		return r
	}
	if len(documents) > 1 {
		r.wrongAt(documents[1].Start.Position, "", `a second document begins here; only one is read: remove the "---" before it`)
	}
	r.read(documents[0].Body, "", reflect.ValueOf(into).Elem())
	return r
}

func (r *reading) syntax(err error) {
	r.broken = true
	if e, ok := errors.AsType[yaml.Error](err); ok && e.GetToken() != nil {
		r.wrongAt(e.GetToken().Position, "", "this is not YAML: %s", e.GetMessage())
		return
	}
	r.wrong("", "this is not YAML: %v", err)
}

// wrong notes a mistake at a key, or at the nearest one above it that the file
// has. The first mistake of a key is enough: others of it, and of what stands
// below it, follow from that one.
func (r *reading) wrong(key, format string, args ...any) {
	for at := key; at != ""; at = parent(at) {
		if slices.ContainsFunc(r.mistakes, func(m Mistake) bool { return m.Key == at }) {
			return
		}
	}
	at := key
	for r.at[at] == nil {
		at = parent(at)
	}
	r.wrongAt(r.at[at], key, format, args...)
}

// parent returns the key that a key stands under.
func parent(key string) string {
	return key[:max(0, strings.LastIndexAny(key, ".["))]
}

func (r *reading) wrongAt(at *token.Position, key, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{Line: at.Line, Column: at.Column, Key: key, Text: fmt.Sprintf(format, args...)})
}

func (r *reading) has(key string) bool { return r.at[key] != nil }

// err returns the mistakes in the order of the file, or nil where there are none.
func (r *reading) err() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &ConfigError{r.mistakes}
}

// read reads one value of the file.
func (r *reading) read(node ast.Node, key string, into reflect.Value) {
	if r.at[key] == nil {
		r.at[key] = node.GetToken().Position
	}
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		r.wrong(key, "anchors, aliases and tags of YAML are not read here; write the value out")
		return
	case *ast.NullNode:
		r.wrong(key, "has no value; give it one or leave the key out")
		return
	}
	if leaf, ok := leaves[into.Type()]; ok {
		r.scalar(node, key, into, leaf)
		return
	}
	if into.Kind() == reflect.Slice {
		r.list(node, key, into)
		return
	}
	r.mapping(node, key, into)
}

// scalar reads a single value by its leaf.
func (r *reading) scalar(node ast.Node, key string, into reflect.Value, leaf leaf) {
	text, ok := scalarText(node, leaf)
	if !ok {
		r.wrong(key, "%s stands here; right is %s", describe(node), leaf.want)
		return
	}
	value, err := leaf.read(text)
	if err != nil {
		r.wrong(key, "%v; right is %s", err, leaf.want)
		return
	}
	into.Set(reflect.ValueOf(value))
}

// scalarText returns the text of a single value, where it is of a kind that the leaf takes.
func scalarText(node ast.Node, leaf leaf) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, !leaf.bare
	case *ast.LiteralNode:
		return n.Value.Value, !leaf.bare
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, leaf.bare || leaf.unquoted
	}
	return "", false
}

// describe names what stands where something else was wanted.
func describe(node ast.Node) string {
	switch n := node.(type) {
	case ast.MapNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return fmt.Sprintf("the text %q", n.Value)
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return fmt.Sprintf("the bare value %s", n.GetToken().Value)
	}
	return "something else"
}

func (r *reading) list(node ast.Node, key string, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		r.wrong(key, "%s stands here; right is a list, each entry on a line of its own after a dash", describe(node))
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values)))
	for i, entry := range sequence.Values {
		into := into.Index(i)
		if d, ok := into.Addr().Interface().(interface{ setDefaults() }); ok {
			d.setDefaults()
		}
		r.read(entry, key+"["+strconv.Itoa(i)+"]", into)
	}
}

// mapping reads a group of keys onto a struct, or a short form of it.
func (r *reading) mapping(node ast.Node, key string, into reflect.Value) {
	short, hasShort := into.Addr().Interface().(interface{ fromText(string) error })
	if text, ok := node.(*ast.StringNode); ok && hasShort {
		if err := short.fromText(text.Value); err != nil {
			r.wrong(key, "%v", err)
		}
		return
	}
	group, ok := node.(ast.MapNode)
	if !ok {
		r.wrong(key, "%s stands here; right is a group of keys: %s", describe(node), strings.Join(keysOf(into.Type()), ", "))
		return
	}
	for entries := group.MapRange(); entries.Next(); {
		r.entry(entries.KeyValue(), key, into)
	}
}

// entry reads one key of a group.
func (r *reading) entry(entry *ast.MappingValueNode, group string, into reflect.Value) {
	name, at := entry.Key.GetToken().Value, entry.Key.GetToken().Position
	key := strings.TrimPrefix(group+"."+name, ".")
	if first := r.at[key]; first != nil {
		r.wrongAt(at, key, "stands twice; the first is in line %d: remove one", first.Line)
		return
	}
	r.at[key] = at
	fields := fieldsOf(into.Type())
	known := slices.IndexFunc(fields, func(f field) bool { return f.key == name })
	if known < 0 {
		r.wrong(key, "%s", unknownKey(name, into.Type()))
		return
	}
	r.read(entry.Value, key, into.FieldByIndex(fields[known].index))
}

// unknownKey says what is right instead of a key that there is not.
func unknownKey(name string, in reflect.Type) string {
	if name == "password" {
		return "no such key: passwords never stand in this file; name the file that holds it with password_file"
	}
	keys := keysOf(in)
	if guess, ok := spell.Nearest(strings.ToLower(name), keys); ok {
		return fmt.Sprintf("no such key; did you mean %s?", guess)
	}
	if homes := groupsWith(name, "", reflect.TypeFor[Config]()); len(homes) > 0 {
		return "no such key; it belongs under " + strings.Join(homes, " or ")
	}
	return "no such key; the keys here are " + strings.Join(keys, ", ")
}

// groupsWith returns the groups below one that have a key of this name.
func groupsWith(name, path string, group reflect.Type) []string {
	var homes []string
	for _, f := range fieldsOf(group) {
		if f.key == name {
			homes = append(homes, cmp.Or(path, "the top, without indentation"))
		}
		below, key := group.FieldByIndex(f.index).Type, strings.TrimPrefix(path+"."+f.key, ".")
		if below.Kind() == reflect.Slice {
			below, key = below.Elem(), key+"[]"
		}
		if _, single := leaves[below]; !single && below.Kind() == reflect.Struct {
			homes = append(homes, groupsWith(name, key, below)...)
		}
	}
	return homes
}

// keysOf returns the keys of a group in the order of its struct.
func keysOf(t reflect.Type) []string {
	var keys []string
	for _, field := range fieldsOf(t) {
		keys = append(keys, field.key)
	}
	return keys
}

// field is a key of a group and where in its struct the value goes.
type field struct {
	key   string
	index []int
}

// fieldsOf returns the keys of a group; those of an inline struct stand among them.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for f := range t.Fields() {
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key != "" {
			fields = append(fields, field{key, f.Index})
		}
		if option != "inline" {
			continue
		}
		for _, inner := range fieldsOf(f.Type) {
			fields = append(fields, field{inner.key, slices.Concat(f.Index, inner.index)})
		}
	}
	return fields
}
