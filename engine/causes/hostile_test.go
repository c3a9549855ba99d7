package causes

import (
	"strings"
	"testing"
	"time"
)

// Letters whose small form has another length move nothing.
func TestLettersOfAnotherLengthInLowerCase(t *testing.T) {
	const line = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/build`
	want := Explain(line).Errors[0]
	for _, letter := range []string{"Ⱥ", "İ", "K", "Å", "ẞ"} {
		for _, text := range []string{strings.Repeat(letter, 500) + " " + line, strings.Repeat(letter, 500) + line[len("An error occurred "):]} {
			got := Explain(text)
			if len(got.Errors) == 0 || got.Errors[0].Means != want.Means {
				t.Errorf("%s: got %+v, want %q", letter, got.Errors, want.Means)
			}
		}
	}
}

func TestALongTextIsReadInAMoment(t *testing.T) {
	for _, piece := range []string{"User: ", "not authorized to perform: ", "An error occurred (", "arn:aws:iam::1 ", "<Message>", "&amp;", `\"`, "Ⱥ", "Request ARN is invalid ", "{", `{"Records":[`} {
		text := strings.Repeat(piece, MaxText/len(piece))
		start := time.Now()
		Explain(text)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q: got %v, want less than a second", piece, took)
		}
	}
}
