package parser

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// The makers write a winmail.dat as Outlook does (MS-OXTNEF).

func makeTNEF(attributes ...[]byte) []byte {
	return append([]byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}, join(attributes)...)
}

func join(pieces [][]byte) (out []byte) {
	for _, p := range pieces {
		out = append(out, p...)
	}
	return out
}

func makeAttribute(level byte, id, kind uint16, data []byte) []byte {
	b := []byte{level}
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	sum := uint16(0)
	for _, c := range data {
		sum += uint16(c)
	}
	return binary.LittleEndian.AppendUint16(append(b, data...), sum)
}

func makeProperties(list ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(list))), join(list)...)
}

func makeProperty(id, kind uint16, value []byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, kind)
	b = binary.LittleEndian.AppendUint16(b, id)
	if _, fixed := fixedSizes[kind]; fixed {
		return append(b, value...)
	}
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	return append(b, append(value, make([]byte, -len(value)&3)...)...)
}

func makeNamed(value []byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, kindInt32)
	b = binary.LittleEndian.AppendUint16(b, 0x8001)
	b = append(b, make([]byte, 16)...)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, 6)
	return append(append(b, "a\x00b\x00\x00\x00\x00\x00"...), value...)
}

func unicodeBytes(s string) (b []byte) {
	for _, unit := range utf16.Encode([]rune(s + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

func plainRTF(s string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(s)+12))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	b = append(b, "MELA\x00\x00\x00\x00"...)
	return append(b, s...)
}

func winmail(data []byte) string {
	return "Content-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(data)
}

var (
	tnefFiles = [][]byte{
		makeAttribute(1, attOEMCodepage, 6, []byte{0xe4, 4, 0, 0, 0, 0, 0, 0}),
		makeAttribute(2, attAttachRendData, 6, make([]byte, 14)),
		makeAttribute(2, attAttachTitle, 1, []byte("MINUTE~1.MD\x00")),
		makeAttribute(2, attAttachData, 6, []byte("# Minutes\n")),
		makeAttribute(2, attAttachment, 6, makeProperties(
			makeNamed([]byte{1, 0, 0, 0}),
			makeProperty(propAttachLongName, kindUnicode, unicodeBytes("Minutes für alle.md")))),
		makeAttribute(2, attAttachRendData, 6, make([]byte, 14)),
		makeAttribute(2, attAttachTitle, 1, []byte("\xeft\xe9.pdf\x00")),
		makeAttribute(2, attAttachData, 6, []byte("%PDF")),
		makeAttribute(2, attAttachment, 6, makeProperties(makeProperty(propAttachMIME, kindString, []byte("Application/PDF\x00")))),
	}
	tnefPlain = makeAttribute(1, attMessageProps, 6, makeProperties(makeProperty(propBody, kindUnicode, unicodeBytes("A-17 done\r\n"))))
	tnefHTML  = makeAttribute(1, attMessageProps, 6, makeProperties(
		makeProperty(propInternetCPID, kindInt32, []byte{0xe9, 0xfd, 0, 0}), makeProperty(propHTML, kindBinary, []byte("<p>A-17 <b>done</b></p>"))))
	tnefRTF = makeAttribute(1, attMessageProps, 6, makeProperties(makeProperty(propRTF, kindBinary, plainRTF(rtfOfHTML))))
)

const rtfOfHTML = `{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}
{\*\htmltag18 <html>}{\*\htmltag50 <body>}\htmlrtf {\htmlrtf0
{\*\htmltag64 <p class="MsoNormal">}\htmlrtf \f0 {\htmlrtf0 A-17 done, caf\'e9 \u8364?5{\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 {\*\mhtmltag84 x}
{\*\htmltag72 </p>}\htmlrtf \par }\htmlrtf0
{\*\htmltag58 </body>}{\*\htmltag27 </html>}}}`

func TestFilesOfWinmailAreNamed(t *testing.T) {
	raw := multipartOf("mixed", "b", plainPart, winmail(makeTNEF(tnefFiles...)))
	bothLineEnds(t, "files", raw, func(t *testing.T, raw []byte) {
		m := Parse(raw, Options{})
		var names []string
		for _, a := range m.Attachments {
			names = append(names, a.Name+" "+a.Type)
		}
		if got := strings.Join(names, ", "); got != "winmail.dat application/ms-tnef, Minutes für alle.md application/octet-stream, ïté.pdf application/pdf" {
			t.Error(got)
		}
		if strings.TrimSpace(m.Text) != "plain words" || string(m.Attachments[1].Data) != "# Minutes\n" || m.Attachments[2].Data != nil || m.Attachments[2].Size != 4 {
			t.Errorf("%q %+v", m.Text, m.Attachments)
		}
	})
}

func TestTextOfWinmailIsReadWhereThereIsNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"plain":          {makeTNEF(tnefPlain), "A-17 done"},
		"HTML":           {makeTNEF(tnefHTML), "A-17 done"},
		"RTF":            {makeTNEF(tnefRTF), "A-17 done, café €5<"},
		"of the old way": {makeTNEF(makeAttribute(1, attBody, 2, []byte("A-17 done\r\n\x00"))), "A-17 done"},
		"cut off":        {makeTNEF(tnefPlain, tnefHTML[:40]), "A-17 done"},
		"none":           {makeTNEF(), ""},
		"no TNEF":        {[]byte("something else"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte("From: ann@example.org\nSubject: Re: A-17\n"+winmail(c.data)), Options{})
			if got := strings.TrimSpace(m.Text); got != c.want {
				t.Errorf("got %q, want %q: %v", got, c.want, m.Problems)
			}
			if strings.HasPrefix(c.want, "A-17 done") && len(m.Commands) != 1 {
				t.Errorf("commands %+v", m.Commands)
			}
		})
	}
	m := Parse([]byte(multipartOf("mixed", "b", plainPart, winmail(makeTNEF(tnefHTML)))), Options{})
	if strings.TrimSpace(m.Text) != "plain words" {
		t.Errorf("the mail's own text is believed: %q", m.Text)
	}
}

