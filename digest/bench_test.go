package digest

import (
	"fmt"
	"testing"

	"minuted/agenda"
)

// BenchmarkWeekly composes the weekly digests of 5,000 people, from book to
// finished bytes. Read letters/s.
func BenchmarkWeekly(b *testing.B) {
	s := newSample(sampleTeam(b), wednesday)
	order, _ := s.order(agenda.WeeklyDigest)
	var o agenda.Outcome
	for n := range 5000 {
		order.Key = fmt.Sprintf("weekly.20170127.%d", n)
		o.Orders = append(o.Orders, order)
	}
	w := NewWriter(s.team, "", builtIn(b))
	bytes := 0
	b.ReportAllocs()
	for b.Loop() {
		letters, err := w.Letters(s, o)
		if err != nil {
			b.Fatal(err)
		}
		bytes = len(letters[0].Bytes)
	}
	b.ReportMetric(float64(len(o.Orders)*b.N)/b.Elapsed().Seconds(), "letters/s")
	b.ReportMetric(float64(bytes), "bytes/letter")
}
