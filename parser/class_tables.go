package parser

import "strings"

// The habits by which programs give themselves away stand in tables/: a new
// one needs a line there and no code.
var (
	senderTable  = readTable("senders")
	bounceTable  = readTable("bounces")
	absenceTable = readTable("absences")

	signsByField      = newHeaderSigns(senderTable)
	machineNames      = newWordings(senderTable, "address")
	generatedSubjects = newWordings(senderTable, "generated-subject")
	receiptSubjects   = newWordings(senderTable, "receipt-subject")
	readSubjects      = newWordings(senderTable, "read-subject")
	readPhrases       = newWordings(senderTable, "read-phrase")
	challengeSubjects = newWordings(senderTable, "challenge-subject")
	challengePhrases  = newWordings(senderTable, "challenge-phrase")

	daemonAddresses = newWordings(bounceTable, "address")
	daemonNames     = newWordings(bounceTable, "name")
	bounceSubjects  = newWordings(bounceTable, "subject")
	bounceEndings   = newWordings(bounceTable, "ending")
	successPhrases  = newWordings(bounceTable, "success")
	failurePhrases  = newWordings(bounceTable, "phrase")
	delayPhrases    = newWordings(bounceTable, "delay")
	returnedMarks   = newWordings(bounceTable, "returned")

	sureAbsences   = newWordings(absenceTable, "sure")
	likelyAbsences = newWordings(absenceTable, "subject")
	absencePhrases = newWordings(absenceTable, "phrase")
	confessions    = newWordings(absenceTable, "confession")
	untilPhrases   = newUntilPhrases(absenceTable)
	inclusiveWords = newWordings(absenceTable, "inclusive")
	smallWords     = newSmallWords(absenceTable)
)

// newSmallWords are the words that may stand between "until" and its date.
func newSmallWords(table []entry) map[string]bool {
	words := map[string]bool{}
	for _, w := range newWordings(table, "between") {
		words[w.words] = true
	}
	return words
}

// wording is a form of words, in lower case, and the line of a table that says
// who uses it.
type wording struct {
	words string
	by    *entry
}

func newWordings(table []entry, kind string) []wording {
	var list []wording
	for i := range table {
		if table[i].kind != kind {
			continue
		}
		for _, words := range table[i].words {
			list = append(list, wording{lower(words), &table[i]})
		}
	}
	return list
}

// wordingIn says who uses the first phrase that stands in s, or "".
func wordingIn(s string, list []wording) string {
	for i := range list {
		if strings.Contains(s, list[i].words) {
			return list[i].by.String()
		}
	}
	return ""
}

// wordingAt says who uses the first phrase with which s begins, or "".
func wordingAt(s string, list []wording) string {
	for i := range list {
		if strings.HasPrefix(s, list[i].words) {
			return list[i].by.String()
		}
	}
	return ""
}

// headerSign is what a header field tells when its value, in lower case,
// begins with this one, or contains it; any value will do where it is empty.
type headerSign struct {
	kind   string
	value  string
	within bool
	by     *entry
}

// headerKinds are the kinds of table lines that hold header fields.
var headerKinds = []string{"auto-reply", "auto-generated", "feedback-report", "challenge-response", "bulk", "discussion", "list"}

// newHeaderSigns finds the signs of a field by its name in lower case.
func newHeaderSigns(table []entry) map[string][]headerSign {
	index := map[string][]headerSign{}
	for _, kind := range headerKinds {
		for _, p := range newWordings(table, kind) {
			name, value, _ := strings.Cut(p.words, ":")
			value = strings.TrimSpace(value)
			value, within := strings.CutPrefix(value, "*")
			index[name] = append(index[name], headerSign{kind, value, within, p.by})
		}
	}
	return index
}

// complaintForms are the complaints of providers that do not write RFC 5965:
// the author's name before the @, and how the subject begins.
var complaintForms = []struct{ local, subject, program string }{
	{"staff", "complaint about message from", "Hotmail and Outlook.com (JMRP)"},
	{"scomp", "email feedback report", "AOL"},
	{"feedbackloop", "", "Return Path feedback loops"},
	{"complaints", "complaint about message", "providers with a feedback loop"},
}
