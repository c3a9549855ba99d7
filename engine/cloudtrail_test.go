package engine_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// cloudtrailFiles replay the situations of AWS's documented CloudTrail records: a
// scenario, whose last call is the one recorded, and the fields of the record.
//
// A line of a .shape is a field's path and "= VALUE", or its type, with what a
// string begins with. "- PATH: REASON" is a field of AWS's sample that isn't
// drawn. "of SCENARIO N" takes the N-th inner record of another scenario.
//
//go:embed testdata/cloudtrail
var cloudtrailFiles embed.FS

func TestRecordsHaveTheFieldsOfTheDocumentedSamples(t *testing.T) {
	shapes, err := fs.Glob(cloudtrailFiles, "testdata/cloudtrail/*.shape")
	if err != nil || len(shapes) == 0 {
		t.Fatal("no shapes", err)
	}
	documented := map[string]bool{} // fields that some sample has
	for _, file := range shapes {
		for field := range shapeOf(t, file).fields {
			documented[field] = true
		}
	}
	for _, file := range shapes {
		t.Run(strings.TrimSuffix(path.Base(file), ".shape"), func(t *testing.T) {
			shape := shapeOf(t, file)
			drawn := map[string]any{}
			flatten(drawn, "", shape.event(t))
			for field, want := range shape.fields {
				if got, there := drawn[field]; !there {
					t.Errorf("%s isn't drawn, and AWS's sample has it", field)
				} else if !want.fits(got) {
					t.Errorf("%s: got %v, want %s", field, got, want.text)
				}
			}
			for field := range drawn {
				if !documented[field] {
					t.Errorf("%s is drawn, and no sample of AWS has it", field)
				}
				if _, left := shape.left[strings.Split(field, ".")[0]]; left {
					t.Errorf("%s is drawn, and the shape says that it isn't", field)
				}
			}
		})
	}
}

type recordShape struct {
	scenario string
	inner    int // 0: the record itself
	fields   map[string]fieldShape
	left     map[string]string // fields that aren't drawn, and why
}

type fieldShape struct {
	text  string
	value any    // nil where only the type is known
	kind  string // string, number or bool
	begin string
}

func (f fieldShape) fits(got any) bool {
	if f.value != nil {
		return fmt.Sprint(got) == fmt.Sprint(f.value)
	}
	switch got := got.(type) {
	case string:
		return f.kind == "string" && got != "" && strings.HasPrefix(got, f.begin)
	case float64:
		return f.kind == "number"
	case bool:
		return f.kind == "bool"
	}
	return false
}

func shapeOf(t *testing.T, file string) recordShape {
	t.Helper()
	text, err := cloudtrailFiles.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := recordShape{scenario: strings.TrimSuffix(file, ".shape") + ".yaml", fields: map[string]fieldShape{}, left: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		words := strings.SplitN(line, " ", 3)
		switch {
		case line == "" || words[0] == "#":
		case words[0] == "-":
			name, reason, _ := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
			s.left[name] = reason
		case words[0] == "of":
			s.scenario = path.Join(path.Dir(file), words[1]+".yaml")
			s.inner, _ = strconv.Atoi(words[2])
		case words[1] == "=":
			f := fieldShape{text: line}
			if err := json.Unmarshal([]byte(words[2]), &f.value); err != nil {
				t.Fatalf("%s: %s: %v", file, line, err)
			}
			s.fields[words[0]] = f
		default:
			s.fields[words[0]] = fieldShape{text: line, kind: words[1], begin: strings.Join(words[2:], "")}
		}
	}
	return s
}

// event is the record of the scenario's last call, as JSON has it.
func (s recordShape) event(t *testing.T) any {
	t.Helper()
	text, err := cloudtrailFiles.ReadFile(s.scenario)
	if err != nil {
		t.Fatal(err)
	}
	decoded, findings := engine.Decode(string(text), scenario.LimitCheck)
	for _, f := range findings {
		t.Fatalf("%s: %s", s.scenario, f.Detail)
	}
	report := engine.Run(decoded)
	call := report.Calls[len(report.Calls)-1]
	event := call.Event
	if s.inner > 0 {
		if len(call.InnerEvents) < s.inner {
			t.Fatalf("%s: there are %d inner records", s.scenario, len(call.InnerEvents))
		}
		event = call.InnerEvents[s.inner-1]
	}
	if event == nil {
		t.Fatalf("%s: no record: %s (%s)", s.scenario, call.EventWhy, call.Verdict)
	}
	written, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	var read any
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// flatten puts the values of a JSON document under their paths. Null and what
// is empty count as not there.
func flatten(into map[string]any, at string, value any) {
	below := func(name string) string {
		if at == "" {
			return name
		}
		return at + "." + name
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			flatten(into, below(name), member)
		}
	case []any:
		for i, item := range value {
			flatten(into, below(strconv.Itoa(i)), item)
		}
	case nil:
	default:
		into[at] = value
	}
}