func TestManyWinmailsAreBounded(t *testing.T) {
	var files [][]byte
	for range maxTNEFFiles + 50 {
		files = append(files, makeAttribute(2, attAttachRendData, 6, nil))
	}
	many := slices.Repeat([]string{winmail(makeTNEF(files...))}, 50)
	m := Parse([]byte(multipartOf("mixed", "b", many...)), Options{})
	if len(m.Attachments) < maxFiles || len(m.Attachments) > maxFiles+len(many) {
		t.Errorf("%d attachments", len(m.Attachments))
	}
}

func TestRTFIsUnpackedAndRead(t *testing.T) {
	// The example of MS-OXRTFCP section 3.1.
	packed, err := hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232" + "0af32068656c090020627705b06c647d0a800fa0")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(unpackRTF(packed)); got != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("%q", got)
	}
	for rtf, want := range map[string]string{
		string(unpackRTF(packed)):                                            "hello world",
		`{\rtf1\ansi\fromtext A-17 done\par A-18\tab drop\line}`:             "A-17 done\nA-18\tdrop",
		`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}one {\b two}\~3}`: "one two\u00a03",
		`{\rtf1\uc1\u22238?\u-10179?\u-8694?\uc2\u8364??x}`:                  "回😊€x",
		`{\rtf1 a\{b\}\\c\'zz\bin3 }}}d}`:                                    `a{b}\czzd`,
		`{\rtf1 {{{}}}}}} more`:                                              "more",
		`no rtf`:                                                             "",
	} {
		if got, _ := readRTF([]byte(rtf), "windows-1252"); got != want {
			t.Errorf("%s: got %q, want %q", rtf, got, want)
		}
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(makeTNEF(tnefFiles...))
	f.Add(makeTNEF(tnefPlain, tnefHTML))
	f.Add(makeTNEF(tnefRTF))
	f.Fuzz(func(t *testing.T, b []byte) {
		winmail := readTNEF(b)
		if winmail == nil {
			return
		}
		text, _ := winmail.body()
		mustBeUTF8(t, text)
		if len(winmail.files) > maxTNEFFiles || len(text) > 8*maxText {
			t.Errorf("%d files, %d bytes of text", len(winmail.files), len(text))
		}
	})
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(rtfOfHTML), true)
	f.Add([]byte(`{\rtf1\ansi\uc2\u8364??\'e9{\*\x y}\bin3 abc}`), true)
	f.Add([]byte("\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0"), false)
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if !plain {
			if b = unpackLZFu(b); len(b) > maxRTF+17*8 {
				t.Errorf("%d bytes", len(b))
			}
		}
		text, _ := readRTF(b, "shift_jis")
		mustBeUTF8(t, text)
	})
}
