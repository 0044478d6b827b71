// Package demo plays a week of a team: people write mail, time passes, letters
// arrive. All that is played is the cast and the time; the daemon is the real
// one, with a real configuration, and talks to an IMAP server, an SMTP server
// and a store in the process over real connections on loopback.
//
// What happens stands in story/story.txt; a line there is an act of somebody.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Options say how the demo is shown and what it leaves behind.
type Options struct {
	Out   io.Writer // gets the words
	Codes io.Writer // gets the codes of a terminal between them; nil: no colours
	Keep  string    // a folder for every letter; empty: none is kept
	Stay  bool      // afterwards the servers stay until the context ends
}

// Run plays the story.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	text, err := fs.ReadFile(storyFiles, "story/story.txt")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return err
	}
	acts, err := readStory(string(text), zone)
	if err != nil {
		return err
	}
	stage, err := setStage(acts[0].at)
	if err != nil {
		return err
	}
	defer stage.close()
	p := &player{stage: stage, teller: teller{out: o.Out, codes: o.Codes, zone: zone, known: map[string]bool{}}, keep: o.Keep}
	if err := p.play(ctx, acts); err != nil {
		return err
	}
	p.teller.goodbye(len(acts)-1, len(p.letters), time.Since(began))
	if o.Stay {
		return p.stay(ctx)
	}
	return nil
}

// player plays acts on a stage and has them told.
type player struct {
	stage   *stage
	teller  teller
	keep    string
	letters []letter // all that were sent so far
}

func (p *player) play(ctx context.Context, acts []act) error {
	if p.keep != "" {
		if err := os.MkdirAll(p.keep, 0o755); err != nil {
			return err
		}
	}
	p.teller.hello()
	for _, a := range acts {
		if err := p.stage.runTo(ctx, a.at, p.receive); err != nil {
			return err
		}
		if err := p.do(ctx, a); err != nil {
			return fmt.Errorf("%s %s %s: %w", a.who, a.verb, a.object, err)
		}
	}
	return nil
}

// do lets somebody act, and the daemon look at it.
func (p *player) do(ctx context.Context, a act) error {
	if a.verb == "end" {
		return nil
	}
	verb, ok := verbs[a.verb]
	if !ok {
		return errors.New("there is no such verb")
	}
	if err := verb(p, a); err != nil {
		return err
	}
	return p.stage.pass(ctx, p.receive)
}

// verbs are what people do in a story.
var verbs = map[string]func(*player, act) error{
	"forwards": func(p *player, a act) error {
		p.teller.act(a, a.words)
		return p.stage.forward(a)
	},
	"mails": func(p *player, a act) error {
		text, err := fs.ReadFile(storyFiles, "story/"+a.object)
		if err != nil {
			return err
		}
		p.teller.act(a, string(text))
		return p.stage.mailMinutes(a, text)
	},
	"answers": func(p *player, a act) error {
		p.teller.act(a, a.words)
		return p.stage.answer(a, p.letters)
	},
}

// receive shows and keeps letters that the daemon sent.
func (p *player) receive(letters []letter) error {
	p.teller.letters(letters)
	for _, l := range letters {
		p.letters = append(p.letters, l)
		if p.keep == "" {
			continue
		}
		if err := l.keep(p.keep, len(p.letters)); err != nil {
			return err
		}
	}
	return nil
}

// stay lets the clock run on and the daemon serve, so that one can join.
func (p *player) stay(ctx context.Context) error {
	p.stage.clock.letGo()
	p.teller.join(p.stage)
	return p.stage.daemon.Serve(ctx)
}
