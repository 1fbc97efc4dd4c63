//go:build js

// Command wasm is keyconv for keyconv.html and for the package of npm: one function,
// keyconv(request, ...files), in a JavaScript world. A request is JSON, files are
// Uint8Arrays; the answer is an array of JSON and of the bytes of its files.
package main

import (
	"context"
	"encoding/json"
	"syscall/js"

	"github.com/keyconv/keyconv/internal/page"
)

// version and commit are set by the build.
var version, commit string

func main() {
	page.Version, page.Commit = version, commit
	js.Global().Set("keyconv", js.FuncOf(call))
	select {}
}

// call blocks until the answer is there: nothing else runs in the worker.
func call(_ js.Value, args []js.Value) any {
	var r page.Request
	answer := &page.Answer{Error: &page.Problem{Message: "the request is not JSON"}}
	if len(args) > 0 && json.Unmarshal([]byte(args[0].String()), &r) == nil {
		answer = page.Serve(context.Background(), r, files(args[1:])...)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		text = []byte(`{"error":{"message":"the answer is not JSON"}}`)
	}
	result := []any{string(text)}
	for _, f := range answer.Files {
		data := js.Global().Get("Uint8Array").New(len(f.Data))
		js.CopyBytesToJS(data, f.Data)
		clear(f.Data)
		result = append(result, data)
	}
	return js.ValueOf(result)
}

func files(args []js.Value) [][]byte {
	var all [][]byte
	for _, arg := range args {
		data := make([]byte, arg.Length())
		js.CopyBytesToGo(data, arg)
		all = append(all, data)
	}
	return all
}
