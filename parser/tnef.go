package parser

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
)

// tnef is what Outlook hides in a winmail.dat (MS-OXTNEF): the files, and the
// text, of which the mail itself may have none.
type tnef struct {
	files   []tnefFile
	plain   string
	html    string
	rtf     []byte
	charset string // of strings that are not UTF-16
}

// tnefFile is a file in a winmail.dat.
type tnefFile struct {
	name, kind string
	data       []byte
}

// Bounds of a winmail.dat. Each of its attributes is visited once.
const (
	maxTNEFFiles      = maxParts
	maxTNEFProperties = 5000 // in one attribute
)

// isTNEF knows a winmail.dat by its type or by its name.
func (p *part) isTNEF() bool {
	return p.mediaType == "application/ms-tnef" || p.mediaType == "application/vnd.ms-tnef" ||
		strings.EqualFold(p.filename, "winmail.dat") || strings.EqualFold(p.filename, "win.dat")
}

// tnef returns what a winmail.dat holds, nil for other parts.
func (p *part) tnef() *tnef {
	if p.winmail == nil && p.isTNEF() {
		p.winmail = readTNEF(p.body)
	}
	return p.winmail
}

// The attributes that are read (MS-OXTNEF section 2.1.3), without their type.
const (
	tnefSignature = 0x223e9f78

	attBody           = 0x800c
	attAttachData     = 0x800f
	attAttachTitle    = 0x8010
	attAttachRendData = 0x9002 // begins a file
	attMessageProps   = 0x9003
	attAttachment     = 0x9005 // properties of a file
	attOEMCodepage    = 0x9007
)

// readTNEF reads as much of a winmail.dat as is whole, nil where it is none.
func readTNEF(b []byte) *tnef {
	const head = 6 // signature and key
	if len(b) < head || binary.LittleEndian.Uint32(b) != tnefSignature {
		return nil
	}
	t := &tnef{charset: "windows-1252"}
	for b = b[head:]; len(b) > 9; {
		id := binary.LittleEndian.Uint16(b[1:])
		size := int64(binary.LittleEndian.Uint32(b[5:]))
		b = b[9:]
		if size > int64(len(b)) {
			break // cut off
		}
		t.attribute(id, b[:size])
		b = b[min(int(size)+2, len(b)):] // a checksum follows
	}
	return t
}

func (t *tnef) attribute(id uint16, data []byte) {
	switch id {
	case attOEMCodepage:
		if len(data) >= 4 {
			t.charset = codePage(binary.LittleEndian.Uint32(data))
		}
	case attBody:
		t.plain = t.text8(data)
	case attMessageProps:
		eachProperty(data, t.messageProperty)
	case attAttachRendData:
		if len(t.files) < maxTNEFFiles {
			t.files = append(t.files, tnefFile{})
		}
	}
	if len(t.files) == 0 {
		return
	}
	file := &t.files[len(t.files)-1]
	switch id {
	case attAttachTitle:
		if file.name == "" {
			file.name = t.text8(data)
		}
	case attAttachData:
		file.data = data
	case attAttachment:
		eachProperty(data, func(p property) { t.fileProperty(file, p) })
	}
}

// The properties that are read (MS-OXPROPS).
const (
	propBody           = 0x1000
	propRTF            = 0x1009
	propHTML           = 0x1013
	propInternetCPID   = 0x3fde
	propDisplayName    = 0x3001
	propAttachData     = 0x3701
	propAttachName     = 0x3704 // 8.3
	propAttachLongName = 0x3707
	propAttachMIME     = 0x370e
)

func (t *tnef) messageProperty(p property) {
	switch p.id {
	case propInternetCPID:
		if p.kind == kindInt32 {
			t.charset = codePage(binary.LittleEndian.Uint32(p.value))
		}
	case propBody:
		t.plain = t.text(p)
	case propHTML:
		t.html = t.text(p)
	case propRTF:
		t.rtf = p.value
	}
}

func (t *tnef) fileProperty(file *tnefFile, p property) {
	switch p.id {
	case propAttachLongName:
		file.name = t.text(p)
	case propDisplayName, propAttachName:
		if file.name == "" {
			file.name = t.text(p)
		}
	case propAttachMIME:
		file.kind = strings.ToLower(t.text(p))
	case propAttachData:
		if file.data == nil {
			file.data = p.value
		}
	}
}

