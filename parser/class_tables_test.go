package parser

import (
	"slices"
	"strings"
	"testing"
)

// TestTablesHoldWhatIsAskedFor: a line of a kind that nobody reads, or words
// written otherwise than they are compared, would never match.
func TestTablesHoldWhatIsAskedFor(t *testing.T) {
	kinds := map[string][]string{
		"senders":  append([]string{"address", "generated-subject", "receipt-subject", "read-subject", "read-phrase", "challenge-subject", "challenge-phrase"}, headerKinds...),
		"bounces":  {"address", "name", "subject", "ending", "success", "phrase", "delay", "returned"},
		"absences": {"sure", "subject", "phrase", "confession", "until", "through", "until-behind", "through-behind", "inclusive", "between"},
	}
	for name, known := range kinds {
		seen := map[string]bool{}
		for _, e := range readTable(name) {
			if !slices.Contains(known, e.kind) {
				t.Errorf("%s: nobody reads lines of the kind %q", name, e.kind)
			}
			if e.clients == "" || e.lang == "" {
				t.Errorf("%s: %q names no program or language", name, e.words)
			}
			for _, words := range e.words {
				if words == "" || strings.Contains(words, "  ") {
					t.Errorf("%s: %q can never match", name, words)
				}
				if key := e.kind + e.lang + lower(words); seen[key] {
					t.Errorf("%s: %s %q stands there twice", name, e.kind, words)
				} else {
					seen[key] = true
				}
			}
		}
	}
	for _, c := range confessions {
		if !slices.ContainsFunc(automaticStems, func(stem string) bool { return strings.Contains(c.words, stem) }) {
			t.Errorf("absences: confession %q has no stem for which a text is searched first", c.words)
		}
	}
	for field := range signsByField {
		if len(field) > maxSignName || strings.ContainsAny(field, " *") {
			t.Errorf("senders: field %q can never match", field)
		}
	}
}

// TestHostileReportsAreReadInBoundedMemory: what is searched of a report does
// not grow with it.
func TestHostileReportsAreReadInBoundedMemory(t *testing.T) {
	const size = 8 << 20
	from := "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n"
	for name, raw := range map[string]string{
		"status":   from + "Content-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\n", size/37),
		"words":    from + "\n" + strings.Repeat("a@b.example ", size/12),
		"quotes":   from + "\n" + strings.Repeat("a'", size/2) + "@b.example",
		"until":    "Auto-Submitted: auto-replied\nSubject: Automatic reply: x\n\n" + strings.Repeat("until 11 ", size/9),
		"calendar": "Content-Type: text/calendar\n\n" + strings.Repeat("method ", size/7),
	} {
		root := read([]byte(raw), &Mail{})
		root.text() // decoded once for the whole reading
		m := Parse([]byte(raw), Options{})
		if got := allocated(func() { classify(root, &m) }); got > 4<<20 && pooled {
			t.Errorf("%s: %d MB for a mail of %d MB", name, got>>20, size>>20)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	mail := Parse([]byte(ordinaryMail), Options{})
	root := read([]byte(ordinaryMail), &Mail{})
	for b.Loop() {
		m := mail
		m.Reasons = map[string]string{}
		classify(root, &m)
	}
}

const ordinaryMail = `Return-Path: <jo@partner.example>
Delivered-To: minutes@team.example
Received: from mx.partner.example by mx.team.example; Tue, 5 Mar 2024 09:12:45 +0000
Received: from laptop by mx.partner.example; Tue, 5 Mar 2024 09:12:44 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=partner.example; s=a; h=from:to; bh=x; b=y
Authentication-Results: mx.team.example; dmarc=pass header.from=partner.example
From: Jo Ruiz <jo@partner.example>
To: minutes@team.example
Cc: Amy <amy@partner.example>
Subject: Re: Budget
Date: Tue, 05 Mar 2024 09:12:44 +0000
Message-ID: <m1@partner.example>
In-Reply-To: <m0@team.example>
References: <m0@team.example>
X-Mailer: Mail 1.0
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Fine with me.
`

func FuzzClassify(f *testing.F) {
	for _, seed := range []string{
		ordinaryMail,
		"From: MAILER-DAEMON\nSubject: failure notice\n\n<a@b.example>:\n550 5.1.1\n",
		"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n--x--\n",
		"From: a@sns.amazonaws.com\n\n{\"notificationType\":\"Bounce\"}",
		"Subject: Automatic reply: x\nDate: Tue, 05 Mar 2024 09:12:44 +0000\n\nuntil 11 March",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, Options{})
		if m.Limit != nil {
			if m.Limit.Name == "internal" {
				t.Fatalf("panic: %v", m.Problems)
			}
			return
		}
		if m.Class == "" || m.Reasons["class"] == "" {
			t.Fatal("no class or no reason")
		}
		if m.MayAnswer && m.Class != Human {
			t.Errorf("class %s may be answered", m.Class)
		}
		if (m.Bounce != nil) != (m.Class == BounceClass || m.Class == Delivered) {
			t.Errorf("class %s with bounce %v", m.Class, m.Bounce)
		}
		if m.Bounce == nil {
			return
		}
		for _, r := range m.Bounce.Recipients {
			if r != strings.ToLower(r) || strings.Count(r, "@") == 0 || strings.ContainsAny(r, "<> \n") {
				t.Errorf("recipient %q", r)
			}
		}
	})
}
