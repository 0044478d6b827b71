package parser

// problemTexts says what each code means and how the mail is read all the
// same. Codes are stable: operators search logs for them.
var problemTexts = map[string]string{
	"address":           "an address that breaks RFC 5322; the last thing that looks like one is taken",
	"base64":            "damaged base64; what can be decoded is",
	"base64-tail":       "plain text after base64, as mailing lists append; it is left out",
	"bom":               "a byte order mark before the header; it is dropped",
	"boundary":          "a multipart that names no boundary; the one in its text is taken",
	"calendar":          "a calendar part that cannot be read; it is left out",
	"charset":           "text in another charset than named; what its bytes show is taken",
	"content-type":      "a Content-Type that is none; it is taken for text",
	"cr-only":           "lines end in a lone CR; they are read as lines",
	"date":              "a Date that breaks RFC 5322, or none; what can be read of it is",
	"decoded":           "encodings inside encodings unpack to too much; the rest is left out",
	"from-several":      "more than one From; the first is taken, and it is not trusted",
	"header-control":    "NUL or CR within a header field; they are dropped",
	"header-fold":       "a header that begins with a folded line; the line is read as if it were none",
	"header-line":       "a line in the header that is no field; it is dropped",
	"hidden-text":       "text that HTML does not show; it is not what the sender said",
	"internal":          "a fault of this program while reading; the mail is quarantined",
	"leading-blank":     "blank lines before the header; they are dropped",
	"link-wrapper":      "a link through a tracking or scanning service; its target is taken",
	"mbox-from":         "a From line of an mbox file in the header; it is dropped",
	"message-id":        "a Message-ID, In-Reply-To or References without angle brackets; it is taken as it is",
	"no-blank-line":     "no blank line between header and body; the body begins at the first line that is no field",
	"no-parts":          "a multipart without parts; it is read as text",
	"part-after-end":    "a part after the end of its multipart; it is read as one more",
	"quoted-printable":  "damaged quoted-printable; a = that starts no code is kept",
	"text-cut":          "a text of more than 1 MB or 20,000 lines; the rest is not read",
	"tnef":              "an attachment of Outlook (winmail.dat); its files are listed behind it",
	"too-many-commands": "more commands than a mail may hold; the first are read",
	"transfer-encoding": "an unknown Content-Transfer-Encoding; the bytes are taken as they are",
	"unclosed":          "a multipart without its last delimiter; it ends with the mail or the part around it",
	"uuencode":          "damaged uuencode; it is taken as it is",
}

// notes collects the problems of a mail while it is read.
type notes []Problem

// enoughProblems keeps a hostile mail from filling a report.
const enoughProblems = 50

// add notes a problem; the same one is told once.
func (n *notes) add(code, detail string) {
	if n == nil || len(*n) >= enoughProblems {
		return
	}
	problem := Problem{Code: code, Detail: detail}
	for _, known := range *n {
		if known == problem {
			return
		}
	}
	*n = append(*n, problem)
}

// problem notes something odd about m.
func (m *Mail) problem(code, detail string) {
	(*notes)(&m.Problems).add(code, detail)
}
