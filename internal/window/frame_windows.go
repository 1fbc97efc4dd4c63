package window

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/windows"
)

// frame is a window that is on the screen, made from a table.
type frame struct {
	Dialog
	window  windows.HWND
	handles []windows.HWND // by control
	owner   *frame
	font    uintptr
	dpi     int
	focus   windows.HWND // when the window was left
	pressed ID           // the button that has ended a dialog
	ended   bool
}

const windowClass = "keyconv.window"

// controlClasses has the class and styles of each kind of control.
var controlClasses = map[Kind]struct {
	class     string
	style, ex uint32
}{
	Label:    {"STATIC", 0x2000, 0},                                                 // SS_EDITCONTROL: long paths are broken
	Button:   {"BUTTON", wsTabStop, 0},                                              // BS_PUSHBUTTON
	Edit:     {"EDIT", wsTabStop | 0x80, exClientEdge},                              // ES_AUTOHSCROLL
	Secret:   {"EDIT", wsTabStop | 0x80 | 0x20, exClientEdge},                       // ES_PASSWORD
	ReadOnly: {"EDIT", wsTabStop | wsVScroll | 0x4 | 0x40 | 0x800, exClientEdge},    // ES_MULTILINE, ES_AUTOVSCROLL, ES_READONLY
	Combo:    {"COMBOBOX", wsTabStop | wsVScroll | 0x2 | 0x40, 0},                   // CBS_DROPDOWN, CBS_AUTOHSCROLL
	Choice:   {"COMBOBOX", wsTabStop | wsVScroll | 0x3, 0},                          // CBS_DROPDOWNLIST
	Radio:    {"BUTTON", wsTabStop | 0x9, 0},                                        // BS_AUTORADIOBUTTON
	Group:    {"BUTTON", 0x7, 0},                                                    // BS_GROUPBOX
	List:     {"SysListView32", wsTabStop | 0x1 | 0x4 | 0x8 | 0x8000, exClientEdge}, // LVS_REPORT, SINGLESEL, SHOWSELALWAYS, NOSORTHEADER
}

// dropDown is how long the list of a combo box is.
const dropDown = 200

// newFrame makes a window with its controls, which is not shown yet.
func (a *app) newFrame(d Dialog, owner *frame) *frame {
	f := &frame{Dialog: d, owner: owner, dpi: 96}
	style, ex := uint32(wsPopup|wsCaption|wsSysMenu), uint32(exModalFrame|exControl)
	above := windows.HWND(0)
	if owner == nil {
		style, ex = wsCaption|wsSysMenu|wsMinimize, exAccept|exControl
	} else {
		above = owner.window
	}
	h, _, _ := createWindowEx.Call(uintptr(ex), uintptr(unsafe.Pointer(wide(windowClass))), uintptr(unsafe.Pointer(wide(d.Title))), uintptr(style),
		0x80000000, 0x80000000, 0, 0, uintptr(above), 0, a.instance, 0) // CW_USEDEFAULT
	f.window = windows.HWND(h)
	a.frames[f.window] = f
	if dpi, _, _ := getDpiForWindow.Call(h); dpi != 0 {
		f.dpi = int(dpi)
	}
	for i := range d.Controls {
		f.handles = append(f.handles, f.create(a, i))
	}
	f.resize(style, ex)
	f.arrange()
	return f
}

// create makes a control.
func (f *frame) create(a *app, i int) windows.HWND {
	c := f.Controls[i]
	class := controlClasses[c.Kind]
	style := class.style | wsChild | wsVisible
	isRadio := func(c Control) bool { return c.Kind == Radio }
	if c.Kind == Button || isRadio(c) && !slices.ContainsFunc(f.Controls[:i], isRadio) {
		style |= wsGroup
	}
	if c.ID == OK {
		style |= 1 // BS_DEFPUSHBUTTON
	}
	h, _, _ := createWindowEx.Call(uintptr(class.ex), uintptr(unsafe.Pointer(wide(class.class))), uintptr(unsafe.Pointer(wide(c.Text))), uintptr(style),
		0, 0, 0, 0, uintptr(f.window), uintptr(c.ID), a.instance, 0)
	control := windows.HWND(h)
	switch c.Kind {
	case Combo, Choice:
		for _, item := range c.Items {
			sendText(control, cbAddString, 0, item)
		}
		if c.Kind == Choice {
			send(control, cbSetCurSel, sendText(control, cbSelectExact, ^uintptr(0), c.Text), 0)
		} else {
			setText(control, c.Text)
		}
	case Radio:
		send(control, bmSetCheck, toBool(c.On), 0)
	case ReadOnly:
		send(control, emLimitText, 0, 0) // as much as there is
	case List:
		fillList(control, c)
	}
	return control
}

