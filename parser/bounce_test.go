package parser

import (
	"strings"
	"testing"
)

// TestBouncesInWords reads bounces without fields, in the forms of many
// servers. The mail that failed went to bob@nowhere.example.
func TestBouncesInWords(t *testing.T) {
	for _, c := range []struct {
		server, from, subject, body string
		want                        string // recipients; bob@nowhere.example where empty
	}{
		{"GroupWise", "Mailer-Daemon@gw.example", "Message status - undeliverable", `
The message that you sent was undeliverable to the following:
	bob@nowhere.example (user not found)

Possibly truncated original message follows:

To: amy@partner.example
`, ""},
		{"Smail", "MAILER-DAEMON@mx.example", "mail failed, returning to sender", `
|------------------------- Failed addresses follow: ---------------------|
 <bob@nowhere.example> ... unknown host
|------------------------- Message text follows: ------------------------|
To: amy@partner.example
`, ""},
		{"IMail", "postmaster@mx.example", "Undeliverable Mail", `
user mailbox exceeds allowed size: bob@nowhere.example

Original message follows.

To: amy@partner.example
`, ""},
		{"Yahoo", "MAILER-DAEMON@yahoo.example", "Delivery failure", `
Message from yahoo.example.
Unable to deliver message to the following address(es).

<bob@nowhere.example>:
This user doesn't have a yahoo.example account [-9]

--- Original message follows.
`, ""},
		{"CompuServe", "postmaster@cs.example", "Undeliverable message", `
Your message could not be delivered as addressed.

Receiver not found: bob@nowhere.example
`, ""},
		{"Netscape", "Postmaster@mx.example", "Mail System Error - Returned Mail", `
This Message was undeliverable due to the following reason:

The user's mailbox is over quota.

     <bob@nowhere.example>

Please reply to postmaster@mx.example
if you feel this message to be in error.
`, ""},
		{"Exchange 5.5", "System Administrator <postmaster@nowhere.example>", "Undeliverable: Agenda", `
Your message

  To:      team@partner.example
  Subject: Agenda
  Sent:    Tue, 5 Mar 2024 09:00:00 -0000

did not reach the following recipient(s):

bob@nowhere.example on Tue, 5 Mar 2024 09:00:10 -0000
    The recipient name is not recognized
`, ""},
		{"Exchange 2000", "System Administrator <admin@nowhere.example>", "Undeliverable: Agenda", `
Your message did not reach some or all of the intended recipients.

      Subject:	Agenda

The following recipient(s) could not be reached:

      'bob@nowhere.example' on 3/5/2024 9:00 AM
            The e-mail account does not exist at the organization. 550 5.1.1
`, ""},
		{"Domino", "Postmaster@nowhere.example", "DELIVERY FAILURE: User bob not listed in Domino Directory", `
Your message

  Subject: Agenda

was not delivered to:

  bob@nowhere.example

because:

  User bob (bob@nowhere.example) not listed in Domino Directory
`, ""},
		{"hMailServer", "mailer-daemon@mx.example", "Message undeliverable: Agenda", `
Your message did not reach some or all of the intended recipients.

The following recipient(s) could not be reached:

bob@nowhere.example
   Error Type: SMTP
   Remote server (192.0.2.1) issued an error.
`, ""},
		{"PMDF", "Internet Mail Delivery <postmaster@mx.example>", "Delivery Notification: Delivery has failed", `
Your message cannot be delivered to the following recipients:

  Recipient address: bob@nowhere.example
  Reason: Remote SMTP server has rejected address
`, ""},
		{"MDaemon", "Postmaster@mx.example", "Permanent Delivery Failure", `
The attached message had PERMANENT fatal delivery errors!

Failed address: bob@nowhere.example

--- Session Transcript ---
 --> RCPT To:<bob@nowhere.example>
 <-- 550 <bob@nowhere.example>, Recipient unknown
`, ""},
		{"CommuniGate Pro", "MAILER-DAEMON@mx.example", "Undeliverable mail: Agenda", `
Failed to deliver to 'bob@nowhere.example'
 mailbox is full
`, ""},
		{"DragonFly", "MAILER-DAEMON <>", "Mail delivery failed", `
This is the DragonFly Mail Agent v0.13 at mx.example.

There was an error delivering your mail to <bob@nowhere.example>.

mx.nowhere.example [192.0.2.1] did not like our RCPT TO:
550 5.1.1 User unknown

Message headers follow.

To: <amy@partner.example>
`, ""},
		{"IronPort", "Mail Delivery System <MAILER-DAEMON@mx.example>", "Delivery Status Notification (Failure)", `
The following message to <bob@nowhere.example> was undeliverable.
The reason for the problem:
5.1.0 - Unknown address error 550-'5.1.1 unknown'
`, ""},
		{"James", "postmaster@mx.example", "Re: Agenda", `
Hi. This is the James mail server at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

bob@nowhere.example
`, ""},
		{"Postfix before 2.3", "MAILER-DAEMON@mx.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", `
This is the Postfix program at host mx.example.

For further assistance, please send mail to <postmaster>

<bob@nowhere.example>: host mx.nowhere.example[192.0.2.1] said: 550
    <bob@nowhere.example>: User unknown (in reply to RCPT TO command)
<eve@nowhere.example> (expanded from <all@nowhere.example>): mailbox full
`, "bob@nowhere.example, eve@nowhere.example"},
		{"a German provider", "Mail Administrator <mailer-daemon@provider.example>", "Unzustellbar: Agenda", `
Ihre Nachricht konnte nicht zugestellt werden.

Empfänger: bob@nowhere.example
Grund: Postfach existiert nicht
`, ""},
		{"163.com", "postmaster@163.example", "系统退信/Systems bounce", `
抱歉，您的邮件被退回来了……

收件人 bob@nowhere.example
退信原因 收件人地址不存在
`, ""},
		{"Exim, frozen", "Mail Delivery System <Mailer-Daemon@mx.example>", "Message 1abc-def frozen", `
Message 1abc-def has been frozen (delivery error message).
The sender is <>.

The following address(es) have yet to be delivered:

  bob@nowhere.example: Too many "Received" headers
`, ""},
		{"Exchange in a language that no table has", "postmaster@nowhere.example", "Ei mahdollinen: Agenda", `
Tsi val enna du:

bob@nowhere.example<mailto:bob@nowhere.example>

#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

Received: from mx.team.example (192.0.2.1) by mx.nowhere.example; Tue, 5 Mar 2024 09:00:00 +0000
To: amy@partner.example
`, ""},
		{"a program without a name of its own", "Robot <robot@nowhere.example>", "Mail delivery failed", `
Your message could not be delivered to bob@nowhere.example: 550 User unknown.
`, ""},
	} {
		raw := "From: " + c.from + "\nTo: minutes@team.example\nSubject: " + c.subject + "\nMessage-ID: <b@mx.example>\n" + c.body
		m := Parse([]byte(raw), Options{})
		want := first(c.want, "bob@nowhere.example")
		if m.Class != BounceClass || !m.Automatic || m.Bounce == nil {
			t.Errorf("%s: taken for %s: %s", c.server, m.Class, m.Reasons["class"])
		} else if got := strings.Join(m.Bounce.Recipients, ", "); got != want {
			t.Errorf("%s: recipients %q, want %q", c.server, got, want)
		}
	}
}

