package window

// attended is the person, for whom the status line says what the window waits for as long as a
// dialog is open: only the dialog can be used then, and its Esc is not that of the window.
type attended struct {
	Person
	model *Model
}

// waits shows what is waited for, until the function that it returns is called.
func (a attended) waits(what string) (end func()) {
	if what == "" {
		return func() {}
	}
	a.model.redraw(&a.model.waiting, "Waiting for "+what+".")
	return func() { a.model.redraw(&a.model.waiting, "") }
}

// Fill shows a dialog.
func (a attended) Fill(d Dialog) Answers {
	defer a.waits(d.Waits)()
	return a.Person.Fill(d)
}

// OpenFiles asks for files.
func (a attended) OpenFiles() []string {
	defer a.waits("your choice of a key")()
	return a.Person.OpenFiles()
}

// SaveAs asks for the name of a file.
func (a attended) SaveAs(s SaveAs) string {
	defer a.waits("the name of the file to save")()
	return a.Person.SaveAs(s)
}

// Folder asks for a folder.
func (a attended) Folder(title string) string {
	defer a.waits("your choice of a folder")()
	return a.Person.Folder(title)
}

// Confirm asks a question.
func (a attended) Confirm(question string) bool {
	defer a.waits("your answer, Yes or No")()
	return a.Person.Confirm(question)
}

// Say shows a message.
func (a attended) Say(m Message) {
	defer a.waits("you to close the message")()
	a.Person.Say(m)
}
