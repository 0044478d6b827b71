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

// places asks the environment as systemd sets it for a unit (systemd.exec(5)),
// and the XDG base directories where somebody runs the daemon by hand.
func places(s Streams, folder string) daemon.Places {
	state := s.Getenv("STATE_DIRECTORY")
	if home := s.Getenv("XDG_STATE_HOME"); state == "" && home != "" {
		state = filepath.Join(home, "minuted")
	}
	if home := s.Getenv("HOME"); state == "" && home != "" {
		state = filepath.Join(home, ".local", "state", "minuted")
	}
	return daemon.Places{Config: folder, Credentials: s.Getenv("CREDENTIALS_DIRECTORY"), State: state}
}

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
