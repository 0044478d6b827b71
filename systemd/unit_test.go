// Package systemd holds the unit of the service; its test keeps the unit true.
package systemd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// directive is one line NAME=VALUE of the unit and the comment over it.
type directive struct{ name, value, reason string }

func readUnit(t *testing.T) []directive {
	t.Helper()
	text, err := os.ReadFile("minuted.service")
	if err != nil {
		t.Fatal(err)
	}
	var directives []directive
	reason := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, value, isDirective := strings.Cut(line, "=")
		switch {
		case strings.HasPrefix(line, "#"):
			reason = line
		case line == "" || strings.HasPrefix(line, "["):
			reason = ""
		case isDirective:
			directives = append(directives, directive{name, value, reason})
		}
	}
	return directives
}

// values returns what the unit gives a directive, in order.
func values(unit []directive, name string) []string {
	var all []string
	for _, d := range unit {
		if d.name == name {
			all = append(all, d.value)
		}
	}
	return all
}

func TestUnit_gives_a_reason_for_each_line(t *testing.T) {
	plain := map[string]bool{"Description": true, "Documentation": true, "WantedBy": true}
	for _, d := range readUnit(t) {
		if d.reason == "" && !plain[d.name] {
			t.Errorf("%s=%s has no comment over it", d.name, d.value)
		}
	}
}

func TestUnit_does_what_the_daemon_counts_on(t *testing.T) {
	unit := readUnit(t)
	for name, want := range map[string]string{
		"ExecStart":                "/usr/local/bin/minuted serve -c /etc/minuted/config.yaml",
		"Type":                     "notify",
		"DynamicUser":              "yes",
		"StateDirectory":           "minuted",
		"RestartPreventExitStatus": "2 78",
		"LimitCORE":                "0",
	} {
		if got := values(unit, name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(values(unit, "WatchdogSec")) != 1 {
		t.Error("nobody watches whether the loop still turns")
	}
}

// 1.1 of 10 is what is left to a service that needs the network, a unix socket
// and the system's own root directory.
func TestUnit_closes_the_doors_that_it_does_not_use(t *testing.T) {
	analyze := tool(t)
	if analyze == "" {
		return
	}
	out, err := exec.Command(analyze, "security", "--offline=yes", "--threshold=11", "minuted.service").CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}

// What systemd-analyze cannot find here is the installed binary, so a copy of
// the unit names one that is.
func TestUnit_is_understood_by_systemd(t *testing.T) {
	analyze := tool(t)
	if analyze == "" {
		return
	}
	text, err := os.ReadFile("minuted.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "minuted.service")
	here := strings.Replace(string(text), "/usr/local/bin/minuted", "/bin/true", 1)
	if err := os.WriteFile(unit, []byte(here), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), "minuted.service:") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// tool returns the path of systemd-analyze; where there is none, the checks of
// the text above are all that can be done.
func tool(t *testing.T) string {
	path, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("NOT CHECKED: there is no systemd-analyze on this machine")
		return ""
	}
	return path
}
