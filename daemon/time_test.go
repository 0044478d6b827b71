package daemon_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"minuted/daemon"
)

// sentKeys counts what left since the story last looked, by the key of each letter
// as its Message-ID has it: agenda.20170202.2.shaun.
func (w *world) sentKeys(count map[string]int) {
	for _, l := range w.letters() {
		fields := strings.Split(l.id, ".")
		count[strings.Join(fields[:len(fields)-2], ".")]++ // without token and domain
	}
}

// halves lets time pass, with a pass at each half of an hour, and something done
// before each.
func (w *world) halves(days int, before func(step int)) map[string]int {
	sent := map[string]int{}
	for step := range days * 24 * 2 {
		before(step)
		w.clock = w.clock.Add(30 * time.Minute)
		w.pass()
		w.sentKeys(sent)
	}
	return sent
}

// A fortnight after minutes: agendas, reminders, weekly letters. What disturbs the
// clock or the daemon changes nothing in what leaves, and each leaves once.
func TestAClockThatJumpsCausesNothingTwiceAndLosesNothing(t *testing.T) {
	t.Parallel()
	const days = 15
	quiet, _ := afterMinutes(t, "")
	calm := quiet.halves(days, func(int) {})
	if len(calm) < 30 {
		t.Fatalf("%d letters in a fortnight: nothing is shown: %v", len(calm), calm)
	}
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	for name, disturb := range map[string]func(w *world, step int){
		"six hours back, once":  func(w *world, step int) { w.jump(step == 170, -hours(6)) },
		"an hour back each day": func(w *world, step int) { w.jump(step%48 == 40, -hours(1)); w.jump(step%48 == 47, hours(1)) },
		"three days back, and on again": func(w *world, step int) {
			w.jump(step == 350, -hours(72))
			w.jump(step == 354, hours(72))
		},
		"a year back for an hour": func(w *world, step int) {
			w.jump(step == 250, -hours(365*24))
			w.jump(step == 252, hours(365*24))
		},
		"started anew at each pass": func(w *world, step int) { w.daemon.Close(); w.start() },
		"started anew, with a clock that is wrong at first": func(w *world, step int) {
			if step%48 == 20 {
				w.daemon.Close()
				w.clock = w.clock.Add(-hours(20))
				w.start()
				w.pass()
				w.clock = w.clock.Add(hours(20))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := afterMinutes(t, "")
			sent := w.halves(days+1, func(step int) { disturb(w, step) })
			for _, key := range slices.Sorted(maps.Keys(calm)) {
				if sent[key] != calm[key] {
					t.Errorf("%s left %d times, undisturbed %d times", key, sent[key], calm[key])
				}
			}
			for key, n := range sent {
				if n > 1 {
					t.Errorf("%s left %d times", key, n)
				}
			}
		})
	}
}

func (w *world) jump(now bool, by time.Duration) {
	if now {
		w.clock = w.clock.Add(by)
	}
}

// A clock that runs ahead for an hour has sent what was not due. When it is right
// again nothing of that leaves again.
func TestAClockThatRanAheadRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{5 * time.Hour, 30 * time.Hour, 10 * 24 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			w, _ := afterMinutes(t, "")
			sent := w.halves(18, func(step int) {
				w.jump(step == 50, ahead)
				w.jump(step == 52, -ahead)
			})
			for key, n := range sent {
				if n > 1 {
					t.Errorf("%s left %d times", key, n)
				}
			}
			// Mail goes on, and is answered.
			w.deliver(w.write("shaun", topic(1)))
			w.sentKeys(sent)
			if n := len(slices.DeleteFunc(slices.Collect(maps.Keys(sent)), func(key string) bool { return !strings.HasPrefix(key, "receipt") })); n != 1 {
				t.Errorf("%d receipts, want 1", n)
			}
		})
	}
}

// After a week of downtime each person gets at most one letter of a kind: what was
// missed collapses, and calls that are over are not announced.
func TestAWeekOfDowntimeCollapses(t *testing.T) {
	t.Parallel()
	w, _ := afterMinutes(t, "")
	w.halves(2, func(int) {})
	w.arrive(w.write("kostas", topic(1))) // while nobody reads
	w.clock = w.clock.Add(7 * 24 * time.Hour)
	w.pass()
	got := map[string]int{}
	for _, l := range w.letters() {
		got[l.kind+" to "+l.to]++
		if l.kind == "agenda" && !strings.Contains(l.subject, w.clock.Format("2 Jan")) && strings.Contains(l.subject, "Jan") {
			t.Errorf("%q was announced at %s", l.subject, w.clock)
		}
	}
	for what, n := range got {
		if n > 1 {
			t.Errorf("%d letters: %s", n, what)
		}
	}
	if got["receipt to kostas"] != 1 {
		t.Errorf("%v, want the receipt of the mail that waited", got)
	}
}

// The hour of the call does not exist, or exists twice: there is one call, and one
// agenda of each edition to each person.
func TestACallInTheHourOfSummerTimeIsAnnouncedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone  string
		time  string
		start time.Time // a Friday
		day   string    // of the call
	}{
		"London, left out":   {"Europe/London", "01:30", time.Date(2017, 3, 24, 12, 0, 0, 0, time.UTC), "20170326"},
		"London, twice":      {"Europe/London", "01:30", time.Date(2017, 10, 27, 12, 0, 0, 0, time.UTC), "20171029"},
		"Berlin, left out":   {"Europe/Berlin", "02:30", time.Date(2017, 3, 24, 12, 0, 0, 0, time.UTC), "20170326"},
		"Berlin, twice":      {"Europe/Berlin", "02:30", time.Date(2017, 10, 27, 12, 0, 0, 0, time.UTC), "20171029"},
		"New York, left out": {"America/New_York", "02:30", time.Date(2017, 3, 10, 12, 0, 0, 0, time.UTC), "20170312"},
		"Sydney, twice":      {"Australia/Sydney", "02:30", time.Date(2017, 3, 31, 0, 0, 0, 0, time.UTC), "20170402"},
		"midnight left out":  {"America/Sao_Paulo", "00:30", time.Date(2017, 10, 13, 12, 0, 0, 0, time.UTC), "20171015"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, c.start, "")
			w.daemon.Close()
			src := fmt.Sprintf("\nteams:\n  - {address: %s, zone: %s, mailbox: {host: 127.0.0.1, tls: none, user: x, password_file: x}, smtp: {host: 127.0.0.1, tls: none}, "+
				"people: [shaun@example.com], calls: [{days: [sun], time: %q}]}\n", teamAddress, c.zone, c.time)
			config, err := daemon.ReadConfig([]byte(src), daemon.Places{Config: w.state, State: w.state})
			if err != nil {
				t.Fatal(err)
			}
			w.config.Teams[0].Zone, w.config.Teams[0].Calls = zone, config.Teams[0].Calls
			w.start()
			w.deliver(w.write("shaun", topic(1)))
			sent := w.halves(6, func(int) {})
			editions := map[string]int{}
			for key, n := range sent {
				if strings.HasPrefix(key, "agenda.") && strings.HasSuffix(key, ".shaun") {
					editions[key] += n
				}
			}
			for _, edition := range []string{"1", "2"} {
				if key := "agenda." + c.day + "." + edition + ".shaun"; editions[key] != 1 {
					t.Errorf("%s left %d times; all: %v", key, editions[key], editions)
				}
			}
			if len(editions) != 2 {
				t.Errorf("editions: %v, want two of one call", editions)
			}
		})
	}
}
