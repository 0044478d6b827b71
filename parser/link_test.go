package parser

import "testing"

func TestLinksAreTakenOutOfTheirWrappers(t *testing.T) {
	for link, want := range map[string]string{
		"https://corp.example/a?b=c": "https://corp.example/a?b=c",
		"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcorp.example%2Fa%3Fb%3Dc&data=05%7C01&reserved=0":                 "https://corp.example/a?b=c",
		"https://www.google.com/url?q=https://corp.example/a&source=gmail&ust=1&usg=x":                                                       "https://corp.example/a",
		"https://urldefense.proofpoint.com/v2/url?u=https-3A__corp.example_a-5Fb&d=DwMF&c=x":                                                 "https://corp.example/a_b",
		"https://urldefense.com/v3/__https://corp.example/a__;!!x$":                                                                          "https://corp.example/a",
		"https://urldefense.com/v3/__https:/corp.example/a__;!!x$":                                                                           "https://corp.example/a",
		"https://www.google.com/url?q=https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fcorp.example%252F": "https://corp.example/",
		"https://corp.example/a?utm_source=news&id=4&utm_medium=mail#top":                                                                    "https://corp.example/a?id=4#top",
		"https://corp.example/a?utm_source=news":                                                                                             "https://corp.example/a",
		"https://www.google.com/url?q=javascript:alert(1)":                                                                                   "https://www.google.com/url?q=javascript:alert(1)",
		"https://www.google.com/search?q=https://corp.example":                                                                               "https://www.google.com/search?q=https://corp.example",
		"https://safelinks.example/?url=https://corp.example":                                                                                "https://safelinks.example/?url=https://corp.example",
		"not a link": "not a link",
		"https://www.google.co.uk/url?q=https://corp.example/a":                                                            "https://corp.example/a",
		"https://urldefense.com/v3/__https://corp.example/a*b__;Iw!!x$":                                                    "https://corp.example/a#b",
		"https://urldefense.com/v3/__https://corp.example/a**Ab__;w6TDtg!!x$":                                              "https://corp.example/aäöb",
		"https://urldefense.com/v3/__https://corp.example/a*b__;!!x$":                                                      "https://urldefense.com/v3/__https://corp.example/a*b__;!!x$",
		"https://deref-gmx.net/mail/client/x/dereferrer/?redirectUrl=https%3A%2F%2Fcorp.example%2Fa":                       "https://corp.example/a",
		"https://secure-web.cisco.com/1x/https%3A%2F%2Fcorp.example%2Fa%3Fb":                                               "https://corp.example/a?b",
		"https://secure-web.cisco.com/1x":                                                                                  "https://secure-web.cisco.com/1x",
		"https://protect.checkpoint.com/v2/___https://corp.example/a___.YXAz":                                              "https://corp.example/a",
		"https://isolate.menlosecurity.com/1/3/https:/corp.example/a/http/b":                                               "https://corp.example/a/http/b",
		"https://eu-west-1.protection.sophos.com?d=corp.example&u=aHR0cHM6Ly9jb3JwLmV4YW1wbGUvYQ==&i=1":                    "https://corp.example/a",
		"https://statics.teams.cdn.office.net/e/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Fcorp.example%2Fa&locale=": "https://corp.example/a",
		"https://u1.ct.sendgrid.net/ls/click?upn=abc-2F":                                                                   "https://u1.ct.sendgrid.net/ls/click?upn=abc-2F",
	} {
		if got, _ := cleanLink(link); got != want {
			t.Errorf("%s:\n got %s\nwant %s", link, got, want)
		}
	}
}

func TestOutermostWrapperIsNamed(t *testing.T) {
	if _, wrapper := cleanLink("https://www.google.com/url?q=https://corp.example/a"); wrapper != "Google redirect" {
		t.Errorf("%q", wrapper)
	}
	if _, wrapper := cleanLink("https://corp.example/a?utm_source=x"); wrapper != "" {
		t.Errorf("%q", wrapper)
	}
}
