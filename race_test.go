//go:build race

package keyconv_test

// raceDetector slows arithmetic down by ten and more. Mending has no goroutines, so a
// sample is enough under it; everything is tried without it.
const raceDetector = true
