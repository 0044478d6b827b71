// Package authres finds proof of a mail's sender in the
// Authentication-Results that our own provider wrote (RFC 8601).
//
// Such headers are worth what the provider does about foreign ones: anybody
// can write one into a mail. A Profile therefore says how the provider's own
// ids look, how many headers it writes and whether it always writes one; only
// those are read, and strictly. What is unreadable, contradicts itself or
// comes from a provider that is sometimes silent proves nothing.
//
// The package leaves out on purpose: SPF, which proves a server and not an
// author, and ARC, which asks to trust further hosts. It cannot notice a
// provider that prints a sender's words into its header without quoting.
package authres

import (
	"fmt"
	"strings"
)

// Field is a header field, unfolded but not decoded.
type Field struct{ Name, Value string }

// Proof tells whether a mail was proven to come from the domain of its From.
type Proof struct {
	OK  bool
	By  string // what proved it: "dmarc=pass header.from=a.example by mx.b.example (1st of 1)"
	Why string // why it is not proven, in words
}

// Prove looks for proof that a mail is from fromDomain, which must be the
// exact ASCII domain of its only From address. The fields are those of the
// mail from top to bottom.
func Prove(h []Field, fromDomain string, p Profile) Proof {
	fromDomain = strings.ToLower(strings.TrimSuffix(fromDomain, "."))
	switch {
	case fromDomain == "":
		return unproven("the mail has no single plain From address")
	case p.Headers == 0:
		return unproven("no profile of the own provider is set")
	case !p.Always:
		return unproven("%s does not write its verdict into every mail, so that a planted one may stand in its place", p.Name)
	}
	own, why := ownHeaders(h, p)
	if why != "" {
		return unproven("%s", why)
	}
	if proof, decided := byDMARC(own, fromDomain); decided {
		return proof
	}
	return byDKIM(own, fromDomain, p)
}

// verdict is one readable header of the own provider.
type verdict struct {
	header header
	place  string // "1st of 3"
}

// ownHeaders returns the headers that the provider wrote: the topmost, as
// many as it writes, up to the first one that is not its own.
func ownHeaders(h []Field, p Profile) (own []verdict, why string) {
	values := resultFields(h)
	if len(values) == 0 {
		return nil, "there is no Authentication-Results header"
	}
	values = values[:min(len(values), p.Headers)]
	for i, value := range values {
		read, err := parse(value)
		if err != nil {
			return nil, fmt.Sprintf("the %s Authentication-Results header is unreadable: %v", ordinal(i+1), err)
		}
		if !p.owns(read.id) {
			break
		}
		own = append(own, verdict{read, fmt.Sprintf("%s of %d", ordinal(i+1), p.Headers)})
	}
	if len(own) == 0 {
		return nil, "the topmost Authentication-Results header was not written by " + p.Name
	}
	return own, ""
}

func resultFields(h []Field) []string {
	var values []string
	for _, f := range h {
		if strings.EqualFold(f.Name, "Authentication-Results") {
			values = append(values, f.Value)
		}
	}
	return values
}

// byDMARC decides by the provider's DMARC verdict: pass proves, none leaves
// the question to DKIM, and everything else, above all two verdicts that
// differ, is no proof.
func byDMARC(own []verdict, fromDomain string) (proof Proof, decided bool) {
	var found *Proof
	for _, v := range own {
		for _, r := range v.header.results {
			if r.method != "dmarc" {
				continue
			}
			p := readDMARC(r, v, fromDomain)
			if found != nil && (p.OK != found.OK || p.Why != found.Why) {
				return unproven("there are two DMARC verdicts that differ"), true
			}
			if found == nil {
				found = &p
			}
		}
	}
	switch {
	case found == nil, found.Why == noPolicy:
		return Proof{}, false
	}
	return *found, true
}

const noPolicy = "the domain publishes no DMARC policy"

func readDMARC(r result, v verdict, fromDomain string) Proof {
	domain := domainOf(r.property("header.from"))
	switch r.value {
	case "pass":
		if domain != fromDomain {
			return unproven("DMARC passed for %q, not for %s", domain, fromDomain)
		}
		return Proof{OK: true, By: fmt.Sprintf("dmarc=pass header.from=%s by %s (%s)", domain, v.header.name(), v.place)}
	case "none", "bestguesspass": // the latter is Exchange's word for "no policy, but it looks well"
		return unproven(noPolicy)
	default:
		return unproven("the DMARC verdict is %q", r.value)
	}
}

// byDKIM decides by signatures of the From domain or a parent of it. A mail
// may bear several; those of other domains (a newsletter service) count
// neither for nor against it.
func byDKIM(own []verdict, fromDomain string, p Profile) Proof {
	var found Proof
	for _, v := range own {
		for _, r := range v.header.results {
			if r.method != "dkim" || !aligned(r.signer(), fromDomain) {
				continue
			}
			if r.value != "pass" {
				return unproven("a DKIM signature of %s has the verdict %q", r.signer(), r.value)
			}
			if !found.OK {
				found = Proof{OK: true, By: fmt.Sprintf("dkim=pass header.d=%s by %s (%s)", r.signer(), v.header.name(), v.place)}
			}
		}
	}
	if !found.OK {
		return unproven("no verdict of %s passes for %s", p.Name, fromDomain)
	}
	return found
}

func unproven(format string, a ...any) Proof {
	return Proof{Why: fmt.Sprintf(format, a...)}
}

func ordinal(n int) string {
	switch n {
	case 1:
		return "1st"
	case 2:
		return "2nd"
	case 3:
		return "3rd"
	}
	return fmt.Sprintf("%dth", n)
}
