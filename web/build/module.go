package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// slim makes what Go's linker wrote smaller to download, and leaves what it
// does as it is: the same memory before the first instruction, without the
// lines of the source (lines.go).
//
// The linker cuts the data at each run of eight zeroes, into as many segments
// as a browser takes, for fewer bytes before compression. It is the other way
// round after it: a run of zeroes costs next to nothing, an address that no
// pattern foretells three bytes. Together the segments are 100 KiB less.
//
// The module is as in "WebAssembly Core Specification", 5.5 Modules.
func slim(module []byte) ([]byte, error) {
	const preamble = 8
	if len(module) < preamble || string(module[:4]) != "\x00asm" {
		return nil, errors.New("the engine is no WebAssembly module")
	}
	out := append([]byte(nil), module[:preamble]...)
	for r := (reader{rest: module[preamble:]}); len(r.rest) > 0; {
		id := r.byte()
		content := r.take(r.number())
		if r.err != nil {
			return nil, r.err
		}
		if id == dataSection {
			m, err := readMemory(content)
			if err != nil {
				return nil, err
			}
			if err := m.dropLines(); err != nil {
				return nil, err
			}
			content = m.section()
		}
		out = append(out, id)
		out = binary.AppendUvarint(out, uint64(len(content)))
		out = append(out, content...)
	}
	return out, nil
}

const (
	dataSection = 11

	opI32Const = 0x41
	opEnd      = 0x0b

	// shortestGap is how many zeroes in a row are left out of the data: a page
	// of memory. Shorter runs leave a regular pattern that compresses better
	// than segments without them.
	shortestGap = 1 << 16
)

// memory is what the module's memory holds at its start: bytes from the
// address 0 on.
type memory []byte

// largestMemory bounds what readMemory makes of a section, in bytes.
const largestMemory = 1 << 28

func readMemory(section []byte) (memory, error) {
	var m memory
	r := reader{rest: section}
	for n := r.number(); n > 0 && r.err == nil; n-- {
		mode, op := r.byte(), r.byte()
		address := r.number() // a signed number, but no address has the sign's bit
		end := r.byte()
		data := r.take(r.number())
		if mode != 0 || op != opI32Const || end != opEnd || address > largestMemory {
			return nil, errors.New("the engine's data is not as Go's linker writes it")
		}
		if grow := int(address) + len(data) - len(m); grow > 0 {
			m = append(m, make([]byte, grow)...)
		}
		copy(m[address:], data)
	}
	return m, r.err
}

// section is the memory as a data section.
func (m memory) section() []byte {
	var segments []byte
	count := uint64(0)
	for at := 0; at < len(m); {
		if m[at] == 0 {
			at++
			continue
		}
		end := m.segmentEnd(at)
		segments = append(segments, 0, opI32Const)
		segments = appendSigned(segments, uint64(at))
		segments = append(segments, opEnd)
		segments = binary.AppendUvarint(segments, uint64(end-at))
		segments = append(segments, m[at:end]...)
		count++
		at = end
	}
	return append(binary.AppendUvarint(nil, count), segments...)
}

// segmentEnd is the index after the last byte, from at on, that no long run
// of zeroes comes before.
func (m memory) segmentEnd(at int) int {
	end := at
	for i := at; i < len(m) && i-end < shortestGap; i++ {
		if m[i] != 0 {
			end = i + 1
		}
	}
	return end
}

// appendSigned appends a number that isn't negative in LEB128 with a sign.
func appendSigned(to []byte, n uint64) []byte {
	for ; n >= 1<<6; n >>= 7 {
		to = append(to, byte(n)|0x80)
	}
	return append(to, byte(n))
}

// reader reads a module's bytes. After an error it gives zeroes.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.rest, r.err = nil, errors.New("the engine ends too early")
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// number is an unsigned number in LEB128.
func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest, r.err = nil, fmt.Errorf("the engine has a broken number %d bytes before its end", len(r.rest))
		return 0
	}
	r.rest = r.rest[size:]
	return n
}
