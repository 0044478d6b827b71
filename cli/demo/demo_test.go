package demo

import (
	"os"
	"testing"
)

func TestRun(t *testing.T) {
	if err := Run(t.Context(), Options{Out: os.Stdout}); err != nil {
		t.Fatal(err)
	}
}
