package main

import (
	"image"
	"image/color"
)

// iconSizes has the sizes that Explorer and the taskbar ask for, in pixels.
var iconSizes = []int{256, 64, 48, 32, 24, 16}

// iconGrid is the length of the icon's side in the units of the drawing.
const iconGrid = 64

// iconSamples is how many points of each pixel, in either direction, decide how much of
// it a shape covers.
const iconSamples = 8

var (
	iconGround = color.NRGBA{0x1f, 0x4e, 0x79, 0xff}
	iconKey    = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// iconImages draws the icon, a key on a tile with round corners. It calculates in whole
// numbers, so that every machine draws the same.
func iconImages() []image.Image {
	images := make([]image.Image, len(iconSizes))
	for i, size := range iconSizes {
		picture := image.NewNRGBA(image.Rect(0, 0, size, size))
		for y := range size {
			for x := range size {
				picture.SetNRGBA(x, y, iconPixel(x, y, size))
			}
		}
		images[i] = picture
	}
	return images
}

// iconPixel mixes the two colours in proportion to the samples that they cover.
func iconPixel(x, y, size int) color.NRGBA {
	var tile, key int
	for j := range iconSamples {
		for i := range iconSamples {
			// The middle of the sample, in 1024ths of a unit.
			px := ((x*iconSamples+i)*2 + 1) * iconGrid * 512 / (size * iconSamples)
			py := ((y*iconSamples+j)*2 + 1) * iconGrid * 512 / (size * iconSamples)
			if within(px, py, 12, 0, 52, 64) || within(px, py, 0, 12, 64, 52) ||
				near(px, py, 12, 12, 12) || near(px, py, 52, 12, 12) || near(px, py, 12, 52, 12) || near(px, py, 52, 52, 12) {
				tile++
			}
			ring := near(px, py, 20, 32, 13) && !near(px, py, 20, 32, 6)
			shaft, teeth := within(px, py, 31, 29, 58, 35), within(px, py, 43, 34, 48, 44) || within(px, py, 53, 34, 58, 42)
			if ring || shaft || teeth { // they are all on the tile
				key++
			}
		}
	}
	if tile == 0 {
		return color.NRGBA{}
	}
	mix := func(ground, over uint8) uint8 {
		return uint8((int(ground)*(tile-key) + int(over)*key) / tile)
	}
	return color.NRGBA{
		mix(iconGround.R, iconKey.R), mix(iconGround.G, iconKey.G), mix(iconGround.B, iconKey.B),
		uint8(0xff * tile / (iconSamples * iconSamples)),
	}
}

func within(x, y, left, top, right, bottom int) bool {
	return x >= left*1024 && x < right*1024 && y >= top*1024 && y < bottom*1024
}

func near(x, y, centreX, centreY, radius int) bool {
	dx, dy, r := x-centreX*1024, y-centreY*1024, radius*1024
	return dx*dx+dy*dy <= r*r
}
