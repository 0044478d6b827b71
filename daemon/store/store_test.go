package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"minuted/agenda"
	"minuted/digest"
)

var noon = time.Date(2017, 2, 1, 12, 0, 0, 0, time.UTC)

// onEach runs a test against the Redis inside the process and, where it is installed, the real one.
func onEach(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("miniredis", func(t *testing.T) {
		server := miniredis.RunT(t)
		server.SetTime(noon)
		test(t, open(t, "redis://"+server.Addr()))
	})
	t.Run("redis", func(t *testing.T) { test(t, open(t, "unix://"+realRedis(t))) })
}

func open(t *testing.T, url string) *Store {
	s, err := Open(Config{URL: url, Timeout: 5 * time.Second}, func() time.Time { return time.Now() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// realRedis starts a redis-server of its own on a socket in a folder of its own.
func realRedis(t *testing.T) string {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		if strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
			t.Fatal("redis-server is not on this machine, and MINUTED_REQUIRE=servers asks for it")
		}
		t.Skip("redis-server is not on this machine: the test ran against miniredis only")
	}
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	server := exec.Command(program, "--port", "0", "--unixsocket", socket, "--dir", dir, "--appendonly", "yes", "--save", "")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait(); os.RemoveAll(dir) })
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			return socket
		}
	}
	t.Fatal("redis-server does not answer")
	return ""
}

func lease(t *testing.T, team *Team, holder string) Lease {
	t.Helper()
	l, ok, err := team.Acquire(context.Background(), holder, "", time.Minute)
	if err != nil || !ok {
		t.Fatalf("acquire: %v, %v", ok, err)
	}
	return l
}

func record(key, text string) agenda.Record {
	return agenda.Record{Key: key, JSON: []byte(text), Open: true}
}

func TestCommit_keeps_everything_of_a_mail(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		n, err := team.Commit(ctx, l, 0, []Commit{{
			Source:  &Source{Validity: 7, UID: 3, Hash: "abc", Folder: agenda.Handled},
			Count:   "item",
			Records: []agenda.Record{record("item:1", `{"id":1}`), {Key: "thread:x", JSON: []byte(`"T-1"`)}, {Key: "card:k", JSON: []byte(`{}`), Expires: time.Now().Add(time.Hour)}},
			Letters: []digest.Letter{{Key: "receipt.1", Kind: agenda.ReceiptLetter, To: []string{"sam@example.com"}, At: noon, Bytes: []byte("Subject: x\r\n\r\n.")}},
		}})
		if n != 1 || err != nil {
			t.Fatalf("Commit = %d, %v", n, err)
		}
		got, err := team.Load(ctx)
		if err != nil || got.Seq != 1 || got.Watermark != 3 || got.Validity != 7 || len(got.Records) != 1 || got.Filing[3] != agenda.Handled {
			t.Fatalf("Load = %+v, %v", got, err)
		}
		seen, records, err := team.Look(ctx, []string{"abc", "def"}, []string{"thread:x", "card:k", "item:9"})
		if err != nil || !seen["abc"] || seen["def"] || len(records) != 2 {
			t.Fatalf("Look = %v, %v, %v", seen, records, err)
		}
		letters, err := team.NextLetters(ctx, l, noon, 5)
		if err != nil || len(letters) != 1 || string(letters[0].Bytes) != "Subject: x\r\n\r\n." || letters[0].Unclear {
			t.Fatalf("NextLetters = %+v, %v", letters, err)
		}
	})
}

