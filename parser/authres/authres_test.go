package authres

import (
	"strings"
	"testing"
)

// results makes a mail with these Authentication-Results, topmost first.
func results(values ...string) []Field {
	fields := []Field{{"Received", "from a by b"}}
	for _, v := range values {
		fields = append(fields, Field{"Authentication-Results", v})
	}
	return append(fields, Field{"From", "jo@partner.example"})
}

func mustProfile(t testing.TB, name string) Profile {
	p, ok := ProfileByName(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	return p
}

func TestProve(t *testing.T) {
	const from = "partner.example"
	own := Own("mx.team.example")
	for _, c := range []struct {
		claim   string
		profile Profile
		fields  []Field
		by      string // what proves it, or
		why     string // a piece of why it is not
	}{
		{"dmarc pass proves", own,
			results("mx.team.example; dmarc=pass (p=none) header.from=partner.example"),
			"dmarc=pass header.from=partner.example by mx.team.example (1st of 1)", ""},
		{"dkim pass of the domain proves where no DMARC is said", own,
			results(`mx.team.example 1; spf=none smtp.mailfrom="x; y"@z.example; dkim=pass (2048-bit key) header.d=partner.example header.b=ab/c+d=`),
			"dkim=pass header.d=partner.example by mx.team.example (1st of 1)", ""},
		{"dkim pass proves where the domain has no policy", own,
			results("mx.team.example; dmarc=none header.from=partner.example; dkim=pass header.i=@partner.example"),
			"dkim=pass header.d=partner.example by mx.team.example (1st of 1)", ""},
		{"a signature of a parent domain proves", own,
			results("mx.team.example; dkim=pass header.d=example.org"), "", "passes for"},
		{"of several signatures the aligned one counts", own,
			results("mx.team.example; dkim=fail header.d=list.example; dkim=pass header.d=partner.example"),
			"dkim=pass header.d=partner.example by mx.team.example (1st of 1)", ""},
		{"an id is compared without regard to case", own,
			results("MX.Team.Example; dmarc=pass header.from=Partner.Example"),
			"dmarc=pass header.from=partner.example by mx.team.example (1st of 1)", ""},
		{"header.from may be an address, as mail.ru writes it", mustProfile(t, "mail.ru"),
			results("mxs.mail.ru; dmarc=pass header.from=jo@partner.example"),
			"dmarc=pass header.from=partner.example by mxs.mail.ru (1st of 1)", ""},
		{"Exchange writes no id", mustProfile(t, "exchange-online"),
			results("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=partner.example; dkim=none (message not signed) header.d=none;dmarc=pass action=none header.from=partner.example;compauth=pass reason=100"),
			"dmarc=pass header.from=partner.example by a header without an id (1st of 1)", ""},
		{"Fastmail says it in the fourth header", mustProfile(t, "fastmail"),
			results("mx1.messagingengine.com; x-csa=none", "mx1.messagingengine.com; bimi=none", "mx1.messagingengine.com; arc=none", "mx1.messagingengine.com; dmarc=pass header.from=partner.example"),
			"dmarc=pass header.from=partner.example by mx1.messagingengine.com (4th of 4)", ""},

		{"a header of somebody else proves nothing", own,
			results("mx.evil.example; dmarc=pass header.from=partner.example"), "", "not written by own server"},
		{"nor does one below that of somebody else", own,
			results("mx.evil.example; dmarc=none", "mx.team.example; dmarc=pass header.from=partner.example"), "", "not written by"},
		{"nor one below the provider's own", own,
			results("mx.team.example; dmarc=none", "mx.team.example; dmarc=pass header.from=partner.example"), "", "no verdict"},
		{"a longer id with the same end is not the provider's", mustProfile(t, "fastmail"),
			results("evilmessagingengine.com; dmarc=pass header.from=partner.example"), "", "not written by"},
		{"DMARC for another domain proves nothing", own,
			results("mx.team.example; dmarc=pass header.from=evil.example"), "", `DMARC passed for "evil.example"`},
		{"DMARC for the parent domain proves nothing", own,
			results("mx.team.example; dmarc=pass header.from=example"), "", "not for partner.example"},
		{"DMARC fail outweighs a signature", own,
			results("mx.team.example; dkim=pass header.d=partner.example; dmarc=fail header.from=partner.example"), "", `verdict is "fail"`},
		{"two verdicts that differ prove nothing", own,
			results("mx.team.example; dmarc=fail header.from=partner.example; dmarc=pass header.from=partner.example"), "", "differ"},
		{"a signature both good and bad proves nothing", own,
			results("mx.team.example; dkim=pass header.d=partner.example; dkim=fail header.d=partner.example"), "", `verdict "fail"`},
		{"a property twice is unreadable", own,
			results("mx.team.example; dmarc=pass header.from=evil.example header.from=partner.example"), "", "unreadable"},
		{"an identity outside its domain proves nothing", own,
			results("mx.team.example; dkim=pass header.d=evil.example header.i=@partner.example"), "", "passes for"},
		{"a signature of a subdomain does not speak for its parent", own,
			results("mx.team.example; dkim=pass header.d=mail.partner.example"), "", "passes for"},
		{"SPF proves a server, not an author", own,
			results("mx.team.example; spf=pass smtp.mailfrom=jo@partner.example"), "", "passes for"},
		{"words in a quoted string are no verdict", own,
			results(`mx.team.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=partner.example "@evil.example`), "", "passes for"},
		{"words in a reason are no verdict", own,
			results(`mx.team.example; dkim=fail reason="bad; dmarc=pass header.from=partner.example" header.d=evil.example`), "", "passes for"},
		{"words in a comment are no verdict", own,
			results(`mx.team.example; spf=none (a (b; dmarc=pass header.from=partner.example) c)`), "", "passes for"},
		{"a quoted address that closes a comment makes it unreadable", own,
			results(`mx.team.example; spf=none (domain of "x); dmarc=pass header.from=partner.example (y"@evil.example does not say)`), "", "unreadable"},
		{"so does a comment without an end", own, results("mx.team.example; dmarc=pass (x header.from=partner.example"), "", "unreadable"},
		{"so does a quoted string without an end", own, results(`mx.team.example; dmarc=pass header.from="partner.example`), "", "unreadable"},
		{"so does a line break", own, results("mx.team.example; dmarc=pass\n header.from=partner.example"), "", "unreadable"},
		{"so does a result without a verdict", own, results("mx.team.example; dmarc; dkim=pass header.d=partner.example"), "", "unreadable"},
		{"ARC headers are not read", own,
			[]Field{{"ARC-Authentication-Results", "i=1; mx.team.example; dmarc=pass header.from=partner.example"}}, "", "there is no"},
		{"Posteo speaks of DMARC in its first header: below it anybody may", mustProfile(t, "posteo"),
			results("posteo.de; dmarc=none header.from=partner.example", "posteo.de; spf=none", "posteo.de; dkim=pass header.d=partner.example"), "", "passes for"},
		{"a provider that is sometimes silent proves nothing", mustProfile(t, "disroot"),
			results("disroot.org; dkim=pass header.d=partner.example"), "", "does not write"},
		{"without a profile nothing is proven", Profile{},
			results("; dmarc=pass header.from=partner.example"), "", "no profile"},
		{"an own server needs its id", Own(""),
			results("dmarc=pass header.from=partner.example"), "", "no profile"},
		{"nor without headers", own, results(), "", "there is no"},
	} {
		got := Prove(c.fields, from, c.profile)
		switch {
		case got.OK != (c.by != ""):
			t.Errorf("%s: proven is %v (%s%s)", c.claim, got.OK, got.By, got.Why)
		case got.By != c.by:
			t.Errorf("%s: by %q, want %q", c.claim, got.By, c.by)
		case !strings.Contains(got.Why, c.why) || got.OK == (got.Why != ""):
			t.Errorf("%s: why %q, want %q", c.claim, got.Why, c.why)
		}
	}
}

func TestProveNeedsADomain(t *testing.T) {
	if p := Prove(results("mx.team.example; dmarc=pass header.from="), "", Own("mx.team.example")); p.OK {
		t.Error("a mail without From is proven")
	}
}

func TestAligned(t *testing.T) {
	for _, c := range []struct {
		signer, domain string
		want           bool
	}{
		{"partner.example", "partner.example", true},
		{"partner.co.uk", "mail.partner.co.uk", true},
		{"partner.com", "a.b.partner.com", true},
		{"co.uk", "partner.co.uk", false},
		{"github.io", "jo.github.io", false},
		{"com", "partner.com", false},
		{"mail.partner.com", "partner.com", false},
		{"artner.com", "partner.com", false},
		{"", "partner.com", false},
		{"", "", false},
	} {
		if got := aligned(c.signer, c.domain); got != c.want {
			t.Errorf("signer %q for %q: got %v", c.signer, c.domain, got)
		}
	}
}

func TestProfilesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Names() {
		p := mustProfile(t, name)
		if seen[name] || p.Note == "" || p.ID != "" && p.Suffix != "" || p.Always && p.Headers == 0 {
			t.Errorf("%+v", p)
		}
		if p.Suffix != "" && !strings.HasPrefix(p.Suffix, ".") {
			t.Errorf("%s: another domain may end in %q", name, p.Suffix)
		}
		seen[name] = true
	}
	if _, ok := ProfileByName("nobody"); ok {
		t.Error("a profile for nobody")
	}
}

