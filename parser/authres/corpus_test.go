package authres

import (
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folderProfiles names the provider whose mailboxes a folder of the corpus
// was received by, for those that write a verdict into every mail.
var folderProfiles = map[string]string{
	"gmail.com": "gmail", "zohomail.eu": "zoho-eu", "mail.ru": "mail.ru", "posteo.de": "posteo", "ik.me": "infomaniak",
	"fastmail.com": "fastmail", "icloud.com": "icloud", "yahoo.com": "yahoo", "aol.com": "yahoo", "mail.de": "mail.de",
	"e.email": "murena", "outlook.com": "exchange-online", "hotmail.com": "exchange-online",
}

// received is one mail of the corpus.
type received struct {
	name   string
	fields []Field
	domain string // of its From
	forged bool
}

func corpusMails(t *testing.T, folder string) []received {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", "authres", folder, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Log("no corpus beside the repository: nothing measured")
	}
	var mails []received
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fields := fieldsOf(string(raw))
		mails = append(mails, received{name, fields, fromDomain(t, fields), strings.HasPrefix(filepath.Base(name), "forged")})
	}
	return mails
}

// fieldsOf unfolds the header of a mail.
func fieldsOf(raw string) []Field {
	var fields []Field
	for line := range strings.Lines(strings.ReplaceAll(raw, "\r\n", "\n")) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		if line[0] == ' ' || line[0] == '\t' {
			fields[len(fields)-1].Value += line
		} else {
			fields = append(fields, Field{name, strings.TrimSpace(value)})
		}
	}
	return fields
}

func fromDomain(t *testing.T, fields []Field) string {
	for _, f := range fields {
		if f.Name != "From" {
			continue
		}
		from, err := mail.ParseAddress(f.Value)
		if err != nil {
			t.Fatal(err)
		}
		_, domain, _ := strings.Cut(from.Address, "@")
		return domain
	}
	return ""
}

// TestGenuineMailsAreProven: of the mails at providers that write always, all
// whose own block carries an aligned pass are accepted, and no forged one.
func TestGenuineMailsAreProven(t *testing.T) {
	genuine, proven := 0, 0
	for folder, name := range folderProfiles {
		p, _ := ProfileByName(name)
		for _, m := range corpusMails(t, folder) {
			proof := Prove(m.fields, m.domain, p)
			if m.forged {
				if proof.OK {
					t.Errorf("%s: a forgery is proven: %s", m.name, proof.By)
				}
				continue
			}
			genuine++
			if proof.OK {
				proven++
			} else {
				t.Logf("%s: %s", m.name, proof.Why)
			}
		}
	}
	t.Logf("%d of %d proven", proven, genuine)
	if genuine > 0 && proven < 152 {
		t.Errorf("%d of %d genuine mails are proven, want 152", proven, genuine)
	}
}

// planted are headers that a forger writes who knows the provider.
var planted = []string{
	"dmarc=pass header.from=DOMAIN",
	"dkim=pass header.d=DOMAIN header.i=@DOMAIN",
	"dkim=pass header.i=@DOMAIN; spf=pass smtp.mailfrom=DOMAIN; dmarc=pass (p=REJECT) header.from=DOMAIN",
}

// TestPlantedHeadersProveNothing plants a pass under the provider's own id
// just below its block into every mail: neither a domain of the forger's
// choice nor one that the provider did not prove is proven by it.
func TestPlantedHeadersProveNothing(t *testing.T) {
	for folder, name := range folderProfiles {
		p, _ := ProfileByName(name)
		for _, m := range corpusMails(t, folder) {
			domains := []string{"victim.example"}
			if !Prove(m.fields, m.domain, p).OK {
				domains = append(domains, m.domain)
			}
			for _, domain := range domains {
				for _, words := range planted {
					fields := plant(m.fields, p, strings.ReplaceAll(words, "DOMAIN", domain))
					if proof := Prove(fields, domain, p); proof.OK {
						t.Errorf("%s: planted %q proves %s: %s", m.name, words, domain, proof.By)
					}
				}
			}
		}
	}
}

// plant puts a header with the provider's id below the last of its block.
func plant(fields []Field, p Profile, words string) []Field {
	last, id := 0, ""
	for i, f := range fields {
		if f.Name != "Authentication-Results" {
			continue
		}
		h, err := parse(f.Value)
		if err != nil || !p.owns(h.id) {
			break
		}
		last, id = i+1, h.id
	}
	if id != "" {
		words = id + "; " + words
	}
	return append(fields[:last:last], append([]Field{{"Authentication-Results", words}}, fields[last:]...)...)
}

// TestWeakProvidersProveNothing: where the provider is sometimes silent, not
// even genuine mails are proven.
func TestWeakProvidersProveNothing(t *testing.T) {
	for folder, name := range map[string]string{
		"yandex.ru": "yandex", "disroot.org": "disroot", "riseup.net": "riseup", "buzon.uy": "buzon", "mailo.com": "mailo", "delta.blinzeln.de": "none",
	} {
		p, ok := ProfileByName(name)
		if !ok {
			t.Fatal(name)
		}
		for _, m := range corpusMails(t, folder) {
			if proof := Prove(m.fields, m.domain, p); proof.OK {
				t.Errorf("%s is proven: %s", m.name, proof.By)
			}
		}
	}
}

// TestProposeKnowsTheProvidersOfTheCorpus: what check proposes for a mailbox
// is the profile that is known to fit it, and never one that proves
// something for a provider that is sometimes silent.
func TestProposeKnowsTheProvidersOfTheCorpus(t *testing.T) {
	for folder, name := range folderProfiles {
		if p, why := proposeFor(t, folder); p.Name != name && p.Name != "" {
			t.Errorf("%s: proposed %s, want %s (%s)", folder, p.Name, name, why)
		}
	}
	for _, folder := range []string{"yandex.ru", "disroot.org", "riseup.net", "buzon.uy", "mailo.com", "delta.blinzeln.de"} {
		if p, why := proposeFor(t, folder); p.Always {
			t.Errorf("%s: proposed %s (%s)", folder, p.Name, why)
		}
	}
}

// proposeFor proposes for a folder, its mails taken several times over so
// that they are enough.
func proposeFor(t *testing.T, folder string) (Profile, string) {
	var mails [][]Field
	for _, m := range corpusMails(t, folder) {
		mails = append(mails, m.fields, m.fields)
	}
	if len(mails) == 0 {
		return Profile{}, ""
	}
	return Propose(mails)
}
