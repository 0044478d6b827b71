package daemon

import (
	"os"
	"runtime"
)

// headroom is what may lie about before the program looks for what is still of
// use. A daemon of a few teams holds 3 to 10 MB; the collector by itself would
// begin anew with each few mails or letters. Measured with bench/letters and
// bench/catchup: 24 MB save no more time than 8, and 24 took a catch-up of 20,000
// mails to 110 MB.
const headroom = 8 << 20

var unused []byte

// Headroom lets garbage gather to some 8 MB before it is collected, however
// little the program holds. It holds an area of memory that is never touched:
// the collector counts it, the machine does not. Who sets GOGC or GOMEMLIMIT
// decides otherwise, and it does nothing.
func Headroom() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		unused = make([]byte, headroom)
		runtime.KeepAlive(&unused)
	}
}
