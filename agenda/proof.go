package agenda

import (
	"strings"

	"minuted/parser"
	"minuted/parser/authres"
)

// prove says whether the mailbox's own provider found that the mail comes from
// the domain of its From, and by which finding, or why not.
func prove(m parser.Mail, t Trust) (bool, string) {
	profile := t.Provider()
	if profile.Headers == 0 || m.From == nil {
		return false, "no provider whose findings count is configured"
	}
	_, domain, _ := strings.Cut(m.From.Address, "@")
	proof := authres.Prove(Fields(m.Header), domain, profile)
	return proof.OK, proof.By + proof.Why
}

// Fields are a header as package authres reads it.
func Fields(h parser.Header) []authres.Field {
	fields := make([]authres.Field, len(h))
	for i, f := range h {
		fields[i] = authres.Field(f)
	}
	return fields
}

// Provider is how the team's provider writes its findings.
func (t Trust) Provider() authres.Profile {
	if t.AuthservID != "" {
		return authres.Own(t.AuthservID)
	}
	p, _ := authres.ProfileByName(t.Profile) // the configuration was checked; none proves nothing
	return p
}

// alwaysWrites says whether the provider writes its findings on every mail, so
// that their absence tells something.
func (t Trust) alwaysWrites() bool {
	p := t.Provider()
	return p.Headers > 0 && p.Always
}
