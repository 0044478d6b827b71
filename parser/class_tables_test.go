package parser

import (
	"strings"
	"testing"
)

// TestTablesAreAsTheyAreCompared: phrases are compared with text in lower
// case and single blanks, so that one written otherwise would never match.
func TestTablesAreAsTheyAreCompared(t *testing.T) {
	check := func(table, phrase, program string) {
		if phrase == "" || strings.ToLower(phrase) != phrase || strings.Contains(phrase, "  ") {
			t.Errorf("%s: %q can never match", table, phrase)
		}
		if program == "" {
			t.Errorf("%s: %q names no program", table, phrase)
		}
	}
	for _, s := range headerSigns {
		check("headerSigns", s.field, s.program)
		if len(s.field) > 32 || strings.ToLower(s.value) != s.value || s.means == meansClass && s.class == "" {
			t.Errorf("headerSigns: %+v can never match", s)
		}
	}
	for table, signs := range map[string][]phraseSign{
		"generatedSubjects": generatedSubjects, "challengeSubjects": challengeSubjects, "bounceSubjects": bounceSubjects,
		"failurePhrases": failurePhrases, "delayPhrases": delayPhrases, "returnedMarks": returnedMarks,
	} {
		seen := map[string]bool{}
		for _, s := range signs {
			check(table, s.phrase, s.program)
			if seen[s.phrase] {
				t.Errorf("%s: %q stands there twice", table, s.phrase)
			}
			seen[s.phrase] = true
		}
	}
	for _, s := range append(vacationSubjects, vacationPhrases...) {
		check("vacation", s.phrase, s.program)
	}
	for _, w := range untilWords {
		check("untilWords", w.word, w.language)
	}
	for _, names := range monthNames {
		for _, name := range names {
			check("monthNames", name, "language")
		}
	}
}

// TestMonthsAreKnownByTheirNames guards against a stem of one language that
// hides a month of another.
func TestMonthsAreKnownByTheirNames(t *testing.T) {
	for _, names := range monthNames {
		for i, name := range names {
			name = strings.TrimSuffix(name, "-")
			if got := monthNamed(name); int(got) != i+1 {
				t.Errorf("%q is taken for month %d, want %d", name, got, i+1)
			}
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
