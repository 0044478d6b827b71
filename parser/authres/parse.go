package authres

import (
	"errors"
	"strings"
)

// header is one Authentication-Results header (RFC 8601 section 2.2).
type header struct {
	id      string // authserv-id in lower case; "" where Exchange leaves it out
	results []result
}

// name is what the header is called in words for people.
func (h header) name() string {
	if h.id == "" {
		return "a header without an id"
	}
	return h.id
}

// result is one method with its verdict, both in lower case.
type result struct {
	method, value string
	properties    []Field // names in lower case: header.from, smtp.mailfrom
}

func (r result) property(name string) string {
	for _, p := range r.properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// parse reads a header by the grammar of RFC 8601, with the comments and
// quoted strings of RFC 5322. It allows what providers really write: no
// authserv-id (Exchange), a semicolon at the end (Yahoo), nothing behind the
// id (Zoho), properties without a type ("action=none"), and unquoted values
// with a slash or a plus (parts of signatures).
//
// Comments repeat what the sender gave as its address, quotes included. A
// comment with an odd number of quotes was closed by the sender's own
// parenthesis, and what follows it is the sender's; so it is unreadable.
func parse(value string) (header, error) {
	r := &reader{text: value}
	h, err := r.header()
	if err != nil {
		return header{}, err
	}
	return h, nil
}

type reader struct {
	text string
	at   int
}

var (
	errComment   = errors.New("a comment does not end")
	errQuotes    = errors.New("a comment holds half of a quoted string")
	errQuoted    = errors.New("a quoted string does not end")
	errControl   = errors.New("it holds a control character")
	errID        = errors.New("it has no authserv-id")
	errVersion   = errors.New("it is of a version that is not known")
	errMethod    = errors.New("a result is not of the form method=result")
	errProperty  = errors.New("a property is not of the form name=value")
	errTwice     = errors.New("a property stands there twice with different values")
	errSemicolon = errors.New("results are not separated by semicolons")
)

func (r *reader) header() (header, error) {
	h, err := r.authservID()
	if err != nil {
		return h, err
	}
	for r.at < len(r.text) {
		res, err := r.result()
		if err != nil {
			return h, err
		}
		if res.method != "" {
			h.results = append(h.results, res)
		}
		if r.at < len(r.text) && !r.take(';') {
			return h, errSemicolon
		}
	}
	return h, nil
}

// authservID reads "mx.example 1;". Where the first word is followed by "="
// it is a result, and there is no id.
func (r *reader) authservID() (header, error) {
	if err := r.blanks(); err != nil {
		return header{}, err
	}
	start := r.at
	id, err := r.word(idStops)
	if err != nil {
		return header{}, err
	}
	if id == "" {
		return header{}, errID
	}
	if err := r.blanks(); err != nil {
		return header{}, err
	}
	if r.peek() == '=' {
		r.at = start
		return header{}, nil
	}
	if err := r.version(); err != nil {
		return header{}, err
	}
	if r.at < len(r.text) && !r.take(';') {
		return header{}, errID
	}
	return header{id: strings.ToLower(id)}, nil
}

// version reads the optional number behind the id. What another version means nobody
// can know (RFC 8601 section 2.2).
func (r *reader) version() error {
	start := r.at
	for '0' <= r.peek() && r.peek() <= '9' {
		r.at++
	}
	if v := r.text[start:r.at]; v != "" && v != "1" {
		return errVersion
	}
	return r.blanks()
}

// result reads one "method/version=value reason=… ptype.property=value …".
// Nothing, or the word none, gives a result without a method.
func (r *reader) result() (result, error) {
	if err := r.blanks(); err != nil {
		return result{}, err
	}
	method := strings.ToLower(r.token())
	if r.take('/') && r.token() != "1" {
		return result{}, errVersion
	}
	if err := r.blanks(); err != nil {
		return result{}, err
	}
	if method == "" || method == "none" && r.peek() != '=' {
		return result{}, nil
	}
	if !r.take('=') {
		return result{}, errMethod
	}
	if err := r.blanks(); err != nil {
		return result{}, err
	}
	res := result{method: method, value: strings.ToLower(r.token())}
	if res.value == "" {
		return result{}, errMethod
	}
	return res, r.properties(&res)
}

func (r *reader) properties(res *result) error {
	for {
		if err := r.blanks(); err != nil {
			return err
		}
		if r.at == len(r.text) || r.peek() == ';' {
			return nil
		}
		p, err := r.oneProperty()
		if err != nil {
			return err
		}
		if have := res.property(p.Name); have != "" && have != p.Value {
			return errTwice
		}
		res.properties = append(res.properties, p)
	}
}

func (r *reader) oneProperty() (Field, error) {
	name := strings.ToLower(r.token())
	if err := r.blanks(); err != nil {
		return Field{}, err
	}
	if name == "" || !r.take('=') {
		return Field{}, errProperty
	}
	if err := r.blanks(); err != nil {
		return Field{}, err
	}
	value, err := r.word(valueStops)
	return Field{Name: name, Value: value}, err
}

// blanks passes over white space and comments (CFWS of RFC 5322 section
// 3.2.2).
func (r *reader) blanks() error {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == ' ' || c == '\t':
			r.at++
		case c == '(':
			if err := r.comment(); err != nil {
				return err
			}
		case c < ' ' || c == 0x7f:
			return errControl
		default:
			return nil
		}
	}
	return nil
}

// comment passes over a comment with those inside it.
func (r *reader) comment() error {
	depth, quotes := 0, 0
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '\\':
			r.at++
		case c == '"':
			quotes++
		case c < ' ' && c != '\t' || c == 0x7f:
			return errControl
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth > 0 {
				continue
			}
			r.at++
			if quotes%2 != 0 {
				return errQuotes
			}
			return nil
		}
	}
	return errComment
}

// word reads a run of plain characters and quoted strings without blanks
// between them, such as "a b"@c.example, up to one of the stops.
func (r *reader) word(stops string) (string, error) {
	var b strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case c == '"':
			if err := r.quoted(&b); err != nil {
				return "", err
			}
			continue
		case c <= ' ' || c == 0x7f || strings.IndexByte(stops, c) >= 0:
			return b.String(), nil
		}
		b.WriteByte(c)
		r.at++
	}
	return b.String(), nil
}

// The ends of a word: an id ends at "=", a value may hold one
// (smtp.mailfrom=news+jo=a.example@b.example).
const (
	idStops    = `;()\=`
	valueStops = `;()\`
)

// quoted reads a quoted string, its quotes left out.
func (r *reader) quoted(b *strings.Builder) error {
	for r.at++; r.at < len(r.text); r.at++ {
		c := r.text[r.at]
		if c == '"' {
			r.at++
			return nil
		}
		if c == '\\' && r.at+1 < len(r.text) {
			r.at++
			c = r.text[r.at]
		}
		if c < ' ' && c != '\t' || c == 0x7f {
			return errControl
		}
		b.WriteByte(c)
	}
	return errQuoted
}

// token reads a token of RFC 2045 section 5.1, which a method, a verdict and
// the name of a property are.
func (r *reader) token() string {
	start := r.at
	for r.at < len(r.text) {
		c := r.text[r.at]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?=`, c) >= 0 {
			break
		}
		r.at++
	}
	return r.text[start:r.at]
}

func (r *reader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) take(c byte) bool {
	if r.peek() != c || r.at == len(r.text) {
		return false
	}
	r.at++
	return true
}
