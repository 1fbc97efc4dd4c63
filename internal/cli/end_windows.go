package cli

// endOfInput is what ends the input of a terminal.
const endOfInput = "Ctrl-Z and Enter on a new line"
