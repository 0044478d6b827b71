package daemon

import (
	"os"
	"runtime"
)

// headroom is what the program may let lie about before it looks for what is
// still of use. A daemon of a few teams holds 3 to 10 MB; the collector by
// itself would begin anew with each few mails or letters, which took up to a
// third of the time (measured with bench/letters and bench/catchup).
const headroom = 24 << 20

var unused []byte

// Headroom lets garbage gather to some 24 MB before it is collected, however
// little the program holds. It holds an area of memory that is never touched:
// the collector counts it, the machine does not. Who sets GOGC or GOMEMLIMIT
// decides otherwise, and it does nothing.
func Headroom() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		unused = make([]byte, headroom)
		runtime.KeepAlive(&unused)
	}
}
