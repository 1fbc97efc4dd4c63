package process

// DisableCoreDumps has nothing to do: Windows writes no image of the memory of a Go
// program that crashes, unless an administrator set it up to.
func DisableCoreDumps() {}
