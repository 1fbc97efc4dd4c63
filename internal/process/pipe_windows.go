package process

// readerGone is never called: Windows has no signal for a broken pipe.
func readerGone() bool { return true }
