package parser

import (
	"maps"
	"testing"
)

func TestParametersAreReadHoweverWritten(t *testing.T) {
	for value, c := range map[string]struct {
		kind   string
		params map[string]string
	}{
		`text/plain`:                                                               {"text/plain", nil},
		`Text/HTML; Charset="UTF-8"`:                                               {"text/html", map[string]string{"charset": "UTF-8"}},
		`text/plain charset=utf-8`:                                                 {"text/plain", map[string]string{"charset": "utf-8"}},
		`text/plain; charset=utf-8 format=flowed`:                                  {"text/plain", map[string]string{"charset": "utf-8"}},
		`text/plain; charset = utf-8 ; `:                                           {"text/plain", map[string]string{"charset": "utf-8"}},
		`text/plain;; charset=utf-8;charset=koi8-r`:                                {"text/plain", map[string]string{"charset": "utf-8"}},
		`attachment; filename=My plan.pdf`:                                         {"attachment", map[string]string{"filename": "My plan.pdf"}},
		`attachment; filename="a;b.pdf"`:                                           {"attachment", map[string]string{"filename": "a;b.pdf"}},
		`attachment; filename="C:\tmp\a.pdf"`:                                      {"attachment", map[string]string{"filename": `C:\tmp\a.pdf`}},
		`attachment; filename="say \"hi\".pdf"`:                                    {"attachment", map[string]string{"filename": `say "hi".pdf`}},
		`attachment; filename="no end.pdf; size=1`:                                 {"attachment", map[string]string{"filename": "no end.pdf", "size": "1"}},
		`attachment; filename*=utf-8'en'Caf%C3%A9.md`:                              {"attachment", map[string]string{"filename": "Café.md"}},
		`attachment; filename*=iso-8859-1''Caf%E9.md`:                              {"attachment", map[string]string{"filename": "Café.md"}},
		`attachment; filename*0*=utf-8''Caf%C3; filename*1*=%A9; filename*2=".md"`: {"attachment", map[string]string{"filename": "Café.md"}},
		`attachment; filename*1=b.md; filename*0=a`:                                {"attachment", map[string]string{"filename": "ab.md"}},
		``: {"", nil},
	} {
		kind, params := mediaType(value)
		if kind != c.kind || !maps.Equal(params, c.params) {
			t.Errorf("%s: got %q %q, want %q %q", value, kind, params, c.kind, c.params)
		}
	}
}
