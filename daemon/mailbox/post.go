package mailbox

import (
	"context"
	"strings"
	"time"
)

// Post puts a mail where mail arrives, as arrived at an instant.
func (m *Mailbox) Post(ctx context.Context, raw []byte, at time.Time) error {
	return m.do(ctx, "post to "+m.config.Folder, func(s *session) error {
		return s.append(m.config.Folder, raw, at)
	})
}

// Filed counts the mails of the filed folders, by the names that FileAway was given.
func (m *Mailbox) Filed(ctx context.Context) (map[string]uint32, error) {
	counts := map[string]uint32{}
	err := m.do(ctx, "count what is filed away", func(s *session) error {
		paths := map[string]uint32{}
		if err := s.countFiled(paths); err != nil {
			return err
		}
		for path, n := range paths {
			counts[path[strings.LastIndex(path, s.delimiter)+1:]] += n
		}
		return nil
	})
	return counts, err
}
