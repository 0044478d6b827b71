package minutes

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/text"
)

// spent is the processor time of a function. Other work on the machine does
// not count, as it would with a clock on the wall.
func spent(f func()) time.Duration {
	before := processorTime()
	f()
	return processorTime() - before
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// page is the founding page where the corpus is, and a page like it otherwise.
func page(tb testing.TB) []byte {
	if dir, ok := corpus(); ok {
		b, err := os.ReadFile(filepath.Join(dir, "seed", "minutes.md"))
		if err != nil {
			tb.Fatal(err)
		}
		return b
	}
	tb.Log("no corpus here: a generated page is read instead")
	topic := "* [Store logs on failures](https://example.org/t/195530293)\n  * Notes\n    * It is not clear yet how `logs` are kept, so that *users* may read them later on their own\n" +
		"  * **[Action item]:** Write a spec (Kim) (https://example.org/issues/97)\n  * ~~**[Action item]:** Draft it~~ https://example.org/pull/450\n"
	return []byte(strings.Repeat("### 30 Jan 2017\n\n"+strings.Repeat(topic, 3)+"\n===\n\n", 19))
}

// perGoldmark is how much longer than goldmark the reader may take for the same
// page. It finds out more, and mail waits for it.
const perGoldmark = 3

func TestReading_takes_at_most_three_times_what_goldmark_takes(t *testing.T) {
	b := page(t)
	const rounds = 100
	best := 1e9
	for range 4 { // the best of four: the collector strikes where it likes
		plain := spent(func() {
			for range rounds {
				goldmark.DefaultParser().Parse(text.NewReader(b))
			}
		})
		own := spent(func() {
			for range rounds {
				Read(b, Options{})
			}
		})
		best = min(best, float64(own)/float64(plain))
	}
	t.Logf("%.1f times", best)
	if best > perGoldmark {
		t.Errorf("takes %.1f times as long", best)
	}
}

func BenchmarkPage(b *testing.B) {
	p := page(b)
	b.Run("goldmark", func(b *testing.B) {
		for b.Loop() {
			goldmark.DefaultParser().Parse(text.NewReader(p))
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			Read(p, Options{})
		}
	})
	b.Run("write", func(b *testing.B) {
		read := Read(p, Options{})
		for b.Loop() {
			Write(read)
		}
	})
}

func BenchmarkLooks_at_an_ordinary_mail(b *testing.B) {
	mail := []byte(strings.Repeat("I think that we should do this some day, as the action of the server is odd.\nWhat do you think about it?\n\n", 75))
	for b.Loop() {
		Looks(mail, "A question that takes 5 minutes")
	}
}
