//go:build race

package pemkey

// raceDetector slows arithmetic down by ten and more, and what loops over it looks
// for no races.
const raceDetector = true
