//go:build unix

package outbox

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"minuted/cli/demo/servers"
)

// needs skips a test whose server is missing, unless servers are required.
func needs(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, servers.ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSink_takes_letters_on_one_connection(t *testing.T) {
	sink, err := servers.StartSink(t.TempDir())
	needs(t, err)
	defer sink.Stop()
	o := open(t, sink.Port, nil)
	for range 3 {
		wantState(t, o.Send(t.Context(), sender, []string{person, archive}, letter), Sent)
	}
	mails, err := sink.Mails()
	if err != nil || len(mails) != 3 {
		t.Fatalf("%d letters, %v", len(mails), err)
	}
	for _, mail := range mails {
		got := bytes.ReplaceAll(mail, []byte("\r\n"), []byte("\n"))
		if want := bytes.ReplaceAll(letter, []byte("\r\n"), []byte("\n")); !bytes.Contains(got, want) {
			t.Errorf("%q does not hold %q", got, want)
		}
	}
}

func TestSink_that_refuses_or_hangs_up_is_told(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want State
	}{
		{"refused at RCPT for now", []string{"-r", "rcpt"}, Again},
		{"refused at RCPT", []string{"-f", "rcpt"}, Failed},
		{"refused after the final dot", []string{"-f", "."}, Failed},
		{"hung up at MAIL", []string{"-q", "mail"}, Again},
		{"hung up after the final dot", []string{"-q", "."}, Unclear},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink, err := servers.StartSink(t.TempDir(), c.args...)
			needs(t, err)
			defer sink.Stop()
			wantState(t, open(t, sink.Port, nil).Send(t.Context(), sender, []string{person}, letter), c.want)
		})
	}
}
