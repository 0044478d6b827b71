// Command mails writes a Maildir of mails of about 8 kB as a team's mailbox gets
// them: text and HTML of the same words, each its own, half of them answers.
//
//	go run ./bench/mails -n 20000 DIR
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 20000, "how many mails")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: mails [-n COUNT] DIR")
	}
	if err := fill(flag.Arg(0), *n); err != nil {
		log.Fatal(err)
	}
}

func fill(dir string, n int) error {
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
	}
	chance := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	for i := range n {
		at := start.Add(time.Duration(i) * 5 * time.Minute)
		name := filepath.Join(dir, "new", fmt.Sprintf("%d.M%dP1.bench", at.Unix(), i))
		if err := os.WriteFile(name, []byte(mail(i, at, chance)), 0o600); err != nil {
			return err
		}
		if err := os.Chtimes(name, at, at); err != nil {
			return err
		}
	}
	return nil
}

// size is how long the text of a mail is; with its HTML twin and the header it comes to 8 kB.
const size = 3200

func mail(i int, at time.Time, chance *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from mail.example.org by mx.example.com with ESMTPS; %s\r\n", at.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "From: Person %d <person%d@example.com>\r\nTo: Architecture <architecture@example.com>\r\n", i%40, i%40)
	fmt.Fprintf(&b, "Subject: Thread %d: %s\r\nDate: %s\r\nMessage-ID: <bench.%d@example.com>\r\n", i/2, sentence(chance), at.Format(time.RFC1123Z), i)
	if i%2 == 1 {
		fmt.Fprintf(&b, "In-Reply-To: <bench.%d@example.com>\r\nReferences: <bench.%d@example.com>\r\n", i-1, i-1)
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"=_bench\"\r\n\r\n")
	text := words(chance)
	b.WriteString("--=_bench\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	b.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
	b.WriteString("\r\n--=_bench\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>")
	b.WriteString(strings.ReplaceAll(text, "\n", "</p>\r\n<p>"))
	b.WriteString("</p></body></html>\r\n--=_bench--\r\n")
	return b.String()
}

var vocabulary = strings.Fields(`the supervisor update fails when a device has no network and the builder keeps its
	cache between two releases so we should look at the logs before the call and decide whether API keys or tokens
	are the better way because people ask for both and nobody likes to wait for delta images on slow links`)

func sentence(chance *rand.Rand) string {
	var w []string
	for range 5 + chance.IntN(6) {
		w = append(w, vocabulary[chance.IntN(len(vocabulary))])
	}
	return strings.Join(w, " ")
}

func words(chance *rand.Rand) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(sentence(chance) + ".\n")
	}
	return b.String()
}
