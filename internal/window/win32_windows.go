package window

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What the window needs of Windows. Numbers and structures are those of the headers of the
// Windows SDK: winuser.h, commctrl.h, commdlg.h, shlobj_core.h.
var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	gdi32    = windows.NewLazySystemDLL("gdi32.dll")
	comctl32 = windows.NewLazySystemDLL("comctl32.dll")
	comdlg32 = windows.NewLazySystemDLL("comdlg32.dll")
	shell32  = windows.NewLazySystemDLL("shell32.dll")
	ole32    = windows.NewLazySystemDLL("ole32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	adjustWindowRectExForDpi      = user32.NewProc("AdjustWindowRectExForDpi")
	closeClipboard                = user32.NewProc("CloseClipboard")
	createWindowEx                = user32.NewProc("CreateWindowExW")
	defWindowProc                 = user32.NewProc("DefWindowProcW")
	destroyWindow                 = user32.NewProc("DestroyWindow")
	dispatchMessage               = user32.NewProc("DispatchMessageW")
	enableWindow                  = user32.NewProc("EnableWindow")
	getAncestor                   = user32.NewProc("GetAncestor")
	getClipboardData              = user32.NewProc("GetClipboardData")
	getDlgCtrlID                  = user32.NewProc("GetDlgCtrlID")
	getDpiForWindow               = user32.NewProc("GetDpiForWindow")
	getFocus                      = user32.NewProc("GetFocus")
	getKeyState                   = user32.NewProc("GetKeyState")
	getMessage                    = user32.NewProc("GetMessageW")
	getNextDlgTabItem             = user32.NewProc("GetNextDlgTabItem")
	getWindowRect                 = user32.NewProc("GetWindowRect")
	isClipboardFormatAvailable    = user32.NewProc("IsClipboardFormatAvailable")
	isDialogMessage               = user32.NewProc("IsDialogMessageW")
	isWindowEnabled               = user32.NewProc("IsWindowEnabled")
	loadCursor                    = user32.NewProc("LoadCursorW")
	loadIcon                      = user32.NewProc("LoadIconW")
	messageBox                    = user32.NewProc("MessageBoxW")
	notifyWinEvent                = user32.NewProc("NotifyWinEvent")
	openClipboard                 = user32.NewProc("OpenClipboard")
	postMessage                   = user32.NewProc("PostMessageW")
	postQuitMessage               = user32.NewProc("PostQuitMessage")
	registerClassEx               = user32.NewProc("RegisterClassExW")
	sendMessage                   = user32.NewProc("SendMessageW")
	setFocus                      = user32.NewProc("SetFocus")
	setForegroundWindow           = user32.NewProc("SetForegroundWindow")
	setWindowPos                  = user32.NewProc("SetWindowPos")
	showScrollBar                 = user32.NewProc("ShowScrollBar")
	showWindow                    = user32.NewProc("ShowWindow")
	systemParametersInfoForDpi    = user32.NewProc("SystemParametersInfoForDpi")
	translateMessage              = user32.NewProc("TranslateMessage")
	createFontIndirect            = gdi32.NewProc("CreateFontIndirectW")
	deleteObject                  = gdi32.NewProc("DeleteObject")
	initCommonControlsEx          = comctl32.NewProc("InitCommonControlsEx")
	getOpenFileName               = comdlg32.NewProc("GetOpenFileNameW")
	getSaveFileName               = comdlg32.NewProc("GetSaveFileNameW")
	dragFinish                    = shell32.NewProc("DragFinish")
	dragQueryFile                 = shell32.NewProc("DragQueryFileW")
	shBrowseForFolder             = shell32.NewProc("SHBrowseForFolderW")
	shGetPathFromIDList           = shell32.NewProc("SHGetPathFromIDListW")
	coTaskMemFree                 = ole32.NewProc("CoTaskMemFree")
	oleInitialize                 = ole32.NewProc("OleInitialize")
	getModuleHandle               = kernel32.NewProc("GetModuleHandleW")
	globalLock                    = kernel32.NewProc("GlobalLock")
	globalSize                    = kernel32.NewProc("GlobalSize")
	globalUnlock                  = kernel32.NewProc("GlobalUnlock")
	setProcessDpiAwarenessContext = user32.NewProc("SetProcessDpiAwarenessContext")
)

// Messages of windows and controls.
const (
	wmNull        = 0x0000
	wmDestroy     = 0x0002
	wmActivate    = 0x0006
	wmSetText     = 0x000C
	wmGetText     = 0x000D
	wmGetTextLen  = 0x000E
	wmClose       = 0x0010
	wmSetFont     = 0x0030
	wmNotify      = 0x004E
	wmKeyDown     = 0x0100
	wmCommand     = 0x0111
	wmPaste       = 0x0302
	wmDropFiles   = 0x0233
	wmDPIChanged  = 0x02E0
	wmCall        = 0x8001 // WM_APP + 1: run what waits in the queue
	emLineCount   = 0x00BA
	emLimitText   = 0x00C5
	bmGetCheck    = 0x00F0
	bmSetCheck    = 0x00F1
	cbAddString   = 0x0143
	cbGetCurSel   = 0x0147
	cbGetDropped  = 0x0157
	cbSelectExact = 0x0158 // CB_FINDSTRINGEXACT
	cbSetCurSel   = 0x014E
	lvGetNextItem = 0x100C
	lvGetColWidth = 0x101D
	lvSetColWidth = 0x101E
	lvSetState    = 0x102B
	lvSetExtended = 0x1036
	lvInsertItem  = 0x104D
	lvInsertCol   = 0x1061
	lvSetItemText = 0x1074
)

