package window

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/lazy"
)

// ID names a control.
type ID int

// OK and Cancel have the numbers of Windows (IDOK, IDCANCEL), so that Enter and Esc work.
const (
	OK     ID = 1
	Cancel ID = 2
)

// The controls of the main window.
const (
	ChooseKey ID = 100 + iota
	NewKey
	KeyInfo
	PublicLine
	CopyPublic
	SavePPK
	SavePEM
	SaveOther
	SetPassphrase
	SetComment
	Server
	User
	SessionName
	Program
	LogInNote
	LogIn
	StatusLine
)

// The controls of the dialogs.
const (
	AskLabel ID = 200 + iota
	AskPassphrase
	AskWrong
	KeepAsIs
	NewPassphrase
	NoPassphrase
	MadePassphrase
	NewFirst
	NewSecond
	CommentText
	FormList
	KeyType
	KeyComment
	KeyFirst
	KeySecond
	KeyWords
	ManyList
	ManyBeside
	ManyInFolder
	ManyPPK
	ManyPEM
	ResultList
)

// Kind is a kind of control.
type Kind int

// The kinds. All are controls of Windows itself, so that screen readers know them; a
// label names the control after it.
const (
	Label    Kind = iota
	Button        // ends a dialog
	Edit          // a line of text
	Secret        // a line of text that is not shown, and wiped
	ReadOnly      // text of several lines
	Combo         // a line of text, with a list of the usual ones
	Choice        // one of a list
	Radio         // one of a few
	Group         // a frame around others
	List          // rows with columns
)

// Control is a row of the table of a window. Lengths are pixels at 96 DPI.
type Control struct {
	ID   ID
	Kind Kind
	Text string // "&" is before the letter that the keyboard reaches it with
	X, Y int
	W, H int
	// Items are what a Combo or Choice offers, or the rows of a List, their columns apart
	// by tabs.
	Items   []string
	Columns []Column // of a List
	On      bool     // a Radio that is chosen at first
	Selects ID       // the Radio that is chosen when something is typed here
}

// Column is a column of a List.
type Column struct {
	Title string
	Width int
}

// Dialog is a table of controls in a window of its own.
type Dialog struct {
	Title    string
	Waits    string // what the status line says that is waited for; "" for a list of results
	W, H     int
	Controls []Control
}

// users are those that cloud images have.
var users = []string{"root", "ubuntu", "ec2-user", "admin", "azureuser", "opc", "ecs-user", "lighthouse", "debian"}

// titlesOf returns what a list shows of its rows.
func titlesOf[T any](rows []T, title func(row T) string) []string {
	var titles []string
	for _, row := range rows {
		titles = append(titles, title(row))
	}
	return titles
}

// Main is the main window.
var Main = lazy.Value[Dialog]{Make: func() Dialog {
	return Dialog{Title: "keyconv", W: 600, H: 556, Controls: []Control{
		{Kind: Label, Text: "Drop a key file on this window, paste its text (Ctrl+V), or", X: 12, Y: 16, W: 322, H: 18},
		{ID: ChooseKey, Kind: Button, Text: "&Choose a key...", X: 338, Y: 10, W: 120, H: 26},
		{ID: NewKey, Kind: Button, Text: "Make a ne&w key...", X: 464, Y: 10, W: 124, H: 26},
		{Kind: Label, Text: "What &it is:", X: 12, Y: 44, W: 300, H: 16},
		{ID: KeyInfo, Kind: ReadOnly, X: 12, Y: 62, W: 576, H: 106},
		{Kind: Label, Text: "Public &key, the line for ~/.ssh/authorized_keys on the server:", X: 12, Y: 176, W: 470, H: 16},
		{ID: PublicLine, Kind: ReadOnly, X: 12, Y: 194, W: 478, H: 46},
		{ID: CopyPublic, Kind: Button, Text: "Cop&y", X: 498, Y: 194, W: 90, H: 26},
		{ID: SavePPK, Kind: Button, Text: "Save .&ppk for PuTTY...", X: 12, Y: 250, W: 186, H: 30},
		{ID: SavePEM, Kind: Button, Text: "Save .p&em for OpenSSH...", X: 207, Y: 250, W: 186, H: 30},
		{ID: SaveOther, Kind: Button, Text: "&Other forms...", X: 402, Y: 250, W: 186, H: 30},
		{ID: SetPassphrase, Kind: Button, Text: "P&assphrase...", X: 12, Y: 286, W: 186, H: 26},
		{ID: SetComment, Kind: Button, Text: "Co&mment...", X: 207, Y: 286, W: 186, H: 26},
		{Kind: Group, Text: "Log in to a server", X: 12, Y: 322, W: 576, H: 156},
		{Kind: Label, Text: "&Server:", X: 24, Y: 348, W: 66, H: 18},
		{ID: Server, Kind: Edit, X: 92, Y: 344, W: 206, H: 24},
		{Kind: Label, Text: "&User:", X: 314, Y: 348, W: 56, H: 18},
		{ID: User, Kind: Combo, Text: users[0], X: 374, Y: 344, W: 202, H: 24, Items: users},
		{Kind: Label, Text: "&Name:", X: 24, Y: 380, W: 66, H: 18},
		{ID: SessionName, Kind: Edit, X: 92, Y: 376, W: 206, H: 24},
		{Kind: Label, Text: "Wit&h:", X: 314, Y: 380, W: 56, H: 18},
		{ID: Program, Kind: Choice, Text: clients.Get()[0].title, X: 374, Y: 376, W: 202, H: 24, Items: titlesOf(clients.Get(), func(c client) string { return c.title })},
		{ID: LogInNote, Kind: Label, X: 24, Y: 408, W: 552, H: 32},
		{ID: LogIn, Kind: Button, Text: clients.Get()[0].button, X: 24, Y: 442, W: 274, H: 28},
		{ID: StatusLine, Kind: ReadOnly, X: 12, Y: 488, W: 576, H: 56},
	}}
}}

