package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"minuted/daemon/mailbox"
	"minuted/daemon/store"
)

const (
	patience    = 20 // faults in a row; then nobody is looking
	backOffLong = 5 * time.Minute
	loginPause  = 2 * time.Minute // after a refused login, doubled with each more
)

// Pace is how long a daemon waits for what. The zero value of each means its default.
type Pace struct {
	Lease    time.Duration // how long a silent daemon keeps a team; a pass renews it. 45 s
	Look     time.Duration // without news: keeps the lease, and notices a clock that jumped. 15 s
	Retry    time.Duration // after the first fault, doubled with each more. 2 s
	RetryMax time.Duration // at first: who restarts a server looks whether the daemon is back. 25 s
	Copy     time.Duration // how long the copy of a letter may be on its way to the mailbox. 30 s
	Answer   time.Duration // how long a server may say nothing; 0: what the packages of the servers think right
}

func (p Pace) withDefaults() Pace {
	p.Lease = cmp.Or(p.Lease, 45*time.Second)
	p.Look = cmp.Or(p.Look, 15*time.Second)
	p.Retry = cmp.Or(p.Retry, 2*time.Second)
	p.RetryMax = cmp.Or(p.RetryMax, 25*time.Second)
	p.Copy = cmp.Or(p.Copy, 30*time.Second)
	return p
}

// Options is what a daemon gets beside its configuration.
type Options struct {
	Now      func() time.Time       // nil: the machine's clock
	Log      *slog.Logger           // nil: nothing is logged
	Host     string                 // name of this machine, for notices to operators; empty: they do not say
	State    string                 // folder for the little that is kept on disk; empty: none
	Keys     [][]byte               // secrets for tokens: the first signs, all verify
	Pace     Pace                   // how long to wait for what
	Progress func(Progress)         // told of long work; nil: nobody listens
	Waiting  func(team, why string) // told why a team cannot work, and with "" that it can again; nil: nobody listens
}

// Progress is how far long work has come.
type Progress struct {
	Team string
	What string // "read", "replayed"
	Done int
}

// Daemon serves the teams of a configuration.
type Daemon struct {
	config  Config
	options Options
	store   *store.Store
	teams   []*team
	trusted atomic.Int64 // connections to Redis, and one, when it said last how it keeps data, acceptably; 0: it was not asked
}

// Close ends the connections and gives the leases back.
func (d *Daemon) Close() error {
	var errs []error
	for _, t := range d.teams {
		errs = append(errs, t.close())
	}
	return errors.Join(append(errs, d.store.Close())...)
}

func (t *team) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if t.lease.Epoch > 0 {
		t.records.Release(ctx, t.lease) // it expires by itself where this fails
	}
	t.outbox.Close()
	t.flight.close()
	return t.mailbox.Close()
}

// Once does one pass for each team and returns. One broken team does not stop the others.
func (d *Daemon) Once(ctx context.Context) error {
	if err := d.durable(ctx); err != nil {
		return err
	}
	var errs []error
	for _, t := range d.teams {
		if err := t.pass(ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.agenda.Slug, err))
		}
	}
	return errors.Join(errs...)
}

// Serve does passes until the context ends: when mail arrives, when something is due,
// when a letter is to be tried again. After a fault it waits, longer each time.
func (d *Daemon) Serve(ctx context.Context) error {
	var teams sync.WaitGroup
	for _, t := range d.teams {
		teams.Go(func() { d.serve(ctx, t) })
	}
	teams.Wait()
	return nil
}

func (d *Daemon) serve(ctx context.Context, t *team) {
	bell := t.listen(ctx)
	faults := 0
	for ctx.Err() == nil {
		err := d.durable(ctx)
		if err == nil {
			err = t.pass(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		wait := t.untilNext(ctx)
		if err != nil {
			wait = t.pace.after(err, faults)
			faults++
			t.log.Warn("waits", "why", err, "for", wait)
			d.say(t, err.Error())
		} else {
			faults = 0
			d.say(t, "")
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-ringing(bell, err == nil):
		}
		timer.Stop()
	}
}

func (d *Daemon) say(t *team, why string) {
	if d.options.Waiting != nil {
		d.options.Waiting(t.agenda.Slug, why)
	}
}

// ringing is the bell while all is well: after a fault, mail alone is no reason to try sooner.
func ringing(bell <-chan struct{}, well bool) <-chan struct{} {
	if well {
		return bell
	}
	return nil
}

// listen rings when mail may have come. It waits on a connection of its own; the
// channel holds one ring, since a pass reads everything that is there.
func (t *team) listen(ctx context.Context) <-chan struct{} {
	bell := make(chan struct{}, 1)
	go func() {
		faults := 0
		for ctx.Err() == nil {
			if err := t.mailbox.Wait(ctx); err != nil {
				if mailbox.WantsOperator(err) {
					faults = patience // the pass asks often enough
				}
				sleep(ctx, t.pace.backOff(faults))
				faults++
				continue
			}
			faults = 0
			select {
			case bell <- struct{}{}:
			default:
			}
		}
	}()
	return bell
}

// after is how long to wait after an error that was met so many times in a row. A
// refused login is tried less often than five times in ten minutes, which is when
// Fail2ban as it is shipped shuts an address out; servers lock accounts, too.
func (p Pace) after(err error, faults int) time.Duration {
	if mailbox.WantsOperator(err) {
		return min(loginPause<<min(faults, 8), backOffLong)
	}
	return p.backOff(faults)
}

// backOff is how long to wait after so many faults in a row.
func (p Pace) backOff(faults int) time.Duration {
	if faults >= patience {
		return backOffLong
	}
	return min(p.Retry<<faults, p.RetryMax)
}

func sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// untilNext is how long nothing is due. It is never long: another daemon may
// have put a letter there, or the clock may be set.
func (t *team) untilNext(ctx context.Context) time.Duration {
	next := t.now().Add(t.pace.Look)
	if t.book != nil {
		if due := t.book.Next(); !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	if due, err := t.records.NextDue(ctx); err == nil && !due.IsZero() && due.Before(next) {
		next = due
	}
	return max(next.Sub(t.now()), 10*time.Millisecond)
}

// holderName tells daemons apart, also two of one machine.
func holderName(now time.Time) string {
	host, _ := os.Hostname() // the rest is enough to tell daemons apart
	return fmt.Sprintf("%s:%d:%d", host, os.Getpid(), now.UnixNano())
}