func TestCommit_refuses(t *testing.T) {
	mail := Commit{Source: &Source{Validity: 7, UID: 3, Hash: "abc", Folder: agenda.Handled}, Records: []agenda.Record{record("item:1", `{}`)}}
	same := mail
	same.Source = &Source{Validity: 7, UID: 9, Hash: "abc"}
	bare := Commit{Source: &Source{Validity: 7, UID: 3, Folder: agenda.Quarantine}} // too large to have a hash
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		old := lease(t, team, "one")
		if _, err := team.Commit(ctx, old, 0, []Commit{mail}); err != nil {
			t.Fatal(err)
		}
		cases := []struct {
			name   string
			lease  Lease
			seq    int64
			commit Commit
			want   error
		}{
			{"the same mail again", old, 1, mail, ErrSeen},
			{"the same content under another UID", old, 1, same, ErrSeen},
			{"the same mail again, of no known content", old, 1, bare, ErrSeen},
			{"on records that have changed", old, 0, Commit{Source: &Source{Validity: 7, UID: 4, Hash: "new"}}, ErrStale},
			{"after the lease was taken over", Lease{Holder: "one", Epoch: old.Epoch - 1}, 1, Commit{Source: &Source{Validity: 7, UID: 5, Hash: "newer"}}, ErrFenced},
		}
		for _, c := range cases {
			if n, err := team.Commit(ctx, c.lease, c.seq, []Commit{c.commit}); n != 0 || !errors.Is(err, c.want) {
				t.Errorf("%s: Commit = %d, %v, want %v", c.name, n, err, c.want)
			}
		}
		if got, _ := team.Load(ctx); got.Seq != 1 || got.Watermark != 3 {
			t.Errorf("a refused commit left its mark: %+v", got)
		}
	})
}

func TestCommit_stops_at_the_first_that_is_refused(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		var commits []Commit
		for _, hash := range []string{"a", "b", "a", "c"} {
			uid := uint32(len(commits) + 1)
			commits = append(commits, Commit{Source: &Source{Validity: 1, UID: uid, Hash: hash}, Records: []agenda.Record{record(fmt.Sprint("item:", uid), "{}")}})
		}
		n, err := team.Commit(ctx, l, 0, commits)
		if n != 2 || !errors.Is(err, ErrSeen) {
			t.Fatalf("Commit = %d, %v, want 2 and ErrSeen", n, err)
		}
		if got, _ := team.Load(ctx); len(got.Records) != 2 {
			t.Errorf("%d records after two commits", len(got.Records))
		}
	})
}

func TestCommit_moves_records_between_open_and_past(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		closed := record("action:4", `{"state":"done"}`)
		closed.Open = false
		steps := []agenda.Record{record("action:4", `{"state":"open"}`), closed, record("action:4", `{"state":"open"}`), {Key: "action:4"}}
		open := []int{1, 0, 1, 0}
		for i, r := range steps {
			if _, err := team.Commit(ctx, l, int64(i), []Commit{{Records: []agenda.Record{r}}}); err != nil {
				t.Fatal(err)
			}
			if got, _ := team.Load(ctx); len(got.Records) != open[i] {
				t.Errorf("step %d: %d open records, want %d", i, len(got.Records), open[i])
			}
		}
		if all, _ := team.All(ctx); len(all) != 0 {
			t.Errorf("a forgotten record is still there: %v", all)
		}
	})
}

func TestCommit_steps_over_a_mail_that_cannot_be_read_yet(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		commits := []Commit{{Source: &Source{Validity: 1, UID: 1, Late: true}}, {Source: &Source{Validity: 1, UID: 2, Hash: "b"}}}
		if _, err := team.Commit(ctx, l, 0, commits); err != nil {
			t.Fatal(err)
		}
		got, _ := team.Load(ctx)
		if got.Watermark != 2 || len(got.Late) != 1 {
			t.Fatalf("Load = %+v", got)
		}
		if _, err := team.Commit(ctx, l, 2, []Commit{{Source: &Source{Validity: 1, UID: 1, Hash: "a"}}}); err != nil {
			t.Errorf("the late mail was refused: %v", err)
		}
		if got, _ := team.Load(ctx); len(got.Late) != 0 || got.Watermark != 2 {
			t.Errorf("Load = %+v", got)
		}
	})
}

func TestCommit_starts_over_when_the_mailbox_was_made_anew(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		commits := []Commit{{Source: &Source{Validity: 1, UID: 500, Hash: "a", Folder: agenda.Handled}}, {Source: &Source{Validity: 2, UID: 1, Hash: "b"}}}
		if _, err := team.Commit(ctx, l, 0, commits); err != nil {
			t.Fatal(err)
		}
		if got, _ := team.Load(ctx); got.Watermark != 1 || got.Validity != 2 || len(got.Filing) != 0 {
			t.Errorf("Load = %+v", got)
		}
	})
}