// welcome is the status as long as nothing is open.
const welcome = "Everything stays on this computer. A key that you open is never changed."

var passphraseDialog = Dialog{Title: "Passphrase", Waits: "the passphrase", W: 380, H: 138, Controls: []Control{
	{ID: AskLabel, Kind: Label, Text: "&Passphrase:", X: 14, Y: 14, W: 352, H: 18},
	{ID: AskPassphrase, Kind: Secret, X: 14, Y: 34, W: 352, H: 24},
	{ID: AskWrong, Kind: Label, X: 14, Y: 66, W: 352, H: 18},
	{ID: OK, Kind: Button, Text: "OK", X: 186, Y: 98, W: 86, H: 28},
	{ID: Cancel, Kind: Button, Text: "Cancel", X: 280, Y: 98, W: 86, H: 28},
}}

var newPassphraseDialog = Dialog{Title: "Passphrase of the files that you save", Waits: "your choice of a passphrase", W: 400, H: 246, Controls: []Control{
	{ID: KeepAsIs, Kind: Radio, Text: "As the key is now: the passphrase that it &has", X: 14, Y: 12, W: 372, H: 20, On: true},
	{ID: NewPassphrase, Kind: Radio, Text: "A new passphra&se", X: 14, Y: 36, W: 372, H: 20},
	{Kind: Label, Text: "&Passphrase:", X: 34, Y: 66, W: 96, H: 18},
	{ID: NewFirst, Kind: Secret, Selects: NewPassphrase, X: 134, Y: 62, W: 252, H: 24},
	{Kind: Label, Text: "&Once more:", X: 34, Y: 96, W: 96, H: 18},
	{ID: NewSecond, Kind: Secret, Selects: NewPassphrase, X: 134, Y: 92, W: 252, H: 24},
	{ID: MadePassphrase, Kind: Radio, Text: "Six random &words, which are shown once", X: 14, Y: 126, W: 372, H: 20},
	{ID: NoPassphrase, Kind: Radio, Text: "No&ne: anybody who gets the file can log in", X: 14, Y: 150, W: 372, H: 20},
	{ID: OK, Kind: Button, Text: "OK", X: 206, Y: 206, W: 86, H: 28},
	{ID: Cancel, Kind: Button, Text: "Cancel", X: 300, Y: 206, W: 86, H: 28},
}}

var commentDialog = Dialog{Title: "Comment of the files that you save", Waits: "the comment", W: 400, H: 118, Controls: []Control{
	{Kind: Label, Text: "&Comment, such as the name of the computer:", X: 14, Y: 14, W: 372, H: 18},
	{ID: CommentText, Kind: Edit, X: 14, Y: 34, W: 372, H: 24},
	{ID: OK, Kind: Button, Text: "OK", X: 206, Y: 78, W: 86, H: 28},
	{ID: Cancel, Kind: Button, Text: "Cancel", X: 300, Y: 78, W: 86, H: 28},
}}

var formsDialog = Dialog{Title: "Other forms", Waits: "your choice of a form", W: 620, H: 296, Controls: []Control{
	{Kind: Label, Text: "&Save the key as:", X: 14, Y: 12, W: 400, H: 18},
	{ID: FormList, Kind: List, X: 14, Y: 32, W: 592, H: 212, Columns: []Column{{"Form", 180}, {"File", 64}, {"For", 340}}},
	{ID: OK, Kind: Button, Text: "Save...", X: 426, Y: 256, W: 86, H: 28},
	{ID: Cancel, Kind: Button, Text: "Cancel", X: 520, Y: 256, W: 86, H: 28},
}}

