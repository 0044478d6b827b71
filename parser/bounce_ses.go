package parser

import (
	"encoding/json"
	"strings"
)

// sesNotice is what Amazon SES tells of a mail through Amazon SNS: a JSON
// object as the whole text (Amazon SES developer guide, "notification
// contents").
type sesNotice struct {
	kind       string // bounce, delivery, complaint, or "" where it is none
	recipients []string
	messageID  string
}

// sesNotice reads the notice where the sender may be Amazon's.
func (o *origin) sesNotice() sesNotice {
	if o.mail.From == nil || !strings.HasSuffix(strings.ToLower(o.mail.From.Address), "@sns.amazonaws.com") {
		return sesNotice{}
	}
	return readSESNotice(o.root.text())
}

func readSESNotice(text string) sesNotice {
	var wire struct {
		NotificationType string `json:"notificationType"`
		Bounce           struct {
			BouncedRecipients []struct {
				EmailAddress string `json:"emailAddress"`
			} `json:"bouncedRecipients"`
		} `json:"bounce"`
		Delivery struct {
			Recipients []string `json:"recipients"`
		} `json:"delivery"`
		Mail struct {
			CommonHeaders struct {
				MessageID string `json:"messageId"`
			} `json:"commonHeaders"`
			MessageID string `json:"messageId"`
		} `json:"mail"`
	}
	// SNS breaks long lines within strings, and adds words below the object.
	text = strings.ReplaceAll(text, "\n", "")
	if json.NewDecoder(strings.NewReader(text)).Decode(&wire) != nil {
		return sesNotice{}
	}
	n := sesNotice{kind: strings.ToLower(wire.NotificationType)}
	for _, r := range wire.Bounce.BouncedRecipients {
		n.recipients = append(n.recipients, strings.ToLower(r.EmailAddress))
	}
	for _, r := range wire.Delivery.Recipients {
		n.recipients = append(n.recipients, strings.ToLower(r))
	}
	n.messageID = strings.Trim(first(wire.Mail.CommonHeaders.MessageID, wire.Mail.MessageID), "<>")
	return n
}
