package main

import (
	"encoding/binary"
	"errors"
	"slices"
)

// portable is a program of Windows in the format PE (learn.microsoft.com, "PE Format"), and
// where in it are the parts that a signature changes.
type portable struct {
	data     []byte
	checksum int // the offset of the 4 bytes of CheckSum
	security int // of the 8 bytes of the directory of certificates: an offset in the file, a size
}

func readPortable(data []byte) (portable, error) {
	wrong := errors.New("this is not a program of Windows")
	const dosHeader, peHeader = 0x40, 24 // with the signature "PE\0\0" in front
	if len(data) < dosHeader || string(data[:2]) != "MZ" {
		return portable{}, wrong
	}
	header := int(binary.LittleEndian.Uint32(data[0x3c:]))
	if header < dosHeader || len(data) < header+peHeader+2 || string(data[header:header+4]) != "PE\x00\x00" {
		return portable{}, wrong
	}
	optional := header + peHeader
	directories, known := map[uint16]int{0x10b: 96, 0x20b: 112}[binary.LittleEndian.Uint16(data[optional:])]
	const certificates = 4 // the index of the directory
	p := portable{data, optional + 64, optional + directories + 8*certificates}
	if !known || len(data) < p.security+8 {
		return portable{}, wrong
	}
	return p, nil
}

// sum returns the checksum of the file, as the ImageHlp library of Windows computes it: the
// words of 16 bits without those of the field itself, each carry added again, and the length.
func (p portable) sum() uint32 {
	var sum uint32
	for i := 0; i < len(p.data); i += 2 {
		if i == p.checksum || i == p.checksum+2 {
			continue
		}
		word := uint32(p.data[i])
		if i+1 < len(p.data) {
			word |= uint32(p.data[i+1]) << 8
		}
		sum += word
		sum = sum&0xffff + sum>>16
	}
	return sum&0xffff + sum>>16 + uint32(len(p.data))
}

// withChecksum returns the program with its checksum. Go's linker leaves 0 there, and a program that
// signs sets it: with it from the start, a program without its signature is the one that was
// built.
func withChecksum(program []byte) ([]byte, error) {
	p, err := readPortable(slices.Clone(program))
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint32(p.data[p.checksum:], p.sum())
	return p.data, nil
}

// withoutSignature returns the program as it was before it was signed, or itself.
func withoutSignature(program []byte) ([]byte, error) {
	p, err := readPortable(slices.Clone(program))
	if err != nil {
		return nil, err
	}
	start, size := binary.LittleEndian.Uint32(p.data[p.security:]), binary.LittleEndian.Uint32(p.data[p.security+4:])
	if start == 0 && size == 0 {
		return p.data, nil
	}
	if uint64(start)+uint64(size) != uint64(len(p.data)) || int(start) < p.security+8 {
		return nil, errors.New("the signature is not the end of the program")
	}
	clear(p.data[p.security : p.security+8])
	return withChecksum(p.data[:start])
}
