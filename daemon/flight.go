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

// uidBytes is the place of the UID in the file; the holder's name follows.
const uidBytes = 4

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
	if len(text) > uidBytes {
		f.before = string(text[uidBytes:])
	}
	file.Truncate(uidBytes)                // a full disk must not stop the start
	file.WriteAt([]byte(holder), uidBytes) // as above
	return f.before
}

// close gives the file to the next run.
func (f *flight) close() {
	if f.file != nil {
		f.file.Close() // nothing is buffered
		f.file = nil
	}
}

// enter notes that a mail is being read.
func (f *flight) enter(uid uint32) {
	if f.file == nil {
		return
	}
	var b [uidBytes]byte
	binary.BigEndian.PutUint32(b[:], uid)
	f.file.WriteAt(b[:], 0) // a full disk must not stop the mail
}

// leave notes that no mail is being read.
func (f *flight) leave() { f.enter(0) }

// died returns the mail that was being read when the program ended, or 0.
func (f *flight) died() uint32 {
	if f.file == nil {
		return 0
	}
	var b [uidBytes]byte
	f.file.ReadAt(b[:], 0) // an empty file says nothing
	return binary.BigEndian.Uint32(b[:])
}
