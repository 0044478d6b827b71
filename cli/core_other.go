//go:build !linux

package cli

// KeepNoCore does nothing here: the unit of the service is for Linux.
func KeepNoCore() {}
