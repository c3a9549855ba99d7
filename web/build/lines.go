package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// dropLines overwrites with zeroes what Go's runtime knows about the program
// only to write a stack trace: the source's files and lines, which calls were
// inlined, and the names of all functions but Go's runtime's own, which looks
// at some of those. It is 230 KiB of the engine, as brotli sends it. A trace in
// the browser's console has "?" for the file and no frame for an inlined call;
// reflect asks for a trace in order to word a panic, and nothing else in the
// engine asks for one. What the garbage collector and a panic need is in other
// tables and stays.
//
// The layout is pcHeader and _func of Go 1.26 (runtime/symtab.go,
// runtime/runtime2.go), the tables' numbers are in internal/abi/symtab.go.
// The format's own version seldom changes; that every function is where the
// index says, and that the functions' tables are the whole of the area of
// tables, byte for byte, shows that the layout is the one meant.
func (m memory) dropLines() error {
	t, err := m.functionTable()
	if err != nil {
		return err
	}
	needed, err := t.forget()
	if err != nil {
		return err
	}
	keep(t.values, needed)
	clear(t.files)
	if needed, err = t.forgetNames(); err != nil {
		return err
	}
	keep(t.names, needed)
	return nil
}

// keep overwrites what isn't needed.
func keep(bytes []byte, needed []bool) {
	for i, is := range needed {
		if !is {
			bytes[i] = 0
		}
	}
}

// functionTable is Go's pclntab, as parts of the memory.
type functionTable struct {
	names     []byte // of functions, each ended by a zero
	files     []byte // the compilation units' files and the files' names
	values    []byte // tables that map an instruction to a value; 0 is no table
	functions []byte // an index, then a record for each function
	count     uint64 // of functions
}

// Offsets in pcHeader and _func, in bytes.
const (
	headerSize    = 72
	headerCount   = 8
	headerNames   = 32
	headerUnits   = 40
	headerValues  = 56
	headerRecords = 64

	recordName       = 4
	recordStackDepth = 16
	recordFile       = 20
	recordLine       = 24
	recordTables     = 28 // how many there are
	recordUnit       = 32
	recordStartLine  = 36
	recordData       = 43 // how many there are, in one byte
	recordSize       = 44 // then come the tables, then the data

	tableInlined = 2 // PCDATA_InlTreeIndex
	dataInlined  = 3 // FUNCDATA_InlTree
	noData       = 1<<32 - 1

	mostTables = 5
	mostData   = 8
)

var errLayout = errors.New("the engine's function table is not laid out as in Go 1.26: compare web/build/lines.go with Go's runtime/symtab.go")

// functionTable finds the table by its first bytes: CurrentPCLnTabMagic, two
// zeroes, the least size of an instruction, the size of a pointer.
func (m memory) functionTable() (t functionTable, err error) {
	head := []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}
	at := bytes.Index(m, head)
	if at < 0 || bytes.Count(m, head) != 1 || len(m)-at < headerSize {
		return t, errLayout
	}
	table := m[at:]
	field := func(at int) uint64 { return binary.LittleEndian.Uint64(table[at:]) }
	names, units, values, records := field(headerNames), field(headerUnits), field(headerValues), field(headerRecords)
	if names < headerSize || units < names || values < units || records < values || uint64(len(table)) < records {
		return t, errLayout
	}
	t = functionTable{table[names:units], table[units:values], table[values:records], table[records:], field(headerCount)}
	if t.count == 0 || t.count > uint64(len(t.functions))/8 {
		return t, errLayout
	}
	return t, nil
}