func fillList(list windows.HWND, c Control) {
	const text, width, sub, state = 0x4, 0x2, 0x8, 0x8 // LVCF_TEXT, LVCF_WIDTH, LVCF_SUBITEM; LVIF_STATE
	send(list, lvSetExtended, 0, 0x20|0x4000)          // LVS_EX_FULLROWSELECT, LVS_EX_LABELTIP
	for i, column := range c.Columns {
		item := listColumn{mask: text | width | sub, text: wide(column.Title)}
		_, _, _ = sendMessage.Call(uintptr(list), lvInsertCol, uintptr(i), uintptr(unsafe.Pointer(&item)))
	}
	for row, line := range c.Items {
		for column, cell := range strings.Split(line, "\t") {
			item := listItem{mask: 1, row: int32(row), column: int32(column), text: wide(cell)} // LVIF_TEXT
			message := uintptr(lvInsertItem)
			if column > 0 {
				message = lvSetItemText
			}
			_, _, _ = sendMessage.Call(uintptr(list), message, toBool(column > 0)*uintptr(row), uintptr(unsafe.Pointer(&item)))
		}
	}
	first := listItem{mask: state, state: 3, stateMask: 3} // LVIS_FOCUSED, LVIS_SELECTED
	_, _, _ = sendMessage.Call(uintptr(list), lvSetState, 0, uintptr(unsafe.Pointer(&first)))
}

func (f *frame) scale(n int) int { return n * f.dpi / 96 }

// resize gives the window the size of the table, around its controls.
func (f *frame) resize(style, ex uint32) {
	r := rect{right: int32(f.scale(f.W)), bottom: int32(f.scale(f.H))}
	_, _, _ = adjustWindowRectExForDpi.Call(uintptr(unsafe.Pointer(&r)), uintptr(style), 0, uintptr(ex), uintptr(f.dpi))
	w, h := r.right-r.left, r.bottom-r.top
	x, y, flags := int32(0), int32(0), uintptr(0x2|0x4|0x10) // SWP_NOMOVE, SWP_NOZORDER, SWP_NOACTIVATE
	if f.owner != nil {
		var over rect
		_, _, _ = getWindowRect.Call(uintptr(f.owner.window), uintptr(unsafe.Pointer(&over)))
		x, y = over.left+max((over.right-over.left-w)/2, 0), over.top+max((over.bottom-over.top-h)/3, 0)
		flags &^= 0x2
	}
	_, _, _ = setWindowPos.Call(uintptr(f.window), 0, uintptr(x), uintptr(y), uintptr(w), uintptr(h), flags)
}

// arrange puts the controls where the table has them, in the font of the system.
func (f *frame) arrange() {
	old := f.font
	var metrics nonClientMetrics
	metrics.size = uint32(unsafe.Sizeof(metrics))
	_, _, _ = systemParametersInfoForDpi.Call(0x29, uintptr(metrics.size), uintptr(unsafe.Pointer(&metrics)), 0, uintptr(f.dpi)) // SPI_GETNONCLIENTMETRICS
	f.font, _, _ = createFontIndirect.Call(uintptr(unsafe.Pointer(&metrics.messageFont)))
	for i, c := range f.Controls {
		height := c.H
		if c.Kind == Combo || c.Kind == Choice {
			height += dropDown
		}
		send(f.handles[i], wmSetFont, f.font, 1)
		_, _, _ = setWindowPos.Call(uintptr(f.handles[i]), 0, uintptr(f.scale(c.X)), uintptr(f.scale(c.Y)), uintptr(f.scale(c.W)), uintptr(f.scale(height)), 0x4|0x10)
		f.showScrollBar(c.ID)
		for column, of := range c.Columns {
			send(f.handles[i], lvSetColWidth, uintptr(column), uintptr(f.scale(of.Width)))
		}
		f.widen(f.handles[i], c.Columns)
	}
	if old != 0 {
		_, _, _ = deleteObject.Call(old)
	}
}

