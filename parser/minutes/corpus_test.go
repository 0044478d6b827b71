package minutes

import (
	"os"
	"path/filepath"
)

// corpus is the folder of real minutes beside the repository, if it is there.
func corpus() (string, bool) {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			dir = filepath.Join(dir, "..", "shared", "corpus", "minutes")
			_, err := os.Stat(dir)
			return dir, err == nil
		}
		dir = filepath.Dir(dir)
	}
	return "", false
}