func TestPropose(t *testing.T) {
	many := func(n int, odd ...[]Field) [][]Field {
		mails := odd
		for len(mails) < n {
			mails = append(mails, results("mx.team.example; dkim=none", "mx.other.example; dkim=pass"))
		}
		return mails
	}
	all := func(value string) [][]Field {
		var mails [][]Field
		for range 40 {
			mails = append(mails, results(value))
		}
		return mails
	}
	signed, atGmail := all("mx.team.example; dkim=pass header.d=a.example"), all("mx.google.com; spf=none")
	atDisroot := all("disroot.org; dkim=pass header.d=a.example")
	for _, c := range []struct {
		claim, name, why string
		mails            [][]Field
	}{
		{"an own server that always writes", "own server mx.team.example", "all 40 mails", many(40)},
		{"one mail without its header", "none", "39 of 40", many(40, results())},
		{"one mail with another header on top", "none", "39 of 40", many(40, results("evil.example; dkim=pass", "mx.team.example; dkim=none"))},
		{"a server that wrote of good signatures only", "none", "may be silent", signed},
		{"Gmail, which has its own profile", "gmail", "Google Workspace", atGmail},
		{"Disroot, whose profile proves nothing", "disroot", "good", atDisroot},
		{"too few mails", "none", "too few", many(3)},
		{"no headers at all", "none", "no Authentication-Results", [][]Field{39: nil}},
	} {
		p, why := Propose(c.mails)
		if p.Name != c.name || !strings.Contains(why, c.why) {
			t.Errorf("%s: got %s because %q", c.claim, p.Name, why)
		}
	}
}

