package servers

import "errors"

// ErrMissing says that a real server cannot be run here: it is not installed,
// or wants rights that we have not.
var ErrMissing = errors.New("server missing")
