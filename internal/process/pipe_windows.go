package process

// readerGone is never asked: Windows has no signal for a broken pipe.
func readerGone() bool { return true }
