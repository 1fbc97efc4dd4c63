package keytest

import "regexp"

// ShellBlock is a block of commands in a document, with the comment that may excuse
// it from being run.
var ShellBlock = regexp.MustCompile("(?m)(?:^<!-- not run: (.+) -->\n)?^```sh\n((?s:.*?))^```$")
