package cli

// commands are all commands, in the order of the overview: what a newcomer
// needs first, then what runs, then what an operator asks for.
func commands() []command {
	return []command{
		{"inspect", "[--json] [-c FILE] MAIL...", "show how mails are read: class, kind, text, tags, commands", `
A MAIL is a file as a mail program saves it (.eml), or - for the standard input.

  minuted inspect forwarded.eml
  minuted inspect --json *.eml | jq -r .title`, inspectCommand},
		{"minutes", "[--json] FILE...", "show how minutes are read: line by line, what it was taken for", `
A FILE is markdown or plain text, or - for the standard input.

  minuted minutes 2017-01-30.md
  minuted minutes --json page.md | jq -r '.meetings[].actions[].text'`, minutesCommand},
		{"version", "", "print the version", "", versionCommand},
		{"help", "[COMMAND]", "print this, or more of one command", "", helpCommand},
	}
}
