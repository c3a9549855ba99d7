package report

import "stsplayground/engine"

// taskNow is what a call does in place of what is expected of it.
func taskNow(c engine.CallReport) string {
	switch {
	case c.Outcome == "success":
		return "now it succeeds"
	case c.Expected.Outcome == "success" && c.Error != nil:
		return "now it is refused: " + c.Error.Code
	case c.Expected.Code != "" && c.Error != nil && c.Error.Code != c.Expected.Code:
		return "now it is refused with " + c.Error.Code + ", not " + c.Expected.Code
	}
	return "now it is refused for another reason"
}
