// Command weekly writes the weekly digests of many people, each their own, and
// hands them to an SMTP server on loopback: as the daemon does, one letter
// written after the other and none kept, some on their way at once.
//
//	go run ./bench/weekly -n 5000 -c 4 -port 2525
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"sync"
	"time"

	"minuted/agenda"
	"minuted/daemon/outbox"
	"minuted/digest"
	"minuted/templates"
)

func main() {
	people := flag.Int("n", 5000, "how many people")
	connections := flag.Int("c", 4, "how many letters on their way at once")
	port := flag.Int("port", 0, "of the server on 127.0.0.1; 0: only say how long a letter is")
	flag.Parse()
	if err := run(*people, *connections, *port); err != nil {
		log.Fatal(err)
	}
}

func run(people, connections, port int) error {
	set, err := templates.BuiltIn()
	if err != nil {
		return err
	}
	if port == 0 {
		l, err := write(set, 0)
		fmt.Println(len(l.Bytes))
		return err
	}
	letters, written := make(chan digest.Letter), make(chan error, 1)
	go func() {
		defer close(letters)
		written <- writeAll(set, people, letters)
	}()
	sent := send(outbox.Config{Host: "127.0.0.1", Port: port, TLS: "none", Connections: connections}, letters)
	return cmp.Or(<-written, sent)
}

func writeAll(set templates.Set, people int, letters chan<- digest.Letter) error {
	for n := range people {
		l, err := write(set, n)
		if err != nil {
			return err
		}
		letters <- l
	}
	return nil
}

// write writes the letter of the n-th person, about a week in which that
// person's own work stands first.
func write(set templates.Set, n int) (digest.Letter, error) {
	team := agenda.Team{
		Name: "Architecture calls", Slug: "architecture", Address: "architecture@example.com", SubAddress: true, Zone: time.UTC,
		People: []agenda.Person{
			{Handle: fmt.Sprintf("person%d", n), Name: fmt.Sprintf("Person %d", n), Address: fmt.Sprintf("person%d@example.com", n)},
			{Handle: "ann", Name: "Ann", Address: "ann@example.com"},
			{Handle: "sam", Name: "Sam", Address: "sam@example.com"},
		},
	}
	return digest.Preview(set, agenda.WeeklyDigest, team, time.Date(2026, 1, 16, 16, 0, 0, 0, time.UTC))
}

// send hands over letters on all connections, and returns what failed first.
func send(config outbox.Config, letters <-chan digest.Letter) error {
	box := outbox.New(config, slog.Default())
	defer box.Close()
	var senders sync.WaitGroup
	failed := make(chan error, config.Connections)
	for range config.Connections {
		senders.Go(func() {
			for l := range letters {
				if result := box.Send(context.Background(), l.From, l.To, l.Bytes); result.Err != nil && len(failed) == 0 {
					failed <- fmt.Errorf("send letter %s: %w", l.Key, result.Err)
				}
			}
		})
	}
	senders.Wait()
	close(failed)
	return <-failed
}
