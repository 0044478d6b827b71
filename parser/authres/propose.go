package authres

import "fmt"

// fewest is how many mails must agree before a profile is proposed: a
// provider that is silent about one mail in ten shows it among twenty with
// a probability of nine in ten.
const fewest = 20

// Propose finds the profile that fits the mails of a mailbox, each given by
// its header fields from top to bottom, and says why. One that does not fit
// every mail is refused: the exception is where a forger would stand. The
// profile is then "none".
func Propose(mails [][]Field) (Profile, string) {
	none, _ := ProfileByName("none")
	if len(mails) < fewest {
		return none, fmt.Sprintf("%d mails are too few to tell, at least %d are needed", len(mails), fewest)
	}
	own := ownCandidate(mails)
	best, most := none, 0
	for _, p := range append(Known(), own) {
		if n := Fits(mails, p); n > most {
			best, most = p, n
		}
	}
	switch {
	case most == 0:
		return none, "the mails bear no Authentication-Results of one provider"
	case most < len(mails):
		return none, fmt.Sprintf("%s fits %d of %d mails only: where it is silent a planted header could stand", best.Name, most, len(mails))
	case !best.Always:
		return best, best.Name + " " + best.Note
	case best.Name == own.Name && !speaksOfUnsigned(mails):
		return none, fmt.Sprintf("%s wrote of good signatures only: it may be silent about mails without one", best.Name)
	}
	return best, fmt.Sprintf("all %d mails begin with its headers (%d): %s", len(mails), best.Headers, best.Note)
}

// ownCandidate takes the id that most often stands topmost for that of an
// own server; the count over all mails decides whether it is.
func ownCandidate(mails [][]Field) Profile {
	count, best := map[string]int{}, ""
	for _, m := range mails {
		h, ok := topmost(m)
		if !ok || h.id == "" {
			continue
		}
		if count[h.id]++; count[h.id] > count[best] {
			best = h.id
		}
	}
	return Own(best)
}

func topmost(mail []Field) (header, bool) {
	values := resultFields(mail)
	if len(values) == 0 {
		return header{}, false
	}
	h, err := parse(values[0])
	return h, err == nil
}

// Fits counts the mails whose topmost headers are the provider's, as many as
// its profile says.
func Fits(mails [][]Field, p Profile) int {
	n := 0
	for _, m := range mails {
		if fits(m, p) {
			n++
		}
	}
	return n
}

// fits tells whether the topmost headers of a mail are the provider's, as
// many as the profile says.
func fits(mail []Field, p Profile) bool {
	values := resultFields(mail)
	if p.Headers == 0 || len(values) < p.Headers {
		return false
	}
	for _, value := range values[:p.Headers] {
		if h, err := parse(value); err != nil || !p.owns(h.id) {
			return false
		}
	}
	return true
}

// speaksOfUnsigned tells whether a server has been seen to write of a mail
// without a good signature, or of more than signatures. One that never did
// may be an OpenDKIM that is silent otherwise, like Disroot's and Riseup's.
func speaksOfUnsigned(mails [][]Field) bool {
	for _, m := range mails {
		h, _ := topmost(m)
		for _, r := range h.results {
			if r.method == "spf" || r.method == "dmarc" || r.method == "dkim" && r.value != "pass" {
				return true
			}
		}
	}
	return false
}
