package minutes

// Read keeps this branch whole until the reader of minutes arrives.
func Read(text []byte, o Options) Page { return Page{} }
