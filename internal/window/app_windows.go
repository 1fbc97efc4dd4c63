package window

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// app is the thread of the window. Work goes on in a goroutine beside it, and comes back
// through call.
type app struct {
	instance uintptr
	main     *frame
	top      *frame // the dialog that is open, or main
	frames   map[windows.HWND]*frame
	model    *Model
	info     string // of the key that is shown

	cancel  context.CancelFunc // of the work that goes on; nil for none
	after   State              // what the window shows when that is over
	closing bool

	mu    sync.Mutex
	queue []func()
}

func itoa(n int) string { return strconv.Itoa(n) }

// current is the app of this process, for the window procedure.
var current *app

// Available reports whether this Windows has windows: a server may have none.
func Available() bool {
	return user32.Load() == nil && comdlg32.Load() == nil && comctl32.Load() == nil
}

// Run shows the window with these files open, until it is closed.
func Run(ctx context.Context, files []string) error { return run(ctx, files, computer{}) }

func run(ctx context.Context, files []string, system System) error {
	if !Available() {
		return errors.New("this Windows has no windows")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a, err := newApp(system)
	if err != nil {
		return err
	}
	defer a.model.Close()
	stop := context.AfterFunc(ctx, func() { a.post(a.main.window, wmClose) })
	defer stop()
	_, _, _ = showWindow.Call(uintptr(a.main.window), 1) // SW_SHOWNORMAL, unless the starter wants it otherwise
	_, _, _ = setForegroundWindow.Call(uintptr(a.main.window))
	focus(a.main.handle(ChooseKey))
	if self, err := os.Executable(); err == nil && ZipWarning(self) != "" {
		a.box(ZipWarning(self), 0x30)
	}
	if len(files) > 0 {
		a.work(func(ctx context.Context) { a.model.Drop(ctx, files) })
	}
	a.loop(func() bool { return false })
	return nil
}

// newApp registers the class of the windows, and makes the main one.
func newApp(system System) (*app, error) {
	a := &app{frames: map[windows.HWND]*frame{}}
	a.model = New(a, system, os.LookupEnv)
	current = a
	a.instance, _, _ = getModuleHandle.Call(0)
	// A manifest says the same; a program that was built without one is sharp too.
	_, _, _ = setProcessDpiAwarenessContext.Call(^uintptr(3)) // PER_MONITOR_AWARE_V2 (-4)
	_, _, _ = oleInitialize.Call(0)
	controls := [2]uint32{8, 0x1} // ICC_LISTVIEW_CLASSES
	_, _, _ = initCommonControlsEx.Call(uintptr(unsafe.Pointer(&controls)))
	icon, _, _ := loadIcon.Call(a.instance, uintptr(unsafe.Pointer(wide("APPICON"))))
	cursor, _, _ := loadCursor.Call(0, 32512)                                                                                       // IDC_ARROW
	class := wndClass{proc: procedure(), instance: a.instance, icon: icon, cursor: cursor, background: 16, name: wide(windowClass)} // COLOR_3DFACE + 1
	class.size = uint32(unsafe.Sizeof(class))
	if ok, _, err := registerClassEx.Call(uintptr(unsafe.Pointer(&class))); ok == 0 && !errors.Is(err, windows.ERROR_CLASS_ALREADY_EXISTS) {
		return nil, err
	}
	a.main = a.newFrame(Main.Get(), nil)
	if a.main.window == 0 {
		return nil, errors.New("no window can be opened here")
	}
	a.top = a.main
	a.draw(a.model.state())
	return a, nil
}

// procedure is made once: callbacks are never freed.
var procedure = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(window windows.HWND, message uint32, wParam, lParam uintptr) uintptr {
		if a := current; a != nil && a.frames[window] != nil {
			if result, done := a.handle(a.frames[window], message, wParam, lParam); done {
				return result
			}
		}
		r, _, _ := defWindowProc.Call(uintptr(window), uintptr(message), wParam, lParam)
		return r
	})
})

func (a *app) post(window windows.HWND, message uint32) {
	_, _, _ = postMessage.Call(uintptr(window), uintptr(message), 0, 0)
}

// call runs f on the thread of the window, and waits for it.
func (a *app) call(f func()) {
	done := make(chan struct{})
	a.mu.Lock()
	a.queue = append(a.queue, func() {
		defer close(done)
		f()
	})
	a.mu.Unlock()
	a.post(a.main.window, wmCall)
	<-done
}

// runQueue runs what waits for the thread of the window.
func (a *app) runQueue() {
	for {
		a.mu.Lock()
		if len(a.queue) == 0 {
			a.mu.Unlock()
			return
		}
		f := a.queue[0]
		a.queue = a.queue[1:]
		a.mu.Unlock()
		f()
	}
}

// work runs something beside the thread of the window, unless something runs already.
func (a *app) work(do func(ctx context.Context)) {
	if a.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	go func() {
		do(ctx)
		cancel()
		a.call(func() {
			a.cancel = nil
			a.draw(a.after)
			if a.closing {
				_, _, _ = destroyWindow.Call(uintptr(a.main.window))
			}
		})
	}()
}

// loop handles messages until something is so, or the window is gone.
func (a *app) loop(until func() bool) {
	for !until() {
		var m message
		r, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		if int32(r) <= 0 {
			_, _, _ = postQuitMessage.Call(0) // for the loops around this one
			return
		}
		if a.key(&m) {
			continue
		}
		if f := a.frameOf(m.window); f != nil {
			if handled, _, _ := isDialogMessage.Call(uintptr(f.window), uintptr(unsafe.Pointer(&m))); handled != 0 {
				continue
			}
		}
		_, _, _ = translateMessage.Call(uintptr(unsafe.Pointer(&m)))
		_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
	}
}

// frameOf returns the window that a control is in.
func (a *app) frameOf(window windows.HWND) *frame {
	root, _, _ := getAncestor.Call(uintptr(window), 2) // GA_ROOT
	return a.frames[windows.HWND(root)]
}
