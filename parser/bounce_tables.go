package parser

import "regexp"

// traceFields begin the header of a returned mail in whatever language the
// report is: a line that begins with one was not written by the reporter.
var traceFields = []string{
	"Received:", "Return-Path:", "Return-path:", "DKIM-Signature:", "ARC-Seal:", "X-Google-Smtp-Source:", "Delivered-To:",
	"> Received:", "   Received:", "   Return-Path:",
}

// address is a mail address as reports print it, without the quotes and
// brackets around it: "<a@b.example>:" and "'a@b.example'" give the same, and
// o'brien@b.example keeps its apostrophe.
const (
	address   = `(` + localChar + `+(?:'` + localChar + `+)*@[\pL\pN-]+(?:\.[\pL\pN-]+)+)`
	localChar = `[^\s<>"'(),:;@\[\]|*：；，、。（）「」『』【】《》]`
)

// recipientShapes are the lines in which reports name a failed recipient,
// the surest first; people do not write in those that are sure.
var recipientShapes = []struct {
	shape   *regexp.Regexp
	sure    bool
	program string
}{
	{regexp.MustCompile(`(?m)^[ \t]+[^\s<>"']+@[^\s<>"']+ <` + address + `>:`), true, "Exim: an address that has another one for its name"},
	{regexp.MustCompile(`(?m)^[ \t]*(?:>>> )?[<"']` + address + `[>"']\s*(?::|$|\.\.\.| on |\()`), true, "qmail, Postfix, sendmail, GMX, MX Logic: <a@b>: at the beginning of a line"},
	{regexp.MustCompile(`(?m)^[ \t]*[*>•-]*[ \t]*` + address + `(?:<mailto:[^>]*>)?[ \t]*\r?(?:$|:| on | \[|\()`), true, "Exim, Gmail, Exchange, OpenSMTPD: an address at the beginning of a line"},
	{regexp.MustCompile(`(?i)\bsmtp[=:]` + address), true, "Exchange 5.5 and MailEnable: X.400 and proxy addresses"},
	{regexp.MustCompile(`(?m)^[ \t]*` + address + ` `), false, "Zoho: an address and what is wrong with it"},
	{regexp.MustCompile(`(?m)^[45]\d\d[ -]<` + address + `>\.\.\. `), true, "sendmail 5: a line of its own in the transcript"},
	{regexp.MustCompile(`(?im)\brcpt to:?\s*<?` + address), true, "InterScan, James and all that print the SMTP dialogue"},
	{regexp.MustCompile(`(?im)(?:\bto|address|recipients?|user|mailbox|errors|attempts)[^@\n]{0,12}?:[ \t]*[<"']?` + address), false, "DragonFly, KDDI, IMail, MailEnable: a word for recipient and the address"},
	{regexp.MustCompile(`(?im)\bto[ \t]+(?:this address\s+)?[<"']+` + address), false, "DragonFly, CommuniGate Pro: delivering your mail to <a@b>"},
	{regexp.MustCompile(`(?im)\b(?:user|recipient|mailbox|account|address|to)[ \t]+[<"'(]*` + address), false, "Lotus, IronPort and others: a word for recipient before the address"},
	{regexp.MustCompile(address), false, "any other address in the report"},
}
