package cli

// commands are all commands, in the order of the overview: what a newcomer
// needs first, then what runs, then what an operator asks for.
func commands() []command {
	return []command{
		{"demo", "[--keep DIR] [--stay]", "play a week of a team, with everything it needs inside", `
Nothing is installed, nothing leaves this machine, nothing stays behind.

  minuted demo
  minuted demo --keep letters-out    keep each letter as .eml and .html
  minuted demo --stay                join with your own mail program`, demoCommand},

		{"check", "[-c FILE]", "read the configuration, open its files, ask its servers", `
It changes nothing and sends nothing. Exit code 78: the configuration is wrong;
1: a file or a server is.

  minuted check -c config.yaml`, checkCommand},
		{"serve", "[-c FILE]", "work until told to stop; what systemd starts", `
It logs to the standard error, and makes the token key at its first start.

  minuted serve -c config.yaml`, serveCommand},
		{"once", "[-c FILE]", "do one pass for each team and end", `
Read what is new, write what is due, send what is to be sent.

  minuted once -c config.yaml`, onceCommand},
		{"status", "[--json] [-c FILE]", "say how each team stands, and what to look at", `
  minuted status
  minuted status --json | jq .Quarantined`, statusCommand},

		{"agenda", "[--json|--csv] [--team SLUG]", "list the agenda of the next call", `
  minuted agenda`, agendaCommand},
		{"items", "[--all] [--json|--csv] [--team SLUG]", "list what there is to talk about", `
  minuted items
  minuted items --all --csv > items.csv`, itemsCommand},
		{"actions", "[--owner WHO] [--all] [--json|--csv] [--team SLUG]", "list what is promised", `
  minuted actions --owner shaun
  minuted actions --owner nobody
  minuted actions --all --json | jq -r .text`, actionsCommand},
		{"tell", "[--team SLUG] COMMAND...", "give a command of the mails as operator", `
It enters as a mail in the mailbox, so that a rebuild does it again.

  minuted tell "A-17 done"
  minuted tell "T-4 accept" "T-5 drop spam"`, tellCommand},
		{"import", "[--team SLUG] PAGE", "bring along the minutes of past calls", `
A PAGE is markdown, or - for the standard input. It enters as a mail in the
mailbox; nothing is sent to anybody about past calls.

  minuted minutes page.md            see first how it is read
  minuted import page.md`, importCommand},
		{"export", "[--format markdown|html|json] [--team SLUG]", "write all minutes as one page", `
The markdown is a page that import reads again.

  minuted export > page.md
  minuted export --format json | jq .actions`, exportCommand},
		{"rebuild", "[-c FILE]", "work out all records anew from the mailbox", `
For a Redis that was lost. The records come out the same, and nothing is sent
again. The daemon must not run meanwhile.

  systemctl stop minuted
  minuted rebuild`, rebuildCommand},

		{"inspect", "[--json] [-c FILE] MAIL...", "show how mails are read: class, kind, text, tags, commands", `
A MAIL is a file as a mail program saves it (.eml), or - for the standard input.

  minuted inspect forwarded.eml
  minuted inspect --json *.eml | jq -r .title`, inspectCommand},
		{"minutes", "[--json] FILE...", "show how minutes are read: line by line, what it was taken for", `
A FILE is markdown or plain text, or - for the standard input.

  minuted minutes 2017-01-30.md
  minuted minutes --json page.md | jq -r '.meetings[].actions[].text'`, minutesCommand},
		{"preview", "[--to HANDLE] [--raw|--html] [-c FILE] KIND", "show a letter: of a made-up week, or what somebody would get now", `
With -c it is written with that team's templates, with --to from its records.

  minuted preview agenda
  minuted preview agenda --to shaun
  minuted preview weekly --html > weekly.html`, previewCommand},

		{"version", "", "print the version", "", versionCommand},
		{"help", "[COMMAND]", "print this, or more of one command", "", helpCommand},
	}
}
