package source

import "strconv"

// clipped is the most of a value that a message repeats, in code points.
const clipped = 80

// Clip is text short enough for a message: its first 80 code points, and an
// ellipsis where there are more.
func Clip(text string) string {
	count := 0
	for i := range text {
		if count == clipped {
			return text[:i] + "…"
		}
		count++
	}
	return text
}

// Quote is text as a message shows it: clipped, in quotes, with everything
// invisible escaped.
func Quote(text string) string { return strconv.Quote(Clip(text)) }
