package parser

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
)

// hopFields are the header fields that servers add on the way, so that two
// copies of one mail differ in them. Lower case, sorted by who writes them:
// RFC 5321 section 4.4, delivery agents, filters, lists of authentication results.
var hopFields = map[string]bool{
	"received": true, "return-path": true,
	"delivered-to": true, "x-original-to": true, "envelope-to": true, "x-envelope-to": true, "x-delivered-to": true, "lines": true, "status": true, "x-status": true, "x-uid": true, "x-keywords": true, "x-mozilla-status": true, "x-mozilla-status2": true, "x-gmail-labels": true, "x-gm-thrid": true, "x-received": true,
	"authentication-results": true, "arc-authentication-results": true, "arc-message-signature": true, "arc-seal": true, "received-spf": true, "x-google-smtp-source": true,
	"x-spam-status": true, "x-spam-level": true, "x-spam-score": true, "x-spam-flag": true, "x-spam-checker-version": true, "x-virus-scanned": true, "x-rspamd-server": true, "x-rspamd-queue-id": true, "x-spamd-result": true, "x-spamd-bar": true,
}

// ContentHash names what a mail says, whichever way it came: SHA-256 in hex over
// its header without the fields of servers on the way, and its body. Line ends
// count as LF.
func ContentHash(raw []byte) string {
	sum := sha256.New()
	skipping := false
	for len(raw) > 0 {
		line, rest := nextLine(raw)
		if len(line) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			skipping = isHop(line)
		}
		if !skipping {
			sum.Write(line)
			sum.Write([]byte{'\n'})
		}
		raw = rest
	}
	for len(raw) > 0 {
		cut := bytes.IndexByte(raw, '\r')
		if cut < 0 {
			sum.Write(raw)
			break
		}
		sum.Write(raw[:cut])
		raw = raw[cut+1:]
		if len(raw) == 0 || raw[0] != '\n' {
			sum.Write([]byte{'\r'}) // a bare one is part of the text
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// nextLine splits off one line of a header, without its end.
func nextLine(raw []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(raw, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

func isHop(line []byte) bool {
	name, _, ok := bytes.Cut(line, []byte{':'})
	return ok && hopFields[string(bytes.ToLower(bytes.TrimSpace(name)))]
}
