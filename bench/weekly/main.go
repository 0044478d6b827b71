// Command weekly writes the weekly digests of 5,000 people, twenty to a team, each
// their own, and hands them to an SMTP server on loopback: as the daemon does, a
// team after the other on each processor, some letters on their way at once.
//
//	go run ./bench/weekly -n 5000 -c 4 -port 2525
//
// It prints the seconds from the first letter's writing to the last one's
// arrival; what is before, the teams' week, is not what is measured.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"minuted/agenda"
	"minuted/daemon"
	"minuted/daemon/outbox"
	"minuted/digest"
	"minuted/parser"
	"minuted/templates"
)

func main() {
	letters := flag.Int("n", 5000, "how many letters")
	connections := flag.Int("c", 4, "how many letters on their way at once")
	port := flag.Int("port", 0, "of the server on 127.0.0.1; 0: only say how long a letter is")
	flag.Parse()
	daemon.Headroom()
	if err := run(*letters, *connections, *port); err != nil {
		log.Fatal(err)
	}
}

func run(wanted, connections, port int) error {
	set, err := templates.BuiltIn()
	if err != nil {
		return err
	}
	if port == 0 {
		letters, err := teamAtWork(set, 0).digests()
		if err == nil {
			fmt.Println(len(letters[0].Bytes))
		}
		return err
	}
	teams := make([]*team, (wanted+people-1)/people)
	for n := range teams {
		teams[n] = teamAtWork(set, n)
	}
	began := time.Now()
	letters := make(chan digest.Letter, 64)
	var next, written atomic.Int32
	var writers, work errgroup.Group
	for range runtime.NumCPU() {
		writers.Go(func() error {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(teams) {
					return nil
				}
				list, err := teams[n].digests()
				teams[n] = nil
				if err != nil {
					return err
				}
				for _, l := range list {
					if int(written.Add(1)) <= wanted {
						letters <- l
					}
				}
			}
		})
	}
	work.Go(func() error {
		defer close(letters)
		return writers.Wait()
	})
	box := outbox.New(outbox.Config{Host: "127.0.0.1", Port: port, TLS: "none", Connections: connections}, slog.Default())
	defer box.Close()
	for range connections {
		work.Go(func() error { return send(box, letters) })
	}
	err = work.Wait()
	fmt.Printf("%.2f\n", time.Since(began).Seconds())
	return err
}

// send hands over letters until there are no more, and returns what failed first.
func send(box *outbox.Outbox, letters <-chan digest.Letter) (failed error) {
	for l := range letters {
		if result := box.Send(context.Background(), l.From, l.To, l.Bytes); result.Err != nil {
			failed = cmp.Or(failed, fmt.Errorf("send letter %s: %w", l.Key, result.Err))
		}
	}
	return failed
}

var (
	monday  = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
	weekend = monday.AddDate(0, 0, 5)
)

// people is how many a team has.
const people = 20

// team is a team at the end of its week.
type team struct {
	book   *agenda.Book
	writer *digest.Writer
}

// teamAtWork lets the n-th team have a week with a call.
func teamAtWork(set templates.Set, n int) *team {
	who := teamOf(n)
	book, err := agenda.Open(who, nil)
	if err != nil {
		log.Fatal(err) // there are no records that could be wrong
	}
	book.Begin(monday)
	book.Apply(minutesOf(who))
	book.Changes()
	book.Trim()
	return &team{book: book, writer: digest.NewWriter(who, "", set)}
}

// digests writes the weekly digests of a team.
func (t *team) digests() (letters []digest.Letter, err error) {
	for {
		due, ok := t.book.Fire(weekend)
		if !ok {
			return letters, nil
		}
		due.Orders = slices.DeleteFunc(due.Orders, func(o agenda.Order) bool { return o.Kind != agenda.WeeklyDigest })
		written, err := t.writer.Letters(t.book, due)
		if err != nil {
			return nil, err
		}
		letters = append(letters, written...)
		t.book.Changes()
	}
}

func teamOf(n int) agenda.Team {
	team := agenda.Team{
		Name: fmt.Sprintf("Architecture %d", n), Slug: fmt.Sprintf("architecture-%d", n),
		Address: fmt.Sprintf("architecture%d@example.com", n), SubAddress: true, Zone: time.UTC,
		Series: []agenda.Series{{Days: []time.Weekday{time.Monday, time.Thursday}, Time: 16 * time.Hour, Every: 1, Zone: time.UTC, Length: time.Hour, Where: "https://meet.example.com/a"}},
		Weekly: agenda.Weekly{Day: time.Friday, Time: 15 * time.Hour}, Hold: 15 * time.Minute, Calendar: "none",
		Keys: [][]byte{[]byte("a secret of thirty-two bytes....")}, Trust: agenda.Trust{Profile: "own", AuthservID: "mx.example.com"},
	}
	for i := range people {
		name := fmt.Sprintf("Person%d-%d", n, i)
		handle := strings.ToLower(name)
		team.People = append(team.People, agenda.Person{Handle: handle, Name: name, Address: handle + "@example.com", Zone: time.UTC, From: 9 * time.Hour, To: 17 * time.Hour})
	}
	return team
}

// minutesOf writes the minutes of the Thursday call: five topics, each with an
// action for two people.
func minutesOf(team agenda.Team) agenda.Incoming {
	arrived := monday.AddDate(0, 0, 3).Add(8 * time.Hour)
	var raw strings.Builder
	raw.WriteString("Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n")
	fmt.Fprintf(&raw, "From: %s\r\nTo: %s\r\nSubject: Minutes 15 Jan 2026\r\nDate: %s\r\nMessage-ID: <minutes.%s>\r\n\r\n",
		team.People[0].Address, team.Address, arrived.Format(time.RFC1123Z), team.Address)
	fmt.Fprintf(&raw, "Minutes 15 Jan 2026\r\n\r\nAttendees: %s, %s\r\n", team.People[0].Name, team.People[1].Name)
	for i, p := range team.People[:5] {
		fmt.Fprintf(&raw, "\r\nStation %d of %s\r\n- The batteries lasted until the second night of the cold week\r\n", i, team.Slug)
		fmt.Fprintf(&raw, "- Decision: station %d gets the larger solar panel before the spring\r\n", i)
		fmt.Fprintf(&raw, "- Action: %s to order the panel and the cable for station %d by 30 Jan\r\n", p.Name, i)
		fmt.Fprintf(&raw, "- Action: %s to write down how long the gateway was silent, https://example.com/stations/%d\r\n", team.People[5+i].Name, i)
	}
	m := parser.Parse([]byte(raw.String()), parser.Options{Own: []string{team.Address}, Base: arrived})
	return agenda.Incoming{Mail: m, Arrived: arrived, Mailbox: "INBOX", Validity: 1, UID: 1, Hash: team.Slug}
}