// TestLettersAboutBouncesAreLetters: people quote bounces and postmasters
// write letters.
func TestLettersAboutBouncesAreLetters(t *testing.T) {
	for _, c := range []struct{ claim, from, subject, body string }{
		{"a postmaster who misses something", "Ida <postmaster@partner.example>", "Invoice", "We did not receive your invoice, please send it again to me.\n"},
		{"a postmaster who explains", "Ida <postmaster@partner.example>", "Re: lost mail", "The mailbox is full, please tell Bob.\n"},
		{"somebody who asks about a bounce", "Jo <jo@partner.example>", "Undeliverable mail", "My mails could not be delivered to Bob for a week, who can help?\n"},
		{"somebody who passes a bounce on", "Jo <jo@partner.example>", "Fwd: Mail delivery failed", "See below.\n\nbob@nowhere.example\n550 5.1.1 User unknown\n"},
		{"a system administrator who is one", "System Administrator <root@partner.example>", "Maintenance", "The server is down on Friday.\n"},
	} {
		raw := "From: " + c.from + "\nTo: minutes@team.example\nSubject: " + c.subject + "\nMessage-ID: <b@partner.example>\n\n" + c.body
		if m := Parse([]byte(raw), Options{}); m.Class != Human {
			t.Errorf("%s: taken for %s: %s", c.claim, m.Class, m.Reasons["class"])
		}
	}
}

