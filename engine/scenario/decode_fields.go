package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// value reads n into v, by v's type. Words are those that a string is to be
// one of; nil for any.
func (d *decoder) value(n *source.Node, v reflect.Value, words []string) {
	switch into := v.Addr().Interface().(type) {
	case *Document:
		*into = d.document(n)
	case *Token:
		d.token(n, into)
	case *Certificate:
		d.certificate(n, into)
	case *IdentityID:
		d.identityID(n, into)
	case *[]Account:
		d.accounts(n, into)
	case *[]ContextKey:
		d.context(n, into)
	case *Call:
		d.call(n, into)
	case *Params:
		d.params(n, into)
	case *time.Time:
		*into = d.moment(n)
	case *time.Duration:
		*into = d.after(n)
	case *Delay:
		*into = d.delay(n)
	default:
		d.plain(n, v, words)
	}
}

// plain reads n into a value that Go and JSON mean the same by.
func (d *decoder) plain(n *source.Node, v reflect.Value, words []string) {
	switch v.Kind() {
	case reflect.String:
		if s, ok := d.str(n); ok && d.oneOf(n, s, words) {
			v.SetString(s)
		}
	case reflect.Bool:
		if n.Kind != source.Bool {
			d.wrongType(n, "true or false")
			return
		}
		v.SetBool(n.Text == "true")
	case reflect.Int, reflect.Int64:
		if i, ok := d.integer(n); ok {
			v.SetInt(i)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), words)
	case reflect.Slice:
		d.list(n, v, words)
	case reflect.Map:
		d.mapping(n, v)
	case reflect.Struct:
		d.object(n, v, nil)
	}
}

// mapping reads an object whose names are its author's.
func (d *decoder) mapping(n *source.Node, v reflect.Value) {
	if n.Kind != source.Object {
		d.wrongType(n, "an object")
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Members)))
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		if m.Repeated {
			d.duplicate(m)
		} else if m.Value.Kind != source.Null {
			value := reflect.New(v.Type().Elem()).Elem()
			d.value(&m.Value, value, nil)
			v.SetMapIndex(reflect.ValueOf(m.Name), value)
		}
		d.leave(back)
	}
}

func (d *decoder) list(n *source.Node, v reflect.Value, words []string) {
	if n.Kind != source.Array {
		d.wrongType(n, "a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i := range n.Items {
		back := d.enter(strconv.Itoa(i))
		d.value(&n.Items[i], v.Index(i), words)
		d.leave(back)
	}
}

// object reads n into a struct. Only says which of its fields there are here;
// nil for all of them.
func (d *decoder) object(n *source.Node, v reflect.Value, only []string) {
	s := shapes()[v.Type()]
	if s.pointer >= 0 {
		v.Field(s.pointer).SetString(string(d.path))
	}
	if n.Kind != source.Object {
		d.wrongType(n, "an object")
		return
	}
	names := only
	if only == nil {
		names = s.names
	}
	given := make([]bool, v.NumField())
	for i := range n.Members {
		m := &n.Members[i]
		back := d.enter(m.Name)
		f, known := s.fields[m.Name]
		switch {
		case m.Repeated:
			d.duplicate(m)
		case known && (only == nil || slices.Contains(only, m.Name)):
			if m.Value.Kind != source.Null {
				given[f.index] = true
				d.value(&m.Value, v.Field(f.index), f.oneof)
			}
		case !s.ignored[m.Name]:
			if meant, ok := d.unknown(n, m, s, names, back); ok {
				given[s.fields[meant].index] = true // once is enough said
			}
		}
		d.leave(back)
	}
	for _, name := range names {
		if f := s.fields[name]; f.required && !given[f.index] {
			d.say(ruleRequired, d.at(n), fmt.Sprintf("the field %s is missing here", name))
		}
	}
}

func (d *decoder) duplicate(m *source.Member) {
	d.say(ruleDuplicate, d.atName(m), fmt.Sprintf("%s is there a second time; keep one of the two", source.Clip(m.Name)))
}

// unknown says that the object n has a member that is none of its fields, and
// which one it may stand for; it returns the one that it certainly stands
// for. The object's path ends at byte back.
func (d *decoder) unknown(n *source.Node, m *source.Member, s *shape, names []string, back int) (meant string, certain bool) {
	if d.full() {
		d.unsaid++
		return "", false
	}
	detail := fmt.Sprintf("there is no field %s here", source.Clip(m.Name))
	if as := s.meant[m.Name]; as != "" {
		d.say(ruleUnknown, d.atName(m), detail+"; a scenario has it as "+as)
		return "", false
	}
	near, certain := source.Nearest(m.Name, names)
	switch {
	case near == "":
		detail += "; " + known(names)
	case certain && n.Get(near) == nil:
		fix := trace.Patch{Op: "add", Path: string(d.path[:back]) + "/" + near, Value: jsontext.Value(source.AppendJSON(nil, &m.Value))}
		d.say(ruleUnknown, d.atName(m), detail+"; did you mean "+near+"?", fix, trace.Patch{Op: "remove", Path: string(d.path)})
		return near, true
	default:
		detail += "; did you mean " + near + "?"
	}
	d.say(ruleUnknown, d.atName(m), detail)
	return "", false
}

// known lists the fields there are.
func known(names []string) string {
	if len(names) == 0 {
		return "none is taken here"
	}
	return "it takes " + strings.Join(names, ", ")
}

func (d *decoder) atName(m *source.Member) trace.At {
	return trace.At{Path: string(d.path), Line: m.Line, Column: m.Column}
}

// str is the text of a string. A plain YAML scalar is taken as written,
// whatever else it might be read as.
func (d *decoder) str(n *source.Node) (string, bool) {
	if n.Kind == source.String || n.Style == source.Plain && n.Kind != source.Null {
		return n.Text, true
	}
	d.wrongType(n, "a string")
	return "", false
}

func (d *decoder) oneOf(n *source.Node, s string, words []string) bool {
	if len(words) == 0 || slices.Contains(words, s) {
		return true
	}
	detail := fmt.Sprintf("%s is none of %s", source.Quote(s), strings.Join(words, ", "))
	if near, certain := source.Nearest(s, words); certain {
		d.say(ruleValue, d.at(n), detail+"; did you mean "+near+"?", trace.Patch{Op: "replace", Path: string(d.path), Value: near})
		return false
	}
	d.say(ruleValue, d.at(n), detail)
	return false
}

func (d *decoder) integer(n *source.Node) (int64, bool) {
	if n.Kind == source.Number {
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i, true
		}
	}
	d.wrongType(n, "a whole number")
	return 0, false
}

func (d *decoder) wrongType(n *source.Node, wanted string) {
	d.say(ruleType, d.at(n), fmt.Sprintf("%s is wanted here, and %s is found", wanted, describe(n)))
}

// describe is a value in words, as it was written.
func describe(n *source.Node) string {
	switch n.Kind {
	case source.Bool:
		return n.Text
	case source.Number:
		return "the number " + source.Clip(n.Text)
	case source.String:
		return "the string " + source.Quote(n.Text)
	case source.Array:
		return "a list"
	case source.Object:
		return "an object"
	}
	return n.Kind.String()
}
