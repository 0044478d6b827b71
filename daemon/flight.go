package daemon

import (
	"encoding/binary"
	"os"
	"path/filepath"
)

// flight remembers in a small file which mail is being read, so that a mail
// that ends the program is known at the next start. The file outlives a kill: what
// was written is with the system. It is no record of the team; losing it costs
// only that knowledge.
type flight struct{ file *os.File }

// openFlight opens the file of a team in the state folder. Without a folder, or
// one that cannot be written, nothing is remembered.
func openFlight(state, slug string) *flight {
	if state == "" {
		return &flight{}
	}
	file, err := os.OpenFile(filepath.Join(state, "inflight."+slug), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return &flight{}
	}
	return &flight{file}
}

// enter notes that a reader has begun with a mail.
func (f *flight) enter(reader int, uid uint32) {
	if f.file == nil {
		return
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uid)
	f.file.WriteAt(b[:], int64(4*reader)) // a full disk must not stop the mail
}

// leave notes that a reader has none.
func (f *flight) leave(reader int) { f.enter(reader, 0) }

// died returns the mails that were being read when the program ended, and forgets them.
func (f *flight) died() []uint32 {
	if f.file == nil {
		return nil
	}
	var uids []uint32
	for reader := range readers {
		var b [4]byte
		f.file.ReadAt(b[:], int64(4*reader)) // a short file says nothing
		if uid := binary.BigEndian.Uint32(b[:]); uid > 0 {
			uids = append(uids, uid)
		}
		f.leave(reader)
	}
	return uids
}