func TestReadStatus(t *testing.T) {
	for _, c := range []struct {
		claim, body string
		want        []statusGroup
	}{
		{"groups are divided by blank lines", "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; A@b.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822;<c@d.example>\nAction: delayed\nStatus: 4.0.0\n",
			[]statusGroup{{recipients: []string{"a@b.example"}, action: "failed", status: "5.1.1"}, {recipients: []string{"c@d.example"}, action: "delayed", status: "4.0.0"}}},
		{"or by the next recipient", "Final-Recipient: rfc822; a@b.example\nAction: failed\nFinal-Recipient: rfc822; c@d.example\nAction: failed\n",
			[]statusGroup{{recipients: []string{"a@b.example"}, action: "failed"}, {recipients: []string{"c@d.example"}, action: "failed"}}},
		{"the final recipient counts before the original one", "Original-Recipient: rfc822;alias@b.example\nFinal-Recipient: rfc822;a@b.example\nAction: failed\n",
			[]statusGroup{{recipients: []string{"a@b.example", "alias@b.example"}, action: "failed"}}},
		{"a status without an action speaks for itself", "Final-Recipient: rfc822; a@b.example\nStatus: 4.2.2\n",
			[]statusGroup{{recipients: []string{"a@b.example"}, action: "delayed", status: "4.2.2"}}},
		{"the other server's words are more exact than 5.0.0", "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 5.2.2\n Over quota\n",
			[]statusGroup{{recipients: []string{"a@b.example"}, action: "failed", status: "5.2.2"}}},
		{"the id of the mail stands with the whole mail", "Original-Message-ID: <m@a.example>\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n",
			[]statusGroup{{recipients: []string{"a@b.example"}, action: "failed", messageID: "m@a.example"}}},
		{"an address of another kind is none", "Final-Recipient: x400; /S=Bob/\nAction: failed\n",
			[]statusGroup{{action: "failed"}}},
		{"a report about nobody has no group", "Reporting-MTA: dns; a\nArrival-Date: Tue, 5 Mar 2024 09:00:00 +0000\n", nil},
	} {
		got := readStatus(c.body)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %+v", c.claim, got)
			continue
		}
		for i, g := range got {
			w := c.want[i]
			if strings.Join(g.recipients, " ") != strings.Join(w.recipients, " ") || g.action != w.action || g.status != w.status || g.messageID != w.messageID {
				t.Errorf("%s: got %+v, want %+v", c.claim, g, w)
			}
		}
	}
}

func TestAddressesIn(t *testing.T) {
	for s, want := range map[string]string{
		"<Bob@Nowhere.example>:":                   "bob@nowhere.example",
		"'bob@nowhere.example' on 3/5/2024":        "bob@nowhere.example",
		"o'brien@nowhere.example":                  "o'brien@nowhere.example",
		"rfc822;bob+tag=1@nowhere.example.":        "bob+tag=1@nowhere.example",
		"bob@nowhere.example<mailto:bob@x.org>":    "bob@nowhere.example bob@x.org",
		"bob@büro.example":                         "bob@büro.example",
		"mail2.one.lv. (10): Connection dropped @": "",
	} {
		if got := strings.Join(addressesIn(s), " "); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestStatusIn(t *testing.T) {
	for s, want := range map[string]string{
		"550 5.1.1 unknown":       "5.1.1",
		"(#5.7.1)":                "5.7.1",
		"status 4.2.2.":           "4.2.2",
		"from 192.5.1.1":          "",
		"version 5.1.1.7":         "",
		"5.65/1.36":               "",
		"said: 452-4.2.0 try":     "4.2.0",
		"10.5.1.1 said 550 5.7.0": "5.7.0",
	} {
		if got := statusIn(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}
