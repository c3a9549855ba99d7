package reference

import (
	_ "embed"
	"testing"
)

//go:embed reference.txt
var committed string

func TestAll(t *testing.T) {
	r, err := Parse(committed)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range r.services {
		n += len(s.actions)
	}
	t.Log(len(r.services), n, len(r.keys), len(r.families), r.Action("s3:getobject").FullName(), r.Action("s3:getobject").Resources[0].ARNs, r.Key("aws:requesttag/x"))
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(committed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEC2(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r, err := Parse(committed)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		r.Service("ec2").Actions()
	}
}
