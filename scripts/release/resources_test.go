package main

import (
	"bytes"
	"debug/pe"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tc-hib/winres"
)

// TestWindowsObject: the linker takes an object only for its own processor.
func TestWindowsObject(t *testing.T) {
	for arch, machine := range map[winres.Arch]uint16{
		winres.ArchAMD64: pe.IMAGE_FILE_MACHINE_AMD64, winres.ArchARM64: pe.IMAGE_FILE_MACHINE_ARM64, winres.ArchI386: pe.IMAGE_FILE_MACHINE_I386,
	} {
		object, err := windowsObject(arch, testVersion, "Copyright (c) somebody")
		require.NoError(t, err)
		again, err := windowsObject(arch, testVersion, "Copyright (c) somebody")
		require.NoError(t, err)
		assert.Equal(t, object, again)
		read, err := pe.NewFile(bytes.NewReader(object))
		require.NoError(t, err)
		assert.Equal(t, machine, read.Machine)
		assert.Zero(t, read.TimeDateStamp)
		assert.NotNil(t, read.Section(".rsrc"))
	}
}

// TestManifest is well-formed, and asks for what the window and long paths need.
func TestManifest(t *testing.T) {
	read, err := winres.AppManifestFromXML([]byte(applicationManifest))
	require.NoError(t, err)
	assert.True(t, read.UseCommonControlsV6)
	assert.True(t, read.LongPathAware)
	assert.Equal(t, winres.DPIPerMonitorV2, read.DPIAwareness)
	assert.Equal(t, winres.AsInvoker, read.ExecutionLevel)
	assert.Equal(t, winres.Win10AndAbove, read.Compatibility)
	assert.Contains(t, applicationManifest, `2024/WindowsSettings">detached</consoleAllocationPolicy>`)
	object, err := windowsObject(winres.ArchAMD64, testVersion, "")
	require.NoError(t, err)
	assert.Contains(t, string(object), applicationManifest)
}

func TestIcon(t *testing.T) {
	images := iconImages()
	require.Len(t, images, len(iconSizes))
	for i, picture := range images {
		size := iconSizes[i]
		require.Equal(t, size, picture.Bounds().Dx())
		at := func(x, y int) color.NRGBA { // in units of the grid
			return picture.At(x*size/iconGrid, y*size/iconGrid).(color.NRGBA)
		}
		assert.Less(t, at(0, 0).A, uint8(0x80), "the corners are round")
		assert.Equal(t, iconGround, at(32, 8), "the tile")
		assert.Equal(t, iconGround, at(20, 32), "the hole of the ring, %d pixels", size)
	}
	big := images[0]
	assert.Equal(t, iconKey, big.At(160, 128), "the shaft")
	assert.Equal(t, iconKey, big.At(40, 128), "the ring")
	assert.Equal(t, color.NRGBA{}, big.At(0, 0))
}

func TestCopyrightLine(t *testing.T) {
	assert.Equal(t, "Copyright (c) x", copyrightLine([]byte("MIT License\r\n\r\nCopyright (c) x\r\n")))
	assert.Empty(t, copyrightLine([]byte("none\n")))
}
