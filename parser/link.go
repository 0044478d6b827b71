package parser

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"
)

// wrapper is a service that puts itself between a reader and a link. The
// target stands in a parameter, or else in the path.
type wrapper struct {
	name   string
	host   string // the host, or with a leading dot its ending, with a dot behind how it begins
	path   string // part of the path
	params []string
	decode func(string) string // of the target beyond percent-encoding
}

var wrappers = []wrapper{
	{name: "Outlook Safe Links", host: ".safelinks.protection.outlook.com", params: []string{"url"}},
	{name: "Outlook Safe Links", host: ".safelinks.protection.office365.us", params: []string{"url"}},
	{name: "Teams Safe Links", host: ".office.net", path: "/safelinks/", params: []string{"url"}},
	{name: "Teams Safe Links", host: ".static.microsoft", path: "/safelinks/", params: []string{"url"}},
	{name: "Google redirect", host: "www.google.", path: "/url", params: []string{"q", "url"}},
	{name: "Google redirect", host: "google.com", path: "/url", params: []string{"q", "url"}},
	{name: "Proofpoint URL Defense v1", host: "urldefense.proofpoint.com", path: "/v1/", params: []string{"u"}},
	{name: "Proofpoint URL Defense v2", host: "urldefense.proofpoint.com", path: "/v2/", params: []string{"u"}, decode: proofpointV2},
	{name: "Slack redirect", host: "slack-redir.net", path: "/link", params: []string{"url"}},
	{name: "Facebook redirect", host: "l.facebook.com", path: "/l.php", params: []string{"u"}},
	{name: "Facebook redirect", host: "lm.facebook.com", path: "/l.php", params: []string{"u"}},
	{name: "LinkedIn redirect", host: "www.linkedin.com", path: "/redir/redirect", params: []string{"url"}},
	{name: "YouTube redirect", host: "www.youtube.com", path: "/redirect", params: []string{"q"}},
	{name: "Steam redirect", host: "steamcommunity.com", path: "/linkfilter", params: []string{"url", "u"}},
	{name: "Barracuda Link Protect", host: "linkprotect.cudasvc.com", path: "/url", params: []string{"a"}},
	{name: "Mimecast", host: ".mimecast.com", path: "/redirect", params: []string{"url"}},
	{name: "Trend Micro", host: ".trendmicro.com", path: "/wis/clicktime", params: []string{"url"}},
	{name: "FireEye", host: "protect2.fireeye.com", params: []string{"u"}},
	{name: "VK redirect", host: "vk.com", path: "/away.php", params: []string{"to"}},
	{name: "DuckDuckGo redirect", host: "duckduckgo.com", path: "/l/", params: []string{"uddg"}},
	{name: "GMX and WEB.DE", host: "deref-", path: "/dereferrer/", params: []string{"redirectUrl"}},
	{name: "Symantec", host: "clicktime.symantec.com", params: []string{"u"}},
	{name: "Trustwave", host: "scanmail.trustwave.com", params: []string{"u"}},
	{name: "TitanHQ", host: "linklock.titanhq.com", params: []string{"url"}},
	{name: "Sophos", host: ".protection.sophos.com", params: []string{"u"}, decode: decodeTarget},
	{name: "Avanan", host: "avanan.url-protection.com", params: []string{"o"}},
	{name: "Avanan", host: "url.avanan.click"},
	{name: "Check Point", host: "protect.checkpoint.com"},
	{name: "Cisco", host: "secure-web.cisco.com"},
	{name: "Menlo Security", host: ".menlosecurity.com"},
	{name: "Tumblr redirect", host: "t.umblr.com", path: "/redirect", params: []string{"z"}},
	{name: "Reddit redirect", host: "out.reddit.com", params: []string{"url"}},
}

// tracking are parameters that name the mail or the reader, not the page.
var tracking = []string{"utm_", "mc_cid", "mc_eid", "mkt_tok", "fbclid", "gclid", "_hsenc", "_hsmi", "vero_id"}

// cleanLink takes a link out of what tracking and scanning services wrapped
// around it, wrapper by wrapper, and drops parameters that track. wrapper
// names the outermost service, "" where there was none.
func cleanLink(link string) (clean, wrapper string) {
	const layers = 4 // a forwarded mail may have passed several scanners
	clean = link
	for range layers {
		target, name := unwrap(clean)
		if name == "" {
			break
		}
		clean = target
		if wrapper == "" {
			wrapper = name
		}
	}
	return dropTracking(clean), wrapper
}

