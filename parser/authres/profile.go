package authres

import (
	"slices"
	"strings"
)

// Profile says how a provider writes Authentication-Results.
type Profile struct {
	Name string
	// ID is the provider's authserv-id, and Suffix the end that all its ids
	// have, beginning with a dot or a fixed word. Both empty: it writes none.
	ID, Suffix string
	// Headers is how many the provider writes into every mail at the least.
	// Just as many are read: one below them may be the sender's. None: the
	// provider writes no verdict at all.
	Headers int
	// Always says that it writes its verdict into every mail. One that does
	// not proves nothing: the header of a sender may stand in the gap.
	Always bool
	// Note says in words what an operator should know.
	Note string
}

// The kinds of providers that prove nothing.
const (
	sometimesSilent = "writes a verdict only where a DKIM signature was good: a planted header can stand in its place"
	neverSpeaks     = "writes no Authentication-Results: only tokens and questions prove a sender here"
)

// profiles were read off real headers of 2022. To add a provider, add a
// line: its ids, how many headers it writes, and whether it always does.
var profiles = []Profile{
	{Name: "gmail", ID: "mx.google.com", Headers: 1, Always: true, Note: "Gmail and Google Workspace"},
	{Name: "zoho", ID: "mx.zohomail.com", Headers: 1, Always: true, Note: "Zoho Mail, data centre of the USA"},
	{Name: "zoho-eu", ID: "mx.zohomail.eu", Headers: 1, Always: true, Note: "Zoho Mail, data centre of the EU"},
	{Name: "mail.ru", ID: "mxs.mail.ru", Headers: 1, Always: true, Note: "mail.ru"},
	{Name: "posteo", ID: "posteo.de", Headers: 1, Always: true, Note: "Posteo: DMARC in the first of two or three headers"},
	{Name: "infomaniak", ID: "mx.infomaniak.com", Headers: 1, Always: true, Note: "Infomaniak: DMARC in the first header, foreign ones between the others"},
	{Name: "fastmail", Suffix: ".messagingengine.com", Headers: 4, Always: true, Note: "Fastmail: four headers, the verdicts in the last"},
	{Name: "icloud", Suffix: ".icloud.com", Headers: 2, Always: true, Note: "iCloud: BIMI, then DMARC; the headers for DKIM and SPF vary in number"},
	{Name: "yahoo", Suffix: ".yahoo.com", Headers: 1, Always: true, Note: "Yahoo and AOL"},
	{Name: "mail.de", Suffix: ".mail.de", Headers: 1, Always: true, Note: "mail.de"},
	{Name: "murena", Suffix: ".ecloud.global", Headers: 1, Always: true, Note: "e.email, Murena"},
	{Name: "exchange-online", Headers: 1, Always: true, Note: "Outlook.com, Hotmail, Microsoft 365: a header without an id"},

	{Name: "yandex", Suffix: ".yandex.net", Headers: 1, Note: sometimesSilent},
	{Name: "disroot", ID: "disroot.org", Headers: 1, Note: sometimesSilent},
	{Name: "riseup", Suffix: ".riseup.net", Headers: 1, Note: sometimesSilent},
	{Name: "buzon", ID: "mail.buzon.uy", Headers: 1, Note: sometimesSilent},
	{Name: "mailo", ID: "mailo.com", Note: neverSpeaks},
	{Name: "none", ID: "none", Note: neverSpeaks},
}

// ProfileByName returns the profile of a provider.
func ProfileByName(name string) (Profile, bool) {
	for _, p := range profiles {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// Known returns all profiles, those that can prove something first.
func Known() []Profile { return slices.Clone(profiles) }

// Names returns the names of all profiles, in the order of Known.
func Names() []string {
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	return names
}

// Own is the profile of a server of one's own (rspamd, OpenDMARC): one header
// with that id in every mail. Without an id it is a profile that proves
// nothing, for no id at all is Exchange's.
func Own(authservID string) Profile {
	if authservID == "" {
		return Profile{Name: "own server", Note: "an own server without authserv_id"}
	}
	return Profile{
		Name: "own server " + authservID, ID: strings.ToLower(authservID), Headers: 1, Always: true,
		Note: "an own server, which must write this id into every mail",
	}
}

// Own tells whether it is the profile of an own server.
func (p Profile) Own() bool {
	_, known := ProfileByName(p.Name)
	return !known && p.ID != ""
}

// owns tells whether the provider wrote a header with this id.
func (p Profile) owns(id string) bool {
	switch {
	case p.ID != "":
		return id == p.ID
	case p.Suffix != "":
		return strings.HasSuffix(id, p.Suffix)
	}
	return id == ""
}
