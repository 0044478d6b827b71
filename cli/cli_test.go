package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The scripts under testdata/script run the program as operators do:
//
//	exec minuted ARG...   runs it; with "! " before it, it must fail
//	exits N               with this exit code
//	stdout REGEXP         the last run wrote a line like this; "! ": none did
//	stderr REGEXP         the same of its messages
//	stdin FILE            what the next run reads
//
// Behind "-- NAME --" lines stand the files of the script's folder.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Chdir(t.TempDir())
			runScript(t, unpack(t, string(text)))
		})
	}
}

// unpack writes the files of a script and returns its lines.
func unpack(t *testing.T, text string) []string {
	t.Helper()
	marker := regexp.MustCompile(`(?m)^-- (.+) --\n`)
	names := marker.FindAllStringSubmatch(text, -1)
	parts := marker.Split(text, -1)
	for i, name := range names {
		if err := os.WriteFile(name[1], []byte(parts[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Split(parts[0], "\n")
}

// script is a script while it runs.
type script struct {
	in       io.Reader
	out, err bytes.Buffer
	code     int
}

func runScript(t *testing.T, lines []string) {
	t.Helper()
	s := &script{in: strings.NewReader("")}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.do(t, line); err != nil {
			t.Fatalf("line %d: %s: %v\nstdout:\n%s\nstderr:\n%s", i+1, line, err, s.out.String(), s.err.String())
		}
	}
}

func (s *script) do(t *testing.T, line string) error {
	line, not := strings.CutPrefix(line, "! ")
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "exec":
		return s.exec(t, rest, not)
	case "exits":
		return s.match(fmt.Sprint(s.code), "^"+rest+"$", not)
	case "stdout":
		return s.match(s.out.String(), rest, not)
	case "stderr":
		return s.match(s.err.String(), rest, not)
	case "stdin":
		content, err := os.ReadFile(rest)
		s.in = bytes.NewReader(content)
		return err
	}
	return fmt.Errorf("no such verb")
}

// exec runs the program in the process; arguments with blanks stand in quotes.
func (s *script) exec(t *testing.T, arguments string, fails bool) error {
	var args []string
	for _, found := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(arguments, -1) {
		args = append(args, found[1]+found[2])
	}
	s.out.Reset()
	s.err.Reset()
	environment := map[string]string{"HOME": t.TempDir()}
	s.code = Run(t.Context(), args[1:], Streams{In: s.in, Out: &s.out, Err: &s.err, Getenv: func(name string) string { return environment[name] }})
	if (s.code != 0) != fails {
		return fmt.Errorf("exit code %d", s.code)
	}
	return nil
}

func (s *script) match(text, pattern string, not bool) error {
	found, err := regexp.MatchString("(?m)"+pattern, text)
	if err == nil && found == not {
		return fmt.Errorf("found: %v", found)
	}
	return err
}
