package window

import (
	"context"
	"unsafe"

	"golang.org/x/sys/windows"
)

// handle handles a message of a window.
func (a *app) handle(f *frame, message uint32, wParam, lParam uintptr) (result uintptr, done bool) {
	switch message {
	case wmCall:
		a.runQueue()
	case wmCommand:
		a.command(f, ID(wParam&0xffff), int(wParam>>16&0xffff))
	case wmNotify:
		const doubleClick = -3 // NM_DBLCLK
		if n := (*notification)(pointer(lParam)); n.code == doubleClick && f.kind(ID(n.id)) == List && f.handle(OK) != 0 {
			f.end(OK)
		}
		return 0, false
	case wmDropFiles:
		files := droppedFiles(wParam)
		_, _, _ = dragFinish.Call(wParam)
		if a.top == a.main {
			a.work(func(ctx context.Context) { a.model.Drop(ctx, files) })
		}
	case wmPaste:
		if f == a.main && a.top == a.main {
			a.pastes(0)
		}
	case wmActivate:
		if wParam&0xffff == 0 {
			f.keepFocus()
		} else {
			f.restoreFocus()
		}
	case wmDPIChanged:
		f.dpi = int(wParam & 0xffff)
		r := (*rect)(pointer(lParam))
		_, _, _ = setWindowPos.Call(uintptr(f.window), 0, uintptr(r.left), uintptr(r.top), uintptr(r.right-r.left), uintptr(r.bottom-r.top), 0x4|0x10)
		f.arrange()
	case wmClose:
		a.close(f)
	case wmDestroy:
		if f == a.main {
			_, _, _ = postQuitMessage.Call(0)
		}
	default:
		return 0, false
	}
	return 0, true
}

// pointer is an address that Windows has handed over in a message.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// close ends a dialog, or the window: once the work is over, so that nothing is left
// half-done.
func (a *app) close(f *frame) {
	switch {
	case f != a.main:
		f.end(Cancel)
	case a.cancel != nil:
		a.closing = true
		a.cancel()
		if a.top != a.main {
			a.top.end(Cancel)
		}
	default:
		_, _, _ = destroyWindow.Call(uintptr(f.window))
	}
}

// end ends a dialog. The loop may wait for a message, since this one may have been sent by
// another thread.
func (f *frame) end(button ID) {
	f.pressed, f.ended = button, true
	_, _, _ = postMessage.Call(uintptr(f.window), wmNull, 0, 0)
}

// command is what a control reports.
func (a *app) command(f *frame, id ID, code int) {
	kind := f.kind(id)
	switch {
	case code == enChange && f.selects(id) != 0 && send(f.handle(id), wmGetTextLen, 0, 0) > 0:
		f.choose(f.selects(id))
	case code == cbnSelChange && id == Program:
		setText(f.handle(LogIn), LogInText(string(readText(f.handle(Program)))))
	case code != bnClicked:
	case f != a.main && (kind == Button || id == Cancel):
		f.end(id)
	case f == a.main && id == Cancel:
		if a.cancel != nil {
			a.cancel()
		}
	case f == a.main && kind == Button:
		fields := Fields{}
		for id, value := range f.values() {
			fields[id] = string(value)
		}
		a.work(func(ctx context.Context) { a.model.Press(ctx, id, fields) })
	}
}

// selects returns the Radio that is chosen by typing into a control.
func (f *frame) selects(id ID) ID {
	if i := f.index(id); i >= 0 {
		return f.Controls[i].Selects
	}
	return 0
}

// choose chooses a Radio in place of the others.
func (f *frame) choose(id ID) {
	for i, c := range f.Controls {
		if c.Kind == Radio {
			send(f.handles[i], bmSetCheck, toBool(c.ID == id), 0)
		}
	}
}

// key handles the keys that a dialog of Windows handles otherwise, or not at all where the
// window is not one.
func (a *app) key(m *message) bool {
	f := a.frameOf(m.window)
	if m.message != wmKeyDown || f == nil {
		return false
	}
	at := focused()
	switch ctrl := isDown(keyCtrl); m.wParam {
	case keyTab:
		if ctrl || isDown(keyAlt) {
			return false
		}
		next, _, _ := getNextDlgTabItem.Call(uintptr(f.window), uintptr(at), toBool(isDown(keyShift)))
		focus(windows.HWND(next))
	case keyEscape:
		if isOpen(at) {
			return false
		}
		a.command(f, Cancel, bnClicked)
	case keyReturn:
		if isOpen(at) {
			return false
		}
		a.enter(f, at)
	case keyV:
		if !ctrl || f != a.main || !a.pastes(at) {
			return false
		}
	default:
		return false
	}
	return true
}

// isOpen reports whether the list of a combo box is open, which has keys of its own.
func isOpen(control windows.HWND) bool {
	if className(control) == "Edit" { // the line of a combo box
		parent, _, _ := getAncestor.Call(uintptr(control), 1) // GA_PARENT
		control = windows.HWND(parent)
	}
	return className(control) == "ComboBox" && send(control, cbGetDropped, 0, 0) != 0
}

// enter presses the button with the focus, otherwise that which is meant. The focus stays
// where it is.
func (a *app) enter(f *frame, at windows.HWND) {
	button := OK
	id, _, _ := getDlgCtrlID.Call(uintptr(at))
	switch {
	case f.kind(ID(id)) == Button:
		button = ID(id)
	case f == a.main:
		button = LogIn
	}
	if enabled, _, _ := isWindowEnabled.Call(uintptr(f.handle(button))); enabled != 0 {
		a.command(f, button, bnClicked)
	}
}

// pastes opens what is on the clipboard: files, or the text of a key. A field takes other
// text itself, and never that of a key.
func (a *app) pastes(at windows.HWND) bool {
	if files := a.clipboardFiles(); len(files) > 0 {
		a.work(func(ctx context.Context) { a.model.Drop(ctx, files) })
		return true
	}
	text := a.clipboardText()
	id, _, _ := getDlgCtrlID.Call(uintptr(at))
	isField := a.main.kind(ID(id)) == Edit || className(at) == "Edit" && a.main.kind(ID(id)) != ReadOnly
	if isField && !LooksLikeKey(text) {
		clear(text)
		return false
	}
	a.work(func(ctx context.Context) { a.model.Paste(ctx, text) })
	return true
}