func TestLease_belongs_to_one(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		first := lease(t, team, "one")
		if _, ok, err := team.Acquire(ctx, "two", "", time.Minute); ok || err != nil {
			t.Errorf("a second daemon got the lease: %v, %v", ok, err)
		}
		if err := team.Release(ctx, first); err != nil {
			t.Fatal(err)
		}
		second := lease(t, team, "two")
		if second.Epoch <= first.Epoch {
			t.Errorf("epoch %d after %d", second.Epoch, first.Epoch)
		}
		if err := team.Renew(ctx, first, time.Minute); !errors.Is(err, ErrFenced) {
			t.Errorf("Renew of a lost lease = %v", err)
		}
		if _, err := team.Commit(ctx, first, 0, []Commit{{}}); !errors.Is(err, ErrFenced) {
			t.Errorf("Commit with a lost lease = %v", err)
		}
	})
}

func TestLetters(t *testing.T) {
	letter := digest.Letter{Key: "agenda.1", To: []string{"sam@example.com", "archive@example.com"}, At: noon, Bytes: []byte("x")}
	start := func(t *testing.T, s *Store) (context.Context, *Team, Queued) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		if _, err := team.Commit(ctx, l, 0, []Commit{{Letters: []digest.Letter{letter, letter}}}); err != nil {
			t.Fatal(err)
		}
		if early, _ := team.NextLetters(ctx, l, noon.Add(-time.Second), 5); len(early) != 0 {
			t.Errorf("%d letters before their time", len(early))
		}
		due, err := team.NextLetters(ctx, l, noon, 5)
		if err != nil || len(due) != 1 {
			t.Fatalf("NextLetters = %+v, %v: one key is one letter", due, err)
		}
		return ctx, team, due[0]
	}
	next := func(t *testing.T, team *Team, at time.Time) []Queued {
		t.Helper()
		due, err := team.NextLetters(context.Background(), lease(t, team, "one"), at, 5)
		if err != nil {
			t.Fatal(err)
		}
		return due
	}
	t.Run("in flight it is not taken twice", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			_, team, _ := start(t, s)
			if due := next(t, team, noon); len(due) != 0 {
				t.Errorf("taken twice: %+v", due)
			}
		})
	})
	t.Run("sent it is gone, and its key writes no second one", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team, q := start(t, s)
			if err := team.Sent(ctx, q, noon); err != nil {
				t.Fatal(err)
			}
			if _, err := team.Commit(ctx, lease(t, team, "one"), 1, []Commit{{Letters: []digest.Letter{letter}}}); err != nil {
				t.Fatal(err)
			}
			if due := next(t, team, noon.Add(time.Hour)); len(due) != 0 {
				t.Errorf("sent again: %+v", due)
			}
		})
	})
	t.Run("of a dead daemon it is unclear", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team, _ := start(t, s)
			if err := team.Recover(ctx, noon, noon.Add(time.Minute), false); err != nil {
				t.Fatal(err)
			}
			if due := next(t, team, noon); len(due) != 0 {
				t.Errorf("its copy had no time to arrive: %+v", due)
			}
			if due := next(t, team, noon.Add(time.Minute)); len(due) != 1 || !due[0].Unclear {
				t.Errorf("after a death: %+v", due)
			}
		})
	})
	t.Run("of a Redis started anew it is looked for, in time", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team := context.Background(), s.Team("architecture")
			if _, err := team.Commit(ctx, lease(t, team, "one"), 0, []Commit{{Letters: []digest.Letter{letter}}}); err != nil {
				t.Fatal(err)
			}
			if err := team.Recover(ctx, noon, noon.Add(time.Minute), true); err != nil {
				t.Fatal(err)
			}
			if due := next(t, team, noon); len(due) != 0 {
				t.Errorf("its copy had no time to arrive: %+v", due)
			}
			if due := next(t, team, noon.Add(time.Minute)); len(due) != 1 || !due[0].Unclear {
				t.Errorf("after a restart: %+v", due)
			}
		})
	})
	t.Run("of a daemon that was overtaken it is not put back", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team, q := start(t, s)
			lease(t, team, "one")
			if err := team.Again(ctx, q, "late", noon, noon); !errors.Is(err, ErrFenced) {
				t.Errorf("Again = %v", err)
			}
			if err := team.Sent(ctx, q, noon); err != nil {
				t.Errorf("Sent = %v: it is true whoever did it", err)
			}
		})
	})
	t.Run("put back it comes at its next time with its count", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team, q := start(t, s)
			if err := team.Again(ctx, q, "450 busy", noon, noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			if due := next(t, team, noon.Add(59*time.Minute)); len(due) != 0 {
				t.Errorf("too early: %+v", due)
			}
			due := next(t, team, noon.Add(time.Hour))
			if len(due) != 1 || due[0].Tries != 1 || !due[0].First.Equal(noon) || due[0].Unclear || string(due[0].Bytes) != "x" {
				t.Errorf("the second try: %+v", due)
			}
		})
	})
	t.Run("failed it is told", func(t *testing.T) {
		onEach(t, func(t *testing.T, s *Store) {
			ctx, team, q := start(t, s)
			if err := team.Failed(ctx, q, "550 no such user", noon); err != nil {
				t.Fatal(err)
			}
			status, err := team.Status(ctx)
			if err != nil || len(status.Failed) != 1 || status.Failed[0].Why != "550 no such user" || len(status.Waiting) != 0 {
				t.Errorf("Status = %+v, %v", status, err)
			}
		})
	})
}

