//go:build race

package keytest

const underRace = true
