package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	systemd "github.com/coreos/go-systemd/v22/daemon"

	"minuted/daemon"
)

func serveCommand(flags *flag.FlagSet) run {
	file := configFlag(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		life := newLife()
		d, err := working(s, *file, daemon.Options{Waiting: life.waiting, Progress: life.progress})
		if err != nil {
			return err
		}
		// Ready before the first pass: a first catch-up may take longer than
		// systemd waits, and a mail server that is down is no reason not to run.
		notify(systemd.SdNotifyReady)
		go life.watchdog(ctx)
		err = d.Serve(ctx)
		notify(systemd.SdNotifyStopping)
		return errors.Join(err, d.Close())
	}
}

func onceCommand(flags *flag.FlagSet) run {
	file := configFlag(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		progress := newProgress(s)
		d, err := working(s, *file, daemon.Options{Progress: progress.show, Log: progress.log})
		if err != nil {
			return err
		}
		err = d.Once(ctx)
		progress.end()
		return errors.Join(err, d.Close())
	}
}

func rebuildCommand(flags *flag.FlagSet) run {
	file := configFlag(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		progress := newProgress(s)
		d, err := working(s, *file, daemon.Options{Progress: progress.show, Log: progress.log})
		if err != nil {
			return err
		}
		err = d.Rebuild(ctx)
		progress.end()
		return errors.Join(err, d.Close())
	}
}

// working makes a daemon that does passes: with a log, and with a token key,
// which is made at the first start.
func working(s Streams, file string, o daemon.Options) (*daemon.Daemon, error) {
	daemon.Headroom()
	config, err := loadConfig(s, file)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = newLog(s, config.LogLevel)
	}
	for _, wrong := range config.CheckFiles() {
		o.Log.Warn(wrong)
	}
	if o.Keys, err = config.MakeTokenKeys(); err != nil {
		return nil, err
	}
	o.State = state(config)
	o.Host, _ = os.Hostname() // without one notices do not say where they come from
	return daemon.New(config, o)
}

// newLog logs to Err: one line for each thing, without the time where the
// journal notes it (systemd.exec(5): JOURNAL_STREAM).
func newLog(s Streams, level string) *slog.Logger {
	var least slog.Level
	least.UnmarshalText([]byte(level)) // the configuration knows no other words than slog
	journal := s.Getenv("JOURNAL_STREAM") != ""
	return slog.New(slog.NewTextHandler(s.Err, &slog.HandlerOptions{
		Level: least,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if journal && len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// notify tells systemd, where it listens; where it does not, nobody is told.
func notify(state string) {
	systemd.SdNotify(false, state) // a socket that is gone will show by the watchdog
}

// life is how systemd sees that each team's loop still turns.
type life struct {
	mu    sync.Mutex           // each team's loop calls from a goroutine of its own
	turns map[string]time.Time // when each team's loop was last heard of
	why   map[string]string    // why each team waits; empty: it does not
}

func newLife() *life { return &life{turns: map[string]time.Time{}, why: map[string]string{}} }

// longestTurn is how long a loop may be silent: its longest pause after faults,
// and a pass on top of it. Long work tells its progress meanwhile.
const longestTurn = 15 * time.Minute

func (l *life) waiting(team, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, known := l.why[team]
	l.turns[team], l.why[team] = time.Now(), why
	if !known || before != why {
		notify("STATUS=" + team + ": " + cmp.Or(firstLine(why), "all is well"))
	}
}

func (l *life) progress(p daemon.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turns[p.Team] = time.Now()
	notify(fmt.Sprintf("STATUS=%s: %d mails %s", p.Team, p.Done, p.What))
}

// watchdog tells systemd at half its time that all loops turn, until one does not.
func (l *life) watchdog(ctx context.Context) {
	every, err := systemd.SdWatchdogEnabled(false)
	if err != nil || every == 0 {
		return // nobody watches
	}
	ticker := time.NewTicker(every / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if l.turning(now) {
				notify(systemd.SdNotifyWatchdog)
			}
		}
	}
}

func (l *life) turning(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, turn := range l.turns {
		if now.Sub(turn) > longestTurn {
			return false
		}
	}
	return true
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
