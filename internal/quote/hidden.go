package quote

import (
	"reflect"
	"strings"
	"sync"
)

// part is how many bytes of a hidden text may be printed, less one: too few to be of use,
// and more than words of a message have in common with a path.
const part = 12

// Hidden has the texts of a run that stand where a name belongs and could be secrets. It
// takes them, and parts of them, out of what is printed. A nil pointer and the zero value
// hide nothing.
type Hidden struct {
	mu    sync.Mutex
	parts map[string]string // what the text is of which it is a part
}

// Add hides a text; what says what it looks like.
func (h *Hidden) Add(text, what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.parts == nil {
		h.parts = map[string]string{}
	}
	for i := 0; i+part <= len(text); i++ {
		h.parts[text[i:i+part]] = what
	}
}

// Clean returns a text without the parts of it that are hidden.
func (h *Hidden) Clean(text string) string {
	if h == nil {
		return text
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.parts) == 0 {
		return text
	}
	var b strings.Builder
	shown := 0 // the end of what is written
	for i := 0; i+part <= len(text); i++ {
		what, found := h.parts[text[i:i+part]]
		switch {
		case !found:
		case i >= shown:
			b.WriteString(text[shown:i] + hiding(what))
			fallthrough
		default:
			shown = i + part
		}
	}
	b.WriteString(text[shown:])
	return b.String()
}

// CleanAll takes what is hidden out of all texts in the value that p points to.
func (h *Hidden) CleanAll(p any) { h.cleanValue(reflect.ValueOf(p)) }

func (h *Hidden) cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		h.cleanValue(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			h.cleanValue(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			h.cleanValue(v.Index(i))
		}
	case reflect.String:
		v.SetString(h.Clean(v.String()))
	}
}
