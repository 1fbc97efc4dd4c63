//go:build !race

package pemkey

const raceDetector = false
