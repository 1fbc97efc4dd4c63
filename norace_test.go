//go:build !race

package keyconv_test

const raceDetector = false
