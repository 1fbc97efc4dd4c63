package rawkey

// Advice is what to do about something, as a value: a command prints it as a command
// line, a window shows a button.
type Advice struct {
	Action Action
	// Formats are what to convert to, the best first, by the names that package keyconv
	// gives the formats.
	Formats []string
	// Index is the number of the key to take from a file with several, counted from 1.
	Index int
	// Text is one sentence, lower case and without a full stop, where the action does not
	// say enough.
	Text string
}

// Action is something that can be done about a key or its file.
type Action string

// The actions. None means that there is nothing to do but to know about it.
const (
	None              Action = ""
	ConvertTo         Action = "convert"            // write the key in one of the formats
	SetPassphrase     Action = "set-passphrase"     // encrypt the file, or encrypt it again at today's cost
	ReplaceKey        Action = "replace-key"        // make a new key, and take this one out of use
	RemoveCertificate Action = "remove-certificate" // write the key, in one of the formats, without its certificate
	TakeKey           Action = "take-key"           // read another key of the file
	Repair            Action = "repair"             // write the mended text
	FetchAgain        Action = "fetch-again"        // get the file again from where it came from
)