func TestSinceNotice_counts_what_was_sent_after_the_last_one(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, team := context.Background(), s.Team("architecture")
		l := lease(t, team, "one")
		for n, c := range []struct {
			kind          agenda.Kind
			sent, waiting int // before it is sent, and after
		}{{agenda.Reminder, 0, 1}, {agenda.Reminder, 1, 1}, {agenda.Notice, 0, 1}, {agenda.Reminder, 1, 1}} {
			letter := digest.Letter{Key: fmt.Sprint(n), Kind: c.kind, To: []string{"sam@example.com"}, At: noon, Bytes: []byte("x")}
			if _, err := team.Commit(ctx, l, int64(n), []Commit{{Letters: []digest.Letter{letter}}}); err != nil {
				t.Fatal(err)
			}
			sent, waiting, err := team.SinceNotice(ctx)
			if err != nil || sent != c.sent || waiting != c.waiting {
				t.Errorf("letter %d: %d sent, %d waiting, %v; want %d and %d", n, sent, waiting, err, c.sent, c.waiting)
			}
			due, err := team.NextLetters(ctx, l, noon, 5)
			if err != nil || len(due) != 1 {
				t.Fatal(due, err)
			}
			for range 2 { // the answer to the first was lost
				if err := team.Sent(ctx, due[0], noon); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestWipe_touches_only_its_team(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, one, two := context.Background(), s.Team("one"), s.Team("two")
		for _, team := range []*Team{one, two} {
			if _, err := team.Commit(ctx, lease(t, team, "d"), 0, []Commit{{Records: []agenda.Record{record("item:1", "{}")}}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.Wipe(ctx, lease(t, one, "d")); err != nil {
			t.Fatal(err)
		}
		if got, _ := one.Load(ctx); !got.Fresh || len(got.Records) != 0 {
			t.Errorf("wiped: %+v", got)
		}
		if got, _ := two.Load(ctx); len(got.Records) != 1 {
			t.Errorf("the other team lost %+v", got)
		}
	})
}

func TestDurability_of_a_real_redis(t *testing.T) {
	s := open(t, "unix://"+realRedis(t))
	d, err := s.Durability(context.Background())
	if err != nil || !d.Kept || d.Version == "" {
		t.Errorf("with appendonly yes: %+v, %v", d, err)
	}
}

func TestError_names_the_remedy(t *testing.T) {
	s, err := Open(Config{URL: "redis://127.0.0.1:1", Timeout: time.Second}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var problem *Error
	if _, err = s.Team("x").Load(context.Background()); !errors.As(err, &problem) || problem.Hint == "" {
		t.Errorf("a Redis that is down: %v", err)
	}
}