// widen makes the last column of a list as wide as its longest text, if that is cut off
// otherwise: the list scrolls.
func (f *frame) widen(list windows.HWND, columns []Column) {
	if last := len(columns) - 1; last >= 0 {
		send(list, lvSetColWidth, uintptr(last), ^uintptr(0)) // LVSCW_AUTOSIZE
		if width := uintptr(f.scale(columns[last].Width)); send(list, lvGetColWidth, uintptr(last), 0) < width {
			send(list, lvSetColWidth, uintptr(last), width)
		}
	}
}

// lineHeight is about that of the font of messages, in pixels at 96 DPI.
const lineHeight = 15

// showScrollBar shows the scroll bar of a text that is longer than its control.
func (f *frame) showScrollBar(id ID) {
	const vertical = 1 // SB_VERT
	if i := f.index(id); i >= 0 && f.Controls[i].Kind == ReadOnly {
		lines := int(send(f.handles[i], emLineCount, 0, 0))
		_, _, _ = showScrollBar.Call(uintptr(f.handles[i]), vertical, toBool(lines*lineHeight > f.Controls[i].H))
	}
}

// index returns the place of a control in the table, or -1.
func (f *frame) index(id ID) int {
	return slices.IndexFunc(f.Controls, func(c Control) bool { return c.ID == id && id != 0 })
}

// handle returns the window of a control; 0 for none.
func (f *frame) handle(id ID) windows.HWND {
	if i := f.index(id); i >= 0 {
		return f.handles[i]
	}
	return 0
}

// kind returns the kind of a control.
func (f *frame) kind(id ID) Kind {
	if i := f.index(id); i >= 0 {
		return f.Controls[i].Kind
	}
	return Label
}

// values reads what was filled in.
func (f *frame) values() map[ID][]byte {
	values := map[ID][]byte{}
	for i, c := range f.Controls {
		h := f.handles[i]
		switch c.Kind {
		case Edit, Secret, Combo, Choice:
			values[c.ID] = readText(h)
		case Radio:
			if send(h, bmGetCheck, 0, 0) != 0 {
				values[c.ID] = []byte("1")
			}
		case List:
			if row := int(int32(send(h, lvGetNextItem, ^uintptr(0), 2))); row >= 0 { // LVNI_SELECTED
				values[c.ID] = []byte(itoa(row))
			}
		}
	}
	return values
}

// wipe overwrites what was typed into a control for passphrases, which keeps its memory.
func (f *frame) wipe() {
	for i, c := range f.Controls {
		if c.Kind == Secret {
			n := int(send(f.handles[i], wmGetTextLen, 0, 0))
			setText(f.handles[i], strings.Repeat(" ", n))
			setText(f.handles[i], "")
		}
	}
}

// readText returns the text of a control, and leaves no other copy of it.
func readText(h windows.HWND) []byte {
	n := send(h, wmGetTextLen, 0, 0)
	buffer := make([]uint16, n+1)
	defer clear(buffer)
	n, _, _ = sendMessage.Call(uintptr(h), wmGetText, uintptr(len(buffer)), uintptr(unsafe.Pointer(&buffer[0])))
	return utf8Of(buffer[:n])
}

// utf8Of converts UTF-16 without a copy in between.
func utf8Of(text []uint16) []byte {
	out := make([]byte, 0, 3*len(text)) // as long as it can be
	for i := 0; i < len(text); i++ {
		r := rune(text[i])
		if utf16.IsSurrogate(r) && i+1 < len(text) {
			if pair := utf16.DecodeRune(r, rune(text[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
