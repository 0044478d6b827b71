package mailbox

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
)

// errBellGone says that the connection of the bell ended while it waited.
var errBellGone = errors.New("the server ended the connection that waits for mail")

// Wait returns nil when mail may have come: the server said so, or IdleTimeout
// has passed, or it has only just begun to listen. It says nothing of what
// came; the caller looks. It uses a connection of its own, which stays in IDLE
// between two calls, so that a caller may stop waiting at any time for nothing.
func (m *Mailbox) Wait(ctx context.Context) error {
	if err := m.bellTurn.take(ctx); err != nil {
		return explain("wait for mail", err)
	}
	defer m.bellTurn.give()
	ctx, done := m.untilClose(ctx)
	defer done()
	if m.noIdle {
		return explain("wait for mail", rest(ctx, m.config.IdleTimeout))
	}
	err := m.listen(ctx)
	if err != nil && ctx.Err() == nil {
		m.bell.drop()
		m.bell = nil
	}
	return explain("wait for mail", err)
}

// listen waits for the bell. What came before it was there to be heard is not
// known, so it rings when it is new.
func (m *Mailbox) listen(ctx context.Context) error {
	if m.bell == nil {
		return m.hangBell(ctx)
	}
	if m.bell.idling == nil {
		if err := m.bell.beginIdle(ctx); err != nil {
			return err
		}
	}
	timer := time.NewTimer(time.Until(m.bell.renew))
	defer timer.Stop()
	select {
	case <-m.bell.rings:
		return nil
	case <-timer.C:
		return m.bell.endIdle(ctx)
	case <-m.bell.client.Closed():
		return errBellGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// hangBell connects. A server without IDLE needs no second connection.
func (m *Mailbox) hangBell(ctx context.Context) error {
	s, err := connect(ctx, m.config)
	if err != nil {
		return err
	}
	if !s.caps.Has(imap.CapIdle) {
		s.drop()
		m.noIdle = true
		return nil
	}
	if err := s.do(ctx, func() error { return s.open(m.config.Folder) }); err != nil {
		s.drop()
		return err
	}
	m.bell = s
	return nil
}

func (s *session) beginIdle(ctx context.Context) error {
	return s.do(ctx, func() (err error) {
		s.idling, err = s.client.Idle()
		s.renew = time.Now().Add(s.config.IdleTimeout)
		return err
	})
}

// endIdle ends IDLE, by which a dead connection shows.
func (s *session) endIdle(ctx context.Context) error {
	return s.do(ctx, func() error {
		idling := s.idling
		s.idling = nil
		if err := idling.Close(); err != nil {
			return err
		}
		return idling.Wait()
	})
}

// rest waits where there is nothing to listen to.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