// FuzzPlanted plants a header below the provider's own, and words into what
// the provider repeats of the sender. Neither may prove anything.
func FuzzPlanted(f *testing.F) {
	f.Add("mx.google.com; dmarc=pass header.from=partner.example", `x); dmarc=pass header.from=partner.example (y`)
	f.Add("posteo.de; dkim=pass header.d=partner.example", `"`)
	f.Add("spf=pass; dmarc=pass header.from=partner.example", `\`)
	f.Fuzz(func(t *testing.T, planted, local string) {
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
		for _, name := range Names() {
			p := mustProfile(t, name)
			id := p.ID
			if p.Suffix != "" {
				id = "mx" + p.Suffix
			}
			said := "spf=none (domain of " + quoted + "@evil.example does not say) smtp.mailfrom=" + quoted + "@evil.example; dkim=none; dmarc=none header.from=partner.example"
			if id != "" {
				said = id + "; " + said
			}
			block := []string{said}
			for len(block) < p.Headers {
				block = append(block, said)
			}
			if proof := Prove(results(append(block, planted)...), "partner.example", p); proof.OK {
				t.Errorf("%s: %q with %q proves: %s", name, planted, local, proof.By)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("mx.google.com; dkim=pass header.i=@a.example header.b=x/y; dmarc=pass(p=NONE) header.from=a.example;")
	f.Add(`a.example 1; none`)
	f.Add(`spf=pass (a\)b) smtp.mailfrom="x\"y"@z.example`)
	f.Fuzz(func(t *testing.T, value string) {
		h, err := parse(value)
		if err != nil {
			return
		}
		for _, r := range h.results {
			if r.method == "" || r.value == "" || strings.ContainsAny(r.method+r.value, " ;()\"") {
				t.Errorf("%q gives %+v", value, r)
			}
		}
	})
}
