// Package lazy has values that are made when they are first needed.
package lazy

import "sync"

// Value is a value that is made once, by the first Get. Unlike sync.OnceValue, which
// allocates, a variable of this type is laid out by the compiler, so that it costs nothing at
// the start of a program that does not need it. It must not be copied.
type Value[T any] struct {
	// Make makes the value.
	Make func() T

	once  sync.Once
	value T
}

// Get returns the value.
func (v *Value[T]) Get() T {
	v.once.Do(func() { v.value = v.Make() })
	return v.value
}

// Map is a table that is looked up by a key. A plain map is filled before main.
type Map[K comparable, V any] = Value[map[K]V]
