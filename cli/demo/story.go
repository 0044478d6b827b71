package demo

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// act is one thing that somebody does in a story.
type act struct {
	at      time.Time
	who     string // local part of the address
	verb    string
	object  string // a file beside the story, or the kind of letter that is answered
	program string // the mail program; empty: any
	words   string // what is typed
}

// readStory reads a story: lines with a day set the clock, lines with a verb
// say what somebody does then, indented lines are the words typed, and "end" is
// how far the clock runs.
func readStory(text string, zone *time.Location) ([]act, error) {
	var acts []act
	var at time.Time
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		clock, wrongClock := time.ParseInLocation("Mon 2 Jan 2006 15:04", line, zone)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case wrongClock == nil:
			at = clock
		case strings.HasPrefix(line, "  ") && len(acts) > 0:
			acts[len(acts)-1].words += strings.TrimPrefix(line, "  ") + "\n"
		default:
			act, err := readAct(line)
			if err != nil {
				return nil, err
			}
			act.at = at
			acts = append(acts, act)
		}
	}
	if len(acts) == 0 || acts[len(acts)-1].verb != "end" {
		return nil, errors.New("read story: it has no end")
	}
	return acts, nil
}

// readAct reads "WHO VERB OBJECT [with PROGRAM]", or "end".
func readAct(line string) (act, error) {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && words[0] == "end":
		return act{verb: "end"}, nil
	case len(words) == 3:
		return act{who: words[0], verb: words[1], object: words[2]}, nil
	case len(words) == 5 && words[3] == "with":
		return act{who: words[0], verb: words[1], object: words[2], program: words[4]}, nil
	}
	return act{}, fmt.Errorf("read story: %q is no act", line)
}
