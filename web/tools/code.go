package tools

import (
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Code is a QR code (ISO/IEC 18004), drawn as one path: its size in modules,
// quiet zone included, and the dark ones. The zero value is none.
type Code struct {
	Size int
	Path string
}

// The quiet zone that the standard asks for is four modules wide.
const quietZone = 4

// The longest text of a code that a room can scan off a projector, version 25
// with 117 modules a side, and of any code, version 40 with 177; in bytes, at
// the lowest level of correction.
const (
	roomCode = 1273
	anyCode  = 2953
)

// DrawCode makes the code of a text; none where the text is too long for any.
func DrawCode(text string) Code {
	if len(text) > anyCode {
		return Code{}
	}
	code, err := qr.Encode(text, qr.L, qr.Unicode)
	if err != nil {
		return Code{}
	}
	side := code.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			if !dark(x, y) {
				continue
			}
			start := x
			for x+1 < side && dark(x+1, y) {
				x++
			}
			width := strconv.Itoa(x + 1 - start)
			path.WriteString("M" + strconv.Itoa(start+quietZone) + " " + strconv.Itoa(y+quietZone) + "h" + width + "v1h-" + width + "z")
		}
	}
	return Code{Size: side + 2*quietZone, Path: path.String()}
}
