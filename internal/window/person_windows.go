package window

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The app asks the person for the model: what the model calls runs on the thread of the
// window.

// Fill shows a dialog.
func (a *app) Fill(d Dialog) (answers Answers) {
	a.call(func() { answers = a.fill(d) })
	return answers
}

func (a *app) fill(d Dialog) Answers {
	owner := a.top
	f := a.newFrame(d, owner)
	if f.window == 0 {
		return Answers{}
	}
	a.top = f
	_, _, _ = enableWindow.Call(uintptr(owner.window), 0)
	_, _, _ = showWindow.Call(uintptr(f.window), 5) // SW_SHOW
	for i, c := range f.Controls {
		if slices.Contains([]Kind{Edit, Secret, Combo, Choice, Radio, List}, c.Kind) {
			focus(f.handles[i])
			break
		}
	}
	a.loop(func() bool { return f.ended })
	answers := Answers{Pressed: f.pressed, Values: f.values()}
	f.wipe()
	a.top = owner
	_, _, _ = enableWindow.Call(uintptr(owner.window), 1)
	delete(a.frames, f.window)
	_, _, _ = destroyWindow.Call(uintptr(f.window))
	_, _, _ = deleteObject.Call(f.font)
	_, _, _ = setForegroundWindow.Call(uintptr(owner.window))
	return answers
}

// box shows a message box over what is open.
func (a *app) box(text string, style uintptr) int {
	r, _, _ := messageBox.Call(uintptr(a.top.window), uintptr(unsafe.Pointer(wide(text))), uintptr(unsafe.Pointer(wide(Main.Get().Title))), style)
	return int(r)
}

// Confirm asks a question. Enter is No; Esc does nothing in a box with Yes and No alone.
func (a *app) Confirm(question string) (yes bool) {
	a.call(func() { yes = a.box(question, 0x4|0x30|0x100) == 6 }) // MB_YESNO, MB_ICONWARNING, MB_DEFBUTTON2; IDYES
	return yes
}

// Say shows a message.
func (a *app) Say(m Message) {
	style := uintptr(0x40) // MB_ICONINFORMATION
	if m.Warning {
		style = 0x30 // MB_ICONWARNING
	}
	a.call(func() { a.box(m.Text, style) })
}

// Show draws the state. That after the work is drawn when nothing runs any more, so that
// no button can be pressed in vain.
func (a *app) Show(s State) {
	a.call(func() {
		if a.after = s; !s.Enabled[ChooseKey] {
			a.draw(s)
		}
	})
}

func (a *app) draw(s State) {
	a.main.keepFocus()
	for id, text := range s.Text {
		if id == SessionName {
			continue
		}
		if a.main.kind(id) == Label {
			text = escapeMnemonic(text)
		}
		a.main.change(id, text)
	}
	for id, enabled := range s.Enabled {
		_, _, _ = enableWindow.Call(uintptr(a.main.handle(id)), toBool(enabled))
	}
	isNew := s.Text[KeyInfo] != a.info
	if isNew {
		a.info = s.Text[KeyInfo]
		setText(a.main.handle(SessionName), s.Text[SessionName])
	}
	switch {
	case a.top != a.main:
	case isNew && s.Enabled[LogIn]:
		focus(a.main.handle(Server)) // what is typed next
	case focused() == 0: // the button was disabled while it worked
		a.main.restoreFocus()
	}
}

// change sets a text that has changed, and reports it to screen readers.
func (f *frame) change(id ID, text string) {
	h := f.handle(id)
	if string(readText(h)) == text {
		return
	}
	setText(h, text)
	f.showScrollBar(id)
	_, _, _ = notifyWinEvent.Call(0x8019, uintptr(h), ^uintptr(3), 0) // EVENT_OBJECT_LIVEREGIONCHANGED, OBJID_CLIENT, CHILDID_SELF
}

// keepFocus remembers the control with the focus, for when the window is left, or the
// control disabled for a while.
func (f *frame) keepFocus() {
	at := focused()
	if root, _, _ := getAncestor.Call(uintptr(at), 2); at != 0 && windows.HWND(root) == f.window { // GA_ROOT
		f.focus = at
	}
}

func (f *frame) restoreFocus() {
	if enabled, _, _ := isWindowEnabled.Call(uintptr(f.focus)); enabled != 0 {
		focus(f.focus)
	}
}