// Notifications in the high word of WM_COMMAND.
const (
	bnClicked    = 0
	cbnSelChange = 1
	enChange     = 0x300
)

// Styles.
const (
	wsPopup      = 0x80000000
	wsChild      = 0x40000000
	wsVisible    = 0x10000000
	wsCaption    = 0x00C00000
	wsVScroll    = 0x00200000
	wsSysMenu    = 0x00080000
	wsMinimize   = 0x00020000 // WS_MINIMIZEBOX, and of a control WS_GROUP
	wsGroup      = 0x00020000
	wsTabStop    = 0x00010000
	exModalFrame = 0x00000001
	exAccept     = 0x00000010 // WS_EX_ACCEPTFILES
	exClientEdge = 0x00000200
	exControl    = 0x00010000 // WS_EX_CONTROLPARENT
)

const (
	keyTab    = 0x09
	keyReturn = 0x0D
	keyShift  = 0x10
	keyCtrl   = 0x11
	keyAlt    = 0x12
	keyEscape = 0x1B
	keyV      = 0x56
)

type wndClass struct {
	size, style                        uint32
	proc                               uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

type message struct {
	window  windows.HWND
	message uint32
	wParam  uintptr
	lParam  uintptr
	time    uint32
	x, y    int32
	private uint32
}

type rect struct{ left, top, right, bottom int32 }

// nonClientMetrics is NONCLIENTMETRICSW.
type nonClientMetrics struct {
	size        uint32
	_           [5]int32
	_           [92]byte // lfCaptionFont
	_           [2]int32
	_           [92]byte // lfSmCaptionFont
	_           [2]int32
	_           [2][92]byte // lfMenuFont, lfStatusFont
	messageFont [92]byte
	_           int32
}

type listColumn struct {
	mask, format uint32
	width        int32
	text         *uint16
	_            [7]int32
}

type listItem struct {
	mask             uint32
	row, column      int32
	state, stateMask uint32
	text             *uint16
	_                [2]int32
	_                uintptr
	_                [3]int32
	_                [2]uintptr
	_                int32
}

// notification is NMHDR.
type notification struct {
	window windows.HWND
	id     uintptr
	code   int32
}

type openFileName struct {
	size                       uint32
	owner                      windows.HWND
	instance                   uintptr
	filter, customFilter       *uint16
	maxCustomFilter, filterNum uint32
	file                       *uint16
	maxFile                    uint32
	title                      *uint16
	maxTitle                   uint32
	folder, caption            *uint16
	flags                      uint32
	fileOffset, extOffset      uint16
	extension                  *uint16
	data, hook                 uintptr
	template                   *uint16
	reserved                   uintptr
	reserved2, flagsEx         uint32
}

// browseInfo is BROWSEINFOW.
type browseInfo struct {
	owner    windows.HWND
	root     uintptr
	name     *uint16
	title    *uint16
	flags    uint32
	callback uintptr
	data     uintptr
	image    int32
}

// wide returns a text as Windows takes it.
func wide(text string) *uint16 {
	p, err := windows.UTF16PtrFromString(text)
	if err != nil { // there is a NUL in it
		p, _ = windows.UTF16PtrFromString(strings.ReplaceAll(text, "\x00", " "))
	}
	return p
}

func send(window windows.HWND, message uint32, wParam, lParam uintptr) uintptr {
	r, _, _ := sendMessage.Call(uintptr(window), uintptr(message), wParam, lParam)
	return r
}

func sendText(window windows.HWND, message uint32, wParam uintptr, text string) uintptr {
	r, _, _ := sendMessage.Call(uintptr(window), uintptr(message), wParam, uintptr(unsafe.Pointer(wide(text))))
	return r
}

func setText(window windows.HWND, text string) { sendText(window, wmSetText, 0, text) }

func focused() windows.HWND {
	h, _, _ := getFocus.Call()
	return windows.HWND(h)
}

func focus(window windows.HWND) { _, _, _ = setFocus.Call(uintptr(window)) }

func isDown(key int) bool {
	state, _, _ := getKeyState.Call(uintptr(key))
	return state&0x8000 != 0
}

func className(window windows.HWND) string {
	var name [64]uint16
	n, err := windows.GetClassName(window, &name[0], int32(len(name)))
	if err != nil {
		return ""
	}
	return windows.UTF16ToString(name[:n])
}

func toBool(on bool) uintptr {
	if on {
		return 1
	}
	return 0
}
