package keytest

import "strings"

// StraceCalls returns the system calls in what "strace -f -o" wrote, a line for each, in the
// order in which they began. In the file a call is in two parts where another thread made
// one meanwhile, and only the second has the result.
func StraceCalls(log string) []string {
	const cut, rest = " <unfinished ...>", " resumed>"
	var calls []string
	begun := map[string]int{} // by thread: the call that has no end yet
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		thread, call, _ := strings.Cut(line, " ")
		if _, end, ok := strings.Cut(line, rest); ok && strings.HasPrefix(strings.TrimSpace(call), "<... ") {
			if i, ok := begun[thread]; ok {
				calls[i] += end
			}
			continue
		}
		if before, ok := strings.CutSuffix(line, cut); ok {
			line, begun[thread] = before, len(calls)
		}
		calls = append(calls, line)
	}
	return calls
}
