package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"

	"minuted/daemon"
)

// configFlag is the flag -c of all commands that need a configuration.
func configFlag(flags *flag.FlagSet) *string {
	return flags.String("c", "", "configuration `FILE`; without it config.yaml here, else /etc/minuted/config.yaml")
}

// loadConfig reads the configuration that -c names.
func loadConfig(s Streams, file string) (daemon.Config, error) {
	if file == "" {
		file = defaultConfig()
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return daemon.Config{}, &badConfig{file, err}
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return daemon.Config{}, &badConfig{file, err}
	}
	config, err := daemon.ReadConfig(src, places(s, folder))
	if err != nil {
		return daemon.Config{}, &badConfig{file, err}
	}
	return config, nil
}

func defaultConfig() string {
	if _, err := os.Stat("config.yaml"); err == nil {
		return "config.yaml"
	}
	return "/etc/minuted/config.yaml"
}

// places asks the environment as systemd sets it for a unit (systemd.exec(5)).
func places(s Streams, folder string) daemon.Places {
	state := s.Getenv("STATE_DIRECTORY")
	if state == "" {
		state = defaultState(s, folder)
	}
	return daemon.Places{Config: folder, Credentials: s.Getenv("CREDENTIALS_DIRECTORY"), State: state}
}

// defaultState is where the service keeps its state where the configuration is
// the service's, so that an operator's commands find it; elsewhere the home of
// who runs it, by the XDG base directories.
func defaultState(s Streams, folder string) string {
	if strings.HasPrefix(folder, "/etc/") {
		return "/var/lib/minuted"
	}
	if home := s.Getenv("XDG_STATE_HOME"); home != "" {
		return filepath.Join(home, "minuted")
	}
	return filepath.Join(s.Getenv("HOME"), ".local", "state", "minuted")
}

// target is which configuration and which of its teams a command is about.
type target struct{ file, team *string }

func targetFlags(flags *flag.FlagSet) target {
	return target{configFlag(flags), flags.String("team", "", "which team, by its `SLUG`; needed where there are several")}
}

// open makes a daemon that is asked or told something, not one that serves.
func (t target) open(s Streams, o daemon.Options) (*daemon.Daemon, error) {
	config, err := loadConfig(s, *t.file)
	if err != nil {
		return nil, err
	}
	o.State = state(config)
	return daemon.New(config, o)
}

// openSigning is open for commands that write into the mailbox: what they
// write is signed with the daemon's key.
func (t target) openSigning(s Streams) (*daemon.Daemon, error) {
	config, err := loadConfig(s, *t.file)
	if err != nil {
		return nil, err
	}
	keys, err := config.TokenKeys()
	if err != nil {
		return nil, err
	}
	return daemon.New(config, daemon.Options{Keys: keys, State: state(config)})
}

// state is the folder of the little that is kept on disk: the token key's.
func state(config daemon.Config) string { return filepath.Dir(config.TokenKeyFile) }

// loadTeam reads the configuration and picks one team of it, the first where
// slug is empty.
func loadTeam(s Streams, file, slug string) (daemon.TeamConfig, error) {
	config, err := loadConfig(s, file)
	if err != nil {
		return daemon.TeamConfig{}, err
	}
	if slug == "" {
		return config.Teams[0], nil
	}
	var slugs []string
	for _, team := range config.Teams {
		if team.Slug == slug {
			return team, nil
		}
		slugs = append(slugs, team.Slug)
	}
	return daemon.TeamConfig{}, usageError("there is no team %q; the teams are %s", slug, strings.Join(slugs, ", "))
}