// text returns the value of a property that is text.
func (t *tnef) text(p property) string {
	if p.kind == kindUnicode {
		return utf16Text(p.value)
	}
	return t.text8(p.value)
}

func (t *tnef) text8(b []byte) string {
	b, _, _ = bytes.Cut(b[:min(len(b), maxText)], []byte{0})
	text, _ := toUTF8(b, t.charset)
	return text
}

func utf16Text(b []byte) string {
	units := make([]uint16, 0, min(len(b), maxText)/2)
	for ; len(b) > 1 && len(units) < maxText/2; b = b[2:] {
		unit := binary.LittleEndian.Uint16(b)
		if unit == 0 {
			break
		}
		units = append(units, unit)
	}
	return string(utf16.Decode(units))
}

// property is one value of a list of properties.
type property struct {
	id, kind uint16
	value    []byte
}

// The kinds of values that need to be told apart (MS-OXCDATA section 2.11.1).
const (
	kindInt32   = 0x0003
	kindObject  = 0x000d
	kindString  = 0x001e
	kindUnicode = 0x001f
	kindBinary  = 0x0102
	kindMany    = 0x1000 // several values
)

// fixedSizes are the sizes of values of fixed size, as padded.
var fixedSizes = map[uint16]int{
	0x0002: 4, kindInt32: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000a: 4, 0x000b: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16,
}

// eachProperty visits the properties of a list (MS-OXTNEF section 2.1.3.4) up
// to the first that is not whole. Of several values the first is given.
func eachProperty(b []byte, visit func(property)) {
	r := cursor{b}
	count := min(r.number(), maxTNEFProperties)
	for range count {
		head := r.take(4)
		if head == nil {
			return
		}
		p := property{kind: binary.LittleEndian.Uint16(head), id: binary.LittleEndian.Uint16(head[2:])}
		if p.id >= 0x8000 && !r.skipName() || !r.readValue(&p) {
			return
		}
		visit(p)
	}
}

// cursor reads little-endian fields one after the other. Past the end it
// gives nothing.
type cursor struct{ rest []byte }

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.rest = nil
		return nil
	}
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *cursor) number() int {
	b := c.take(4)
	if b == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b))
}

// padded takes n bytes, and those that fill them up to a multiple of four.
func (c *cursor) padded(n int) []byte {
	taken := c.take(n)
	if taken != nil {
		c.take(min(-n&3, len(c.rest)))
	}
	return taken
}

// skipName passes over the name of a named property.
func (c *cursor) skipName() bool {
	if c.take(16) == nil {
		return false
	}
	if c.number() == 0 {
		return c.take(4) != nil
	}
	return c.padded(c.number()) != nil
}

func (c *cursor) readValue(p *property) bool {
	kind, count := p.kind&^kindMany, 1
	many := p.kind&kindMany != 0
	size, fixed := fixedSizes[kind]
	switch {
	case fixed && !many:
		p.value = c.take(size)
		return p.value != nil
	case !fixed && kind != kindString && kind != kindUnicode && kind != kindBinary && kind != kindObject:
		return false
	}
	count = c.number()
	for i := range count {
		value := []byte(nil)
		if fixed {
			value = c.take(size)
		} else {
			value = c.padded(c.number())
		}
		if value == nil {
			return false
		}
		if i == 0 {
			p.value, p.kind = value, kind
		}
	}
	return true
}

// codePage names the charset that Windows gives a number.
func codePage(number uint32) string {
	switch {
	case number >= 1250 && number <= 1258:
		return "windows-" + strconv.Itoa(int(number))
	case number > 28590 && number < 28606:
		return "iso-8859-" + strconv.Itoa(int(number-28590))
	}
	return codePages[number]
}

var codePages = map[uint32]string{
	437: "ibm437", 850: "ibm850", 852: "ibm852", 866: "ibm866", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5",
	10000: "macintosh", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp",
	51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}

// body returns the text of a winmail.dat, and whether it is HTML.
func (t *tnef) body() (text string, isHTML bool) {
	switch {
	case strings.TrimSpace(t.plain) != "":
		return t.plain, false
	case strings.TrimSpace(t.html) != "":
		return t.html, true
	}
	return readRTF(unpackRTF(t.rtf), t.charset)
}
