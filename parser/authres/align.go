package authres

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// aligned tells whether a signature of signer vouches for domain: they are
// equal, or signer is a parent of domain that somebody owns, not a public
// suffix such as co.uk (relaxed alignment, RFC 7489 section 3.1.1, but never
// from a subdomain up to its parent).
func aligned(signer, domain string) bool {
	if signer == "" || domain == "" {
		return false
	}
	if signer == domain {
		return true
	}
	if !strings.HasSuffix(domain, "."+signer) || !strings.Contains(signer, ".") {
		return false
	}
	suffix, _ := publicsuffix.PublicSuffix(signer)
	return suffix != signer
}

// domainOf returns the domain of a property: header.from and header.i hold a
// bare domain, "@domain" or an address (mail.ru). What is no plain ASCII host
// name gives "".
func domainOf(value string) string {
	if i := strings.LastIndexByte(value, '@'); i >= 0 {
		value = value[i+1:]
	}
	value = strings.ToLower(strings.TrimSuffix(value, "."))
	for i := 0; i < len(value); i++ {
		if c := value[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return ""
		}
	}
	return value
}

// signer is the domain that signed: header.d, or where the provider prints
// only the identity, that of header.i. An identity outside the signing
// domain is against RFC 6376 section 3.5, so that neither is believed.
func (r result) signer() string {
	d, i := domainOf(r.property("header.d")), domainOf(r.property("header.i"))
	switch {
	case d == "":
		return i
	case i == "" || i == d || strings.HasSuffix(i, "."+d):
		return d
	}
	return ""
}
