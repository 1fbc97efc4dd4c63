// Command calls calls every function and method that it is given with zero values and odd
// ones, and prints those that panic. TestNothingPanics gives it all that the library exports.
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/keyconv/keyconv"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

var (
	// functions and types are what the library exports, by name.
	functions = map[string]any{}
	types     = map[string]reflect.Type{}
)

// tries is how many lists of arguments each function gets, at most.
const tries = 60

func main() {
	random := rand.New(rand.NewPCG(1, 2))
	count := 0
	for name, function := range functions {
		count += call(random, name, reflect.ValueOf(function))
	}
	for name, t := range types {
		for _, receiver := range receivers(t) {
			for i := range receiver.NumMethod() {
				if method := receiver.Type().Method(i).Name; method != "Format" && !(receiver.IsNil() && printing[method]) {
					count += call(random, name+"."+method, receiver.Method(i))
				}
			}
			tryCall(name+", printed", reflect.ValueOf(printed), []reflect.Value{receiver})
		}
	}
	fmt.Println("functions:", len(functions), "types:", len(types), "calls:", count)
}

// printing are the methods of values that fmt, log/slog and the encodings call, which answer
// for a nil pointer themselves. Format is called by fmt alone.
var printing = map[string]bool{
	"GoString": true, "LogValue": true, "MarshalJSON": true, "MarshalText": true, "MarshalBinary": true,
}

// receivers returns a pointer to a zero value, and a nil pointer to a struct. An error is
// never nil.
func receivers(t reflect.Type) []reflect.Value {
	pointer := reflect.PointerTo(t)
	list := []reflect.Value{reflect.New(t)}
	if t.Kind() == reflect.Struct && !pointer.Implements(reflect.TypeFor[error]()) {
		list = append(list, reflect.Zero(pointer))
	}
	return list
}

// printed prints, logs and encodes a value, alone and as a field.
func printed(v any) {
	for _, v := range []any{v, struct{ F any }{v}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			_ = fmt.Sprintf(verb, v)
		}
		_, _ = json.Marshal(v)
		_, _ = xml.Marshal(v)
		for _, handler := range []slog.Handler{slog.NewTextHandler(io.Discard, nil), slog.NewJSONHandler(io.Discard, nil)} {
			slog.New(handler).Info("message", "value", v)
		}
	}
}

// call calls a function with each list of arguments, and prints a panic.
func call(random *rand.Rand, name string, function reflect.Value) int {
	t := function.Type()
	lists := 1
	for i := range t.NumIn() {
		lists *= len(values(t.In(i)))
	}
	n := min(lists, tries)
	for try := range n {
		at := try
		if lists > tries {
			at = random.IntN(lists)
		}
		var in []reflect.Value
		for i := range t.NumIn() {
			choices := values(t.In(i))
			in = append(in, choices[at%len(choices)])
			at /= len(choices)
		}
		if t.IsVariadic() {
			in = in[:len(in)-1]
		}
		tryCall(name, function, in)
	}
	return n
}

func tryCall(name string, function reflect.Value, in []reflect.Value) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Printf("panic: %s: %v\n\tof %s\n", name, p, show(in))
		}
	}()
	for _, out := range function.Call(in) {
		if err, ok := out.Interface().(error); ok && strings.Contains(err.Error(), "%!") {
			fmt.Printf("panic: %s: bad format in %q\n", name, err)
		}
	}
}

func show(in []reflect.Value) string {
	var texts []string
	for _, v := range in {
		text := fmt.Sprintf("%#v", v)
		texts = append(texts, fmt.Sprintf("%s %.80s", v.Type(), text))
	}
	return strings.Join(texts, ", ")
}

// key is one that can be written, and public its public half.
var (
	key    = &sshkey.Key{Private: ed25519.NewKeyFromSeed(make([]byte, 32)), Comment: "a comment"}
	public = must(key.Public())
	text   = first(keyconv.Write(key, keyconv.PPK, nil, nil))
	closed = first(keyconv.Write(key, keyconv.PPK, []byte("p"), &keyconv.Options{Memory: 64, Rounds: 1, Parallelism: 1}))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func first[T, U any](v T, _ U, err error) T { return must(v, err) }

// odd has the values of the types that matter most.
var odd = map[reflect.Type][]any{
	reflect.TypeFor[[]byte]():          {[]byte(nil), []byte{}, []byte{0}, []byte("0\x82\xff\xff"), []byte("PuTTY-User-Key-File-3: "), text, closed, text[:len(text)/2]},
	reflect.TypeFor[string]():          {"", "\x00", "a\nb", "ppk", "ssh-ed25519", "\xff\xfe", strings.Repeat("x", 100_000), "/"},
	reflect.TypeFor[int]():             {0, -1, 1, 5, math.MaxInt, math.MinInt},
	reflect.TypeFor[ssh.PublicKey]():   {nil, public, &ssh.Certificate{}, (*ssh.Certificate)(nil)},
	reflect.TypeFor[context.Context](): {nil, context.Background(), canceled()},
	reflect.TypeFor[*sshkey.Key]():     {(*sshkey.Key)(nil), &sshkey.Key{}, key, &sshkey.Key{Private: 5}, &sshkey.Key{Private: ed25519.PrivateKey{1}}, &sshkey.Key{Private: ed25519.PrivateKey(nil)}, &sshkey.Key{Private: (*ed25519.PrivateKey)(nil)}},
	reflect.TypeFor[any]():             {nil, 5, key.Private, ed25519.PrivateKey{1}, (*ed25519.PrivateKey)(nil)},
	reflect.TypeFor[keyconv.Format]():  formats(),
}

func formats() []any {
	list := []any{keyconv.Format(""), keyconv.Format("nonsense"), keyconv.JKS}
	for _, f := range keyconv.Formats() {
		list = append(list, f)
	}
	return list
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// values returns what an argument of a type may be.
func values(t reflect.Type) []reflect.Value {
	var list []reflect.Value
	for _, v := range odd[t] {
		value := reflect.New(t).Elem()
		if v != nil {
			value.Set(reflect.ValueOf(v))
		}
		list = append(list, value)
	}
	if list != nil {
		return list
	}
	list = append(list, reflect.Zero(t))
	switch t.Kind() {
	case reflect.Pointer:
		for _, v := range values(t.Elem()) {
			p := reflect.New(t.Elem())
			p.Elem().Set(v)
			list = append(list, p)
		}
	case reflect.Slice:
		list = append(list, reflect.MakeSlice(t, 1, 1))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		list = append(list, number(t, -1), number(t, math.MinInt64))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		list = append(list, number(t, 1), number(t, -1))
	case reflect.Struct:
		list = append(list, filled(t))
	case reflect.Func:
		list = append(list, reflect.MakeFunc(t, func([]reflect.Value) (out []reflect.Value) {
			for i := range t.NumOut() {
				out = append(out, reflect.Zero(t.Out(i)))
			}
			return out
		}))
	}
	return list
}

func number(t reflect.Type, n int64) reflect.Value { return reflect.ValueOf(n).Convert(t) }

// filled is a struct with the last of the values of each field that can be set.
func filled(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Struct {
			choices := values(f.Type)
			v.Field(i).Set(choices[len(choices)-1])
		}
	}
	return v
}