// forget takes the lines and the inlined calls out of each function's record.
// It returns which bytes of t.values are still needed.
func (t functionTable) forget() (needed []bool, err error) {
	needed = make([]bool, len(t.values))
	all := make([]bool, len(t.values))
	needed[0], all[0] = true, true
	for i := range t.count {
		entry, at := t.word(8*i), t.word(8*i+4)
		record, err := t.record(uint64(at))
		if err != nil {
			return nil, err
		}
		if record.word(0) != entry {
			return nil, errLayout
		}
		for _, offset := range record.valueTables() {
			if err := t.mark(all, offset); err != nil {
				return nil, err
			}
		}
		record.forget()
		for _, offset := range record.valueTables() {
			if err := t.mark(needed, offset); err != nil {
				return nil, err
			}
		}
	}
	for i, is := range all {
		// Behind the last table the area is filled up with zeroes.
		if !is && (t.values[i] != 0 || len(all)-i > 8) {
			return nil, fmt.Errorf("%w: nobody needs byte %d of %d", errLayout, i, len(all))
		}
	}
	return needed, nil
}

// forgetNames takes the names out of the functions' records, save those of
// Go's runtime. It returns which bytes of t.names are still needed.
func (t functionTable) forgetNames() (needed []bool, err error) {
	needed = make([]bool, len(t.names))
	for i := range t.count {
		record, err := t.record(uint64(t.word(8*i + 4)))
		if err != nil {
			return nil, err
		}
		at := record.word(recordName)
		if uint64(at) >= uint64(len(t.names)) {
			return nil, errLayout
		}
		end := bytes.IndexByte(t.names[at:], 0)
		switch {
		case end < 0:
			return nil, errLayout
		case !bytes.HasPrefix(t.names[at:], []byte("runtime.")):
			record.set(recordName, 0)
		default:
			for j := range end {
				needed[int(at)+j] = true
			}
		}
	}
	return needed, nil
}

func (t functionTable) word(at uint64) uint32 {
	return binary.LittleEndian.Uint32(t.functions[at:])
}

// mark marks the table that begins at an offset: pairs of numbers in LEB128,
// ended by a zero in place of a pair's first number, save the first pair's.
func (t functionTable) mark(used []bool, offset uint32) error {
	if uint64(offset) >= uint64(len(t.values)) {
		return errLayout
	}
	if used[offset] {
		return nil // read before, or the zero that stands for none
	}
	r := reader{rest: t.values[offset:]}
	for first := true; ; first = false {
		if delta := r.number(); delta == 0 && !first {
			break
		}
		r.number()
		if r.err != nil {
			return errLayout
		}
	}
	for i := int(offset); i < len(t.values)-len(r.rest); i++ {
		used[i] = true
	}
	return nil
}

// record is one function's _func with its tables.
type record []byte

func (t functionTable) record(at uint64) (record, error) {
	if at+recordSize > uint64(len(t.functions)) {
		return nil, errLayout
	}
	r := record(t.functions[at:])
	tables, data := r.word(recordTables), r[recordData]
	size := recordSize + 4*(uint64(tables)+uint64(data))
	if tables > mostTables || data > mostData || at+size > uint64(len(t.functions)) {
		return nil, errLayout
	}
	return r[:size], nil
}

func (r record) word(at int) uint32       { return binary.LittleEndian.Uint32(r[at:]) }
func (r record) set(at int, value uint32) { binary.LittleEndian.PutUint32(r[at:], value) }

// valueTables are the offsets of the function's tables.
func (r record) valueTables() []uint32 {
	offsets := []uint32{r.word(recordStackDepth), r.word(recordFile), r.word(recordLine)}
	for i := range int(r.word(recordTables)) {
		offsets = append(offsets, r.word(recordSize+4*i))
	}
	return offsets
}

func (r record) forget() {
	for _, at := range []int{recordFile, recordLine, recordUnit, recordStartLine} {
		r.set(at, 0)
	}
	tables := int(r.word(recordTables))
	if tables > tableInlined {
		r.set(recordSize+4*tableInlined, 0)
	}
	if int(r[recordData]) > dataInlined {
		r.set(recordSize+4*(tables+dataInlined), noData)
	}
}