var newKeyDialog = lazy.Value[Dialog]{Make: func() Dialog {
	return Dialog{Title: "Make a new key", Waits: "the settings of the new key", W: 420, H: 222, Controls: []Control{
		{Kind: Label, Text: "&Type:", X: 14, Y: 18, W: 100, H: 18},
		{ID: KeyType, Kind: Choice, Text: newTypes[0].title, X: 120, Y: 14, W: 286, H: 24, Items: titlesOf(newTypes, func(t newType) string { return t.title })},
		{Kind: Label, Text: "&Comment:", X: 14, Y: 50, W: 100, H: 18},
		{ID: KeyComment, Kind: Edit, X: 120, Y: 46, W: 286, H: 24},
		{Kind: Label, Text: "&Passphrase:", X: 14, Y: 82, W: 100, H: 18},
		{ID: KeyFirst, Kind: Secret, X: 120, Y: 78, W: 286, H: 24},
		{Kind: Label, Text: "&Once more:", X: 14, Y: 114, W: 100, H: 18},
		{ID: KeySecond, Kind: Secret, X: 120, Y: 110, W: 286, H: 24},
		{Kind: Label, Text: "It is saved twice: as .ppk for PuTTY and as .pem, with a .pub, for OpenSSH.", X: 14, Y: 146, W: 392, H: 18},
		{ID: KeyWords, Kind: Button, Text: "Save with six random &words...", X: 14, Y: 182, W: 200, H: 28},
		{ID: OK, Kind: Button, Text: "Save...", X: 226, Y: 182, W: 86, H: 28},
		{ID: Cancel, Kind: Button, Text: "Cancel", X: 320, Y: 182, W: 86, H: 28},
	}}
}}

var manyDialog = Dialog{Title: "Several keys", Waits: "your choice of a form and a folder", W: 640, H: 378, Controls: []Control{
	{Kind: Label, Text: "&Keys that were found:", X: 14, Y: 12, W: 400, H: 18},
	{ID: ManyList, Kind: List, X: 14, Y: 32, W: 612, H: 236, Columns: []Column{{"File", 170}, {"What it is", 190}, {"Folder", 244}}},
	{ID: ManyBeside, Kind: Radio, Text: "Save each converted key &beside its file", X: 14, Y: 278, W: 400, H: 20, On: true},
	{ID: ManyInFolder, Kind: Radio, Text: "Save all in one &folder, which you choose", X: 14, Y: 300, W: 400, H: 20},
	{ID: ManyPPK, Kind: Button, Text: "Save .&ppk for PuTTY", X: 14, Y: 338, W: 170, H: 28},
	{ID: ManyPEM, Kind: Button, Text: "Save .p&em for OpenSSH", X: 192, Y: 338, W: 170, H: 28},
	{ID: Cancel, Kind: Button, Text: "Cancel", X: 540, Y: 338, W: 86, H: 28},
}}

var resultsDialog = Dialog{Title: "Several keys", W: 640, H: 320, Controls: []Control{
	{Kind: Label, Text: "&Results:", X: 14, Y: 12, W: 400, H: 18},
	{ID: ResultList, Kind: List, X: 14, Y: 32, W: 612, H: 236, Columns: []Column{{"File", 170}, {"Result", 434}}},
	{ID: OK, Kind: Button, Text: "OK", X: 540, Y: 280, W: 86, H: 28},
}}

// with returns the dialog with other texts.
func (d Dialog) with(texts map[ID]string) Dialog {
	d.Controls = slices.Clone(d.Controls)
	for i, c := range d.Controls {
		if text, ok := texts[c.ID]; ok && c.ID != 0 {
			d.Controls[i].Text = text
		}
	}
	return d
}

// withRows returns the dialog with rows in a list.
func (d Dialog) withRows(list ID, rows []string) Dialog {
	d = d.with(nil)
	for i, c := range d.Controls {
		if c.ID == list {
			d.Controls[i].Items = rows
		}
	}
	return d
}

// Answers are what was filled in. The value of a Radio is "1" or empty, that of a List
// the number of the row from 0 on, or empty.
type Answers struct {
	Pressed ID
	Values  map[ID][]byte
}

func (a Answers) text(id ID) string { return string(a.Values[id]) }

func (a Answers) isChosen(id ID) bool { return len(a.Values[id]) > 0 }

// wipe clears what was typed.
func (a Answers) wipe() {
	for value := range maps.Values(a.Values) {
		clear(value)
	}
}

// newPassphrase returns a copy of a passphrase that was typed twice.
func (a Answers) newPassphrase(first, second ID) ([]byte, error) {
	p := a.Values[first]
	switch {
	case len(p) == 0 && len(a.Values[second]) == 0:
		return nil, fault.New(fault.Usage, "the new passphrase is empty").With(say("Type it twice, or choose to have none."))
	case !bytes.Equal(p, a.Values[second]):
		return nil, fault.New(fault.Usage, "the two passphrases differ").With(say("Please type the same passphrase twice."))
	}
	return bytes.Clone(p), nil
}

// escapeMnemonic keeps an "&" of a name from underlining the letter after it.
func escapeMnemonic(name string) string { return strings.ReplaceAll(name, "&", "&&") }
