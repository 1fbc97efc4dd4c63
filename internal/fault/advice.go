package fault

import (
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/rawkey"
)

// Do is what a person can do about an error or a note.
type Do string

// What a job advises. File is the file that it is about, Format a form to convert to;
// what else an advice has is said beside it.
const (
	ConvertPlainly   Do = "convert-to-kind"    // convert File to the other kind, that of Format
	ConvertProtect   Do = "convert-protect"    // convert File to Format, with a passphrase
	ProtectInPlace   Do = "protect-in-place"   // the same in place
	ConvertComment   Do = "convert-comment"    // convert File to Format in place, with the comment
	ConvertOtherName Do = "convert-other-name" // convert File under another name than the usual, and take that
	ConvertAway      Do = "convert-away"       // convert the key to a file of its own
	Check            Do = "check"              // see whether File is a usable key
	Repair           Do = "repair"             // write the clean text of File
	Upgrade          Do = "upgrade"            // convert File to Format in place
	RepairAway       Do = "repair-away"        // write the repaired text of File elsewhere
	Inspect          Do = "inspect"            // look at what a file is; File may be empty
	GivePrivate      Do = "give-private"       // give the private key of the certificate
	GivePassphrase   Do = "give-passphrase"    // hand the passphrase of a key in Format over with the job
	GiveNew          Do = "give-new"           // hand the new passphrase over with the job
	SetSecret        Do = "set-secret"         // the source of the passphrase is empty
	CheckTyping      Do = "check-typing"       // three typed passphrases were wrong
	ReadFile         Do = "read-file"          // hand over the file that was named in place of the passphrase
	ReadNewFile      Do = "read-new-file"      // the same for the new passphrase
	ProtectFile      Do = "protect-file"       // set a passphrase for File, in its form
	SetPassphrase    Do = "set-passphrase"     // protect the output
	SetOrLeave       Do = "set-or-leave"       // protect the output, or say that it has no passphrase
	LeavePlain       Do = "leave-plain"        // say that the output has no passphrase
	CheaperKDF       Do = "cheaper-kdf"        // choose lower costs of the key derivation
	TakeKey          Do = "take-key"           // take another of several keys
	TakeOther        Do = "take-other"         // take another of several keys, since this one is damaged
	TakeOne          Do = "take-one"           // write one of several keys to a file
	WithCertificate  Do = "with-certificate"   // ask for the certificate
	AddCertificate   Do = "add-certificate"    // add that in File
	RightCertificate Do = "right-certificate"  // File is not a certificate for the key
	NameOutput       Do = "name-output"        // name a file to write to
	NameOther        Do = "name-other"         // name another output
	ConvertInPlace   Do = "convert-in-place"   // convert File to Format in place, or name another output
	RepairInPlace    Do = "repair-in-place"    // repair File in place, or name another output
	KeepKey          Do = "keep-key"           // write elsewhere, or delete the key that is there
	NameInFolder     Do = "name-in-folder"     // the output is a folder
	MakeFolder       Do = "make-folder"        // make the folder File
	UseFolder        Do = "use-folder"         // write all outputs into a folder
	Replace          Do = "replace"            // replace the output, or write elsewhere
	ReplaceSession   Do = "replace-session"    // replace the session, or the file with it
	OtherSession     Do = "other-session"      // name the session otherwise, or edit the block that it shares
	WriteStream      Do = "write-stream"       // write to standard output
	NameKeyFile      Do = "name-key-file"      // the input is a folder
	RightFile        Do = "right-file"         // the input is too large to be a key file
	SetVariable      Do = "set-variable"       // the environment variable holds nothing
	NameFile         Do = "name-file"          // the environment variable holds a path
	SetComment       Do = "set-comment"        // give the key in File another comment
	GiveKey          Do = "give-key"           // the list of files is a key: give it as the input
	FollowFinding    Do = "follow-finding"     // what Finding advises
	NameKeyFolder    Do = "name-key-folder"    // say where the keys of the sessions are
	OtherConfig      Do = "other-config"       // write to another file than the configuration
	Say              Do = "say"                // Text, in the words of the front end
)

// Advice is what a person can do. Front ends put it into words: as a command line, or
// as a button.
type Advice struct {
	Do     Do
	File   string
	Format engine.Format
	Text   string
	// Finding is the known weakness that the advice is about; nil for any other.
	Finding *rawkey.Finding
}

// Note is something that is good to know, or should worry.
type Note struct {
	Code    Code
	Warning bool
	File    string // what it is about: an input or output
	Text    string
	Advice  Advice
	// Finding is the code of a known weakness, "" for anything else.
	Finding string
}

// The codes of notes.
const (
	Mended           Code = "mended"            // a damage of the input was repaired
	Encoding         Code = "encoding"          // the key has the passphrase in other bytes than it was given in
	Chosen           Code = "chosen"            // the form was chosen for a program
	Plain            Code = "plain"             // the key that was written is not encrypted
	StillPlain       Code = "still-plain"       // the input of an encrypted output is not encrypted
	Lost             Code = "lost"              // the output has no room for it
	OtherKeys        Code = "other-keys"        // the input holds several keys
	DamagedKey       Code = "damaged-key"       // another key of the input could not be mended
	CertificateLeft  Code = "certificate-left"  // a certificate beside the input is not used
	CertificateMoved Code = "certificate-moved" // the certificate is in a file beside the output
	PublicBeside     Code = "public-beside"     // the public half is in a file beside the key
	Comment          Code = "comment"           // the comment was changed
	Access           Code = "access"            // who can read or own the output
	Links            Code = "links"             // there are other names of the file
	Typing           Code = "typing"            // the passphrase is hard to type elsewhere
	Weakness         Code = "weakness"          // see Finding
	Misnamed         Code = "misnamed"          // the file has another form than its name says
	Unproved         Code = "unproved"          // an encrypted key was repaired without its passphrase
	Kept             Code = "kept"              // where the text is that was repaired in place
)

// The codes of errors for which a command line has words of its own.
const (
	NoSuchKey      Code = "no-such-key"     // the index, how many there are
	Strict         Code = "strict"          // why a strict job refuses it
	KDFUnencrypted Code = "kdf-unencrypted" // a choice of key derivation without a passphrase
	KDFParameter   Code = "kdf-parameter"   // the parameter, the key derivation
	TooManyInputs  Code = "too-many-inputs" // how many there are for one output
	EmptyList      Code = "empty-list"      // a list names no file
	KeyAsList      Code = "key-as-list"     // what the list looks like
	OutputIsInput  Code = "output-is-input" // the output would take the place of the input
	LeftOut        Code = "left-out"        // a person typed no passphrase, to go on with the next input
)
