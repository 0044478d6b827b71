// Package daemon is the loop and its organs: it does for each team what new
// mail and the passing of time ask for.
//
// # A guided tour
//
// Begin with daemon.go. A pass does three verbs, one after the other, and returns:
//
//	receive   mailbox.Fetch -> parser.Parse -> agenda.Apply -> digest.Letters -> store.Commit -> mailbox.FileAway
//	publish   what is due by now: agenda.Fire -> digest.Letters -> store.Commit
//	deliver   store.NextLetters -> outbox.Send -> store settles
//
// serve.go decides when the next pass starts, and knows nothing else. team.go
// holds what a pass works with: the organs, the lease, and the book.
//
// The book (package agenda) is what a team tracks, in memory while the lease is
// held. It is a fold over the mails in the order they were handled, each at the
// instant it arrived, and over what fell due between them. So the mailbox is the
// record and Redis the index: rebuild.go reads what was filed away again, with
// letters counted as sent, and has the same records. What operators do enters
// by the mailbox, too (control.go writes the mail).
//
// A mail is committed by one script with its ledger entry, its records and its letters
// (store/commit.go). Commits of a batch expect each the number the one before
// left: if one is refused the rest is, the book is thrown away and the next pass
// loads it again. Only after that is a mail filed away. Whatever dies in
// between, the next start finds the mail either untouched or done.
//
// A letter is stored before it is sent and settled after. One whose end nobody
// told is sent again only if the mailbox has no copy of it, and always as the
// same bytes.
//
// Some mail may end the program by being read. flight.go notes in a small file
// which one is in hand; the third start sets it aside.
//
// The organs do not know each other: mailbox speaks IMAP, store Redis, outbox
// SMTP. Time comes from Options.Now alone, but for the lease, which lives by the
// machine's clock since that is what Redis lives by.
//
// The tests read like the manual: testdata/story has mail in, days pass, letters out.
package daemon
