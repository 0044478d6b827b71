package parser

import (
	"net/url"
	"strings"
)

// wrapper is a service that puts itself between a reader and a link. The
// target stands in a parameter, or in the path after a mark.
type wrapper struct {
	name   string
	host   string // the host, or with a leading dot its ending
	path   string // prefix of the path
	params []string
	decode func(string) string // of the target beyond percent-encoding
}

var wrappers = []wrapper{
	{name: "Outlook Safe Links", host: ".safelinks.protection.outlook.com", params: []string{"url"}},
	{name: "Google redirect", host: "www.google.com", path: "/url", params: []string{"q", "url"}},
	{name: "Google redirect", host: "google.com", path: "/url", params: []string{"q", "url"}},
	{name: "Proofpoint URL Defense v1", host: "urldefense.proofpoint.com", path: "/v1/", params: []string{"u"}},
	{name: "Proofpoint URL Defense v2", host: "urldefense.proofpoint.com", path: "/v2/", params: []string{"u"}, decode: proofpointV2},
	{name: "Slack redirect", host: "slack-redir.net", path: "/link", params: []string{"url"}},
	{name: "Facebook redirect", host: "l.facebook.com", path: "/l.php", params: []string{"u"}},
	{name: "LinkedIn redirect", host: "www.linkedin.com", path: "/redir/redirect", params: []string{"url"}},
	{name: "YouTube redirect", host: "www.youtube.com", path: "/redirect", params: []string{"q"}},
	{name: "Steam redirect", host: "steamcommunity.com", path: "/linkfilter", params: []string{"url", "u"}},
	{name: "Barracuda Link Protect", host: "linkprotect.cudasvc.com", path: "/url", params: []string{"a"}},
	{name: "Mimecast", host: ".mimecast.com", path: "/redirect", params: []string{"url"}},
	{name: "Trend Micro", host: ".trendmicro.com", path: "/wis/clicktime", params: []string{"url"}},
	{name: "FireEye", host: "protect2.fireeye.com", params: []string{"u"}},
	{name: "VK redirect", host: "vk.com", path: "/away.php", params: []string{"to"}},
	{name: "DuckDuckGo redirect", host: "duckduckgo.com", path: "/l/", params: []string{"uddg"}},
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
	if !strings.Contains(link, "?") {
		return link, ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return link, ""
	}
	for _, w := range wrappers {
		if !w.wraps(u) {
			continue
		}
		query := u.Query()
		for _, param := range w.params {
			target := query.Get(param)
			if w.decode != nil {
				target = w.decode(target)
			}
			if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
				return target, w.name
			}
		}
	}
	return link, ""
}

func (w *wrapper) wraps(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	if host != w.host && !(w.host[0] == '.' && strings.HasSuffix(host, w.host)) {
		return false
	}
	return strings.Contains(u.Path, w.path)
}

// proofpointV2 undoes its own percent-encoding, with - for % and _ for /.
func proofpointV2(target string) string {
	target = strings.NewReplacer("-", "%", "_", "/").Replace(target)
	if plain, err := url.PathUnescape(target); err == nil {
		return plain
	}
	return ""
}

// proofpointV3 reads https://urldefense.com/v3/__TARGET__;…$ where * stands
// for letters that follow in base64. Those are seldom part of a link that
// people write; one with them stays wrapped.
func proofpointV3(link string) string {
	_, after, found := strings.Cut(link, "://urldefense.com/v3/__")
	if !found {
		_, after, found = strings.Cut(link, "://urldefense.us/v3/__")
	}
	target, _, ended := strings.Cut(after, "__;")
	if !found || !ended || strings.Contains(target, "*") {
		return ""
	}
	// Proofpoint folds the slashes of the scheme into one.
	if rest, ok := strings.CutPrefix(target, "https:/"); ok && !strings.HasPrefix(rest, "/") {
		target = "https://" + rest
	}
	return target
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
