package parser

import (
	"strings"
	"testing"
)

func TestLinesOfDevicesAreNotTheSendersOwn(t *testing.T) {
	for _, row := range signatureTable {
		for _, words := range row.words {
			if row.kind != "device" {
				continue
			}
			line := strings.ReplaceAll(words, "…", "iPhone")
			for _, text := range []string{
				"My answer.\n\n" + line + "\n",
				"My answer.\n" + line + ".\n",
				"My answer.\n\n" + line + "<https://aka.example/x>\n\nAn old question\n",
				line + "\n\nMy answer.\n",
				"My answer.\n\n(" + line + ")\n",
			} {
				if own, _, _ := trimReply(newProse(text)); own != "My answer." {
					t.Errorf("%s: of %q is left %q", row.lang, text, own)
				}
			}
		}
	}
}

func TestFootersAreNotTheSendersOwn(t *testing.T) {
	for name, footer := range map[string]string{
		"delimiter":       "-- \nAnn\nPlatform",
		"stripped":        "--\nAnn\n\nPlatform",
		"dash":            "—\nAnn",
		"Mailman":         "_______________________________________________\nteam mailing list\nteam@x.example\nhttps://x.example/team",
		"stars":           "* * *\nAnn",
		"Google Groups":   "-- \nYou received this message because you are subscribed to the Google Groups \"team\" group.",
		"GitHub":          "—\nReply to this email directly, view it on GitHub.",
		"ezmlm":           "---------------------------------------------------------------------\nTo unsubscribe, e-mail: team-unsubscribe@x.example",
		"confidential":    "Confidentiality notice: the contents of this mail are secret.",
		"German company":  "Diese E-Mail enthält vertrauliche Informationen.",
		"below a quote":   "> An old question\n\n-- \nAnn",
		"device":          "Sent from my Alcatel Flash2",
		"excuse":          "Sent from my phone, please excuse any typos.",
		"angle brackets":  "<<sent by galaxy>>",
		"Outlook for iOS": "Get Outlook for iOS<https://aka.example/o>\n________________________________\nFrom: Bob <bob@x.example>\nSent: Monday, November 16, 2026 9:15 AM\nTo: Ann <ann@x.example>\nSubject: Plan\n\nWhen?",
	} {
		t.Run(name, func(t *testing.T) {
			if own, _, _ := trimReply(newProse("My answer.\n\n" + footer + "\n")); own != "My answer." {
				t.Errorf("left is %q", own)
			}
		})
	}
}

func TestWhatLooksLikeAFooterMayBeTheSendersOwn(t *testing.T) {
	for _, text := range []string{
		"Sent from my desk, is much easier than my phone.",
		"The note was sent from my iPhone to all.",
		"-- first point\n-- second point",
		"Name   Date\n-----------\nAnn    3 May",
		"One.\n====\nTwo.",
		"___\nA field to fill in",
		"To unsubscribe is easy.",
	} {
		if own, _, _ := trimReply(newProse(text)); own != text {
			t.Errorf("of %q is left %q", text, own)
		}
	}
}

func TestBannerOfAGatewayIsNotTheSendersOwn(t *testing.T) {
	text := "CAUTION: This mail is from outside.\nDo not click.\n\nMy answer."
	if own, _, _ := trimReply(newProse(text)); own != "My answer." {
		t.Errorf("left is %q", own)
	}
}