// unwrap takes off one wrapper. A target that is no web link stays wrapped.
func unwrap(link string) (target, name string) {
	if target := proofpointV3(link); target != "" {
		return target, "Proofpoint URL Defense v3"
	}
	u, err := url.Parse(link)
	if err != nil {
		return link, ""
	}
	for i := range wrappers {
		w := &wrappers[i]
		if !w.wraps(u) {
			continue
		}
		if target := w.target(u, link); isWebLink(target) {
			return target, w.name
		}
	}
	return link, ""
}

func (w *wrapper) wraps(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	switch {
	case w.host[0] == '.':
		return strings.HasSuffix(host, w.host) && strings.Contains(u.Path, w.path)
	case strings.HasSuffix(w.host, ".") || strings.HasSuffix(w.host, "-"):
		return strings.HasPrefix(host, w.host) && strings.Contains(u.Path, w.path)
	}
	return host == w.host && strings.Contains(u.Path, w.path)
}

// target returns what is wrapped in a link, "" where it cannot be read.
func (w *wrapper) target(u *url.URL, link string) string {
	if len(w.params) == 0 {
		return targetInPath(link)
	}
	query := u.Query()
	for _, param := range w.params {
		target := query.Get(param)
		if w.decode != nil {
			target = w.decode(target)
		}
		if isWebLink(target) {
			return target
		}
	}
	return ""
}

// targetInPath reads https://wrapper/…/https%3A%2F%2Ftarget and
// https://wrapper/…/___https://target___.checksum.
func targetInPath(link string) string {
	_, path, _ := strings.Cut(link, "://")
	_, target, found := strings.Cut(strings.Replace(path, "/___http", "/http", 1), "/http")
	if !found {
		return ""
	}
	target, _, _ = strings.Cut("http"+target, "___.")
	if plain, err := url.PathUnescape(target); err == nil && !strings.Contains(target, "://") {
		target = plain
	}
	return twoSlashes(target)
}

// twoSlashes restores the slashes of a scheme, which some services fold into one.
func twoSlashes(target string) string {
	for _, scheme := range []string{"https:/", "http:/"} {
		if rest, found := strings.CutPrefix(target, scheme); found && !strings.HasPrefix(rest, "/") {
			return scheme + "/" + rest
		}
	}
	return target
}

func decodeTarget(text string) string {
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(text), "=")
	plain, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(plain) {
		return ""
	}
	return string(plain)
}

// proofpointV2 undoes its own percent-encoding, with - for % and _ for /.
func proofpointV2(target string) string {
	target = strings.NewReplacer("-", "%", "_", "/").Replace(target)
	if plain, err := url.PathUnescape(target); err == nil {
		return plain
	}
	return ""
}

// proofpointV3 reads https://urldefense.com/v3/__TARGET__;LETTERS!!…$ where a *
// in the target stands for the next of the letters, which are in base64, and
// **X for several of them: A for two, B for three.
func proofpointV3(link string) string {
	_, after, found := strings.Cut(link, "://urldefense.com/v3/__")
	if !found {
		_, after, found = strings.Cut(link, "://urldefense.us/v3/__")
	}
	target, rest, ended := strings.Cut(after, "__;")
	if !found || !ended {
		return ""
	}
	coded, _, _ := strings.Cut(rest, "!")
	letters := []rune(decodeTarget(coded))
	const lengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var out strings.Builder
	for i := 0; i < len(target); i++ {
		if target[i] != '*' {
			out.WriteByte(target[i])
			continue
		}
		n := 1
		if i+2 < len(target) && target[i+1] == '*' {
			n = 2 + strings.IndexByte(lengths, target[i+2])
			i += 2
		}
		if n > len(letters) {
			return ""
		}
		out.WriteString(string(letters[:n]))
		letters = letters[n:]
	}
	return twoSlashes(out.String())
}

// dropTracking removes tracking parameters and leaves the order of the rest.
func dropTracking(link string) string {
	base, query, found := strings.Cut(link, "?")
	if !found {
		return link
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	var kept []string
	for _, param := range strings.Split(query, "&") {
		if !tracks(param) {
			kept = append(kept, param)
		}
	}
	if len(kept) > 0 {
		base += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		base += "#" + fragment
	}
	return base
}

func tracks(param string) bool {
	for _, prefix := range tracking {
		if strings.HasPrefix(param, prefix) {
			return true
		}
	}
	return false
}
