package daemon

import (
	"encoding/binary"
	"os"
	"path/filepath"
)

// flight remembers in a small file which mail is being read, so that a mail
// that ends the program is known at the next start, and who reads it, so that the
// lease of a dead run need not be waited for. The file outlives a kill: what was
// written is with the system. It is no record of the team; losing it costs only
// that knowledge.
type flight struct {
	path   string
	file   *os.File // nil: nothing is remembered
	before string   // who had the file before
}

// The file holds a UID for each reader; the holder's name follows.
const (
	uidBytes  = 4
	noteBytes = uidBytes * (readers + 1)
)

func newFlight(state, slug string) *flight {
	if state == "" {
		return &flight{}
	}
	return &flight{path: filepath.Join(state, "inflight."+slug)}
}

// open takes the file over for a holder of the lease and returns the one that had
// it before. Whoever lives has its lock, so that one is dead; empty: there is none.
// Without a folder, or with one that cannot be written, nothing is remembered, nor
// while another daemon has the lock.
func (f *flight) open(holder string) string {
	if f.path == "" || f.file != nil {
		return f.before
	}
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return ""
	}
	if !lock(file) {
		file.Close() // nothing was written
		return ""
	}
	text, _ := os.ReadFile(f.path) // what cannot be read says nothing
	f.file = file
	if len(text) > noteBytes {
		f.before = string(text[noteBytes:])
	}
	file.Truncate(noteBytes)                // a full disk must not stop the start
	file.WriteAt([]byte(holder), noteBytes) // as above
	return f.before
}

// close gives the file to the next run.
func (f *flight) close() {
	if f.file != nil {
		f.file.Close() // nothing is buffered
		f.file = nil
	}
}

// enter notes that a reader has begun with a mail.
func (f *flight) enter(reader int, uid uint32) {
	if f.file == nil {
		return
	}
	var b [uidBytes]byte
	binary.BigEndian.PutUint32(b[:], uid)
	f.file.WriteAt(b[:], int64(uidBytes*reader)) // a full disk must not stop the mail
}

// leave notes that a reader has none.
func (f *flight) leave(reader int) { f.enter(reader, 0) }

// died returns the mails that were being read when the program ended, and forgets them.
func (f *flight) died() []uint32 {
	if f.file == nil {
		return nil
	}
	var uids []uint32
	for reader := range readers + 1 {
		var b [uidBytes]byte
		f.file.ReadAt(b[:], int64(uidBytes*reader)) // a short file says nothing
		if uid := binary.BigEndian.Uint32(b[:]); uid > 0 {
			uids = append(uids, uid)
		}
		f.leave(reader)
	}
	return uids
}
