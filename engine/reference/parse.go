package reference

import (
	"errors"
	"strconv"
	"strings"
)

// header is how the text begins: what it is, and in which format.
const header = "service-authorization-reference\t1\t"

// maxText bounds a reference, in bytes. It has a seventh of that.
const maxText = 8 << 20

// globalService is the name under which the global keys stand.
const globalService = "aws"

// Parse reads the text of a reference: its services, its condition keys, and
// the shape of all other lines. What those say is read when their service is
// first asked for, because a policy is about a handful of the four hundred.
// The error names the line. The Reference keeps the text.
func Parse(text string) (*Reference, error) {
	if len(text) > maxText || !strings.HasPrefix(text, header) {
		return nil, errors.New("the text is no reference of a known format, or too large")
	}
	r := &Reference{byPrefix: map[string]*Service{}, keys: map[string]*Key{}, global: &Service{}}
	var service *Service
	from := 0 // where the service's text begins
	rest, more := text, true
	for number := 1; more; number++ {
		start := len(text) - len(rest)
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		f, count := fields(line)
		ok := true
		switch {
		case number == 1:
			r.Source, r.Version, r.Date = f[2], f[3], f[4]
			ok = count == 5
		case line == "" || line[0] == '#':
		case f[0] == "S" && count == 3:
			service = r.service(f[1], f[2])
			ok = service != nil
		case service == nil:
			ok = false
		case f[0] == "K" && count == 3:
			ok = r.addKeys(service, f[1], f[2])
		case f[0] == "R" && count == 4 && f[1] != "" && f[2] != "", f[0] == "A" && count == 5:
			if service.text == "" {
				from = start
			}
			service.text = text[from : start+len(line)]
		default:
			ok = false
		}
		if !ok {
			return nil, errors.New("line " + strconv.Itoa(number) + " of the reference can't be read")
		}
	}
	return r, nil
}

// fields are what stands between a line's tabs, and how many there are.
func fields(line string) (f [5]string, count int) {
	for more := true; more; count++ {
		if count == len(f) {
			return f, count + 1
		}
		f[count], line, more = strings.Cut(line, "\t")
	}
	return f, count
}

// service adds a service; nil for one that is there or has no name.
func (r *Reference) service(prefix, name string) *Service {
	s := &Service{Prefix: prefix, Name: name}
	switch {
	case prefix == "" || name == "" || prefix != strings.ToLower(prefix) || r.byPrefix[prefix] != nil:
		return nil
	case prefix == globalService:
		r.global = s
	default:
		r.services = append(r.services, s)
		r.byPrefix[prefix] = s
	}
	return s
}

// addKeys adds a service's keys of one type. A key that several have is one.
func (r *Reference) addKeys(s *Service, kind, list string) bool {
	kind, multi := strings.CutPrefix(kind, "ArrayOf")
	for _, name := range strings.Split(list, ",") {
		if strings.HasPrefix(name, ":") {
			name = s.Prefix + name
		}
		lower := strings.ToLower(name)
		key := r.keys[lower]
		if key == nil {
			key = &Key{Name: name, Type: Type(kind), Multi: multi, Global: s == r.global}
			r.keys[lower] = key
			if head, varies, ok := strings.Cut(lower, "${"); ok {
				key.head = head
				_, key.tail, _ = strings.Cut(varies, "}")
				r.families = append(r.families, key)
			}
		}
		s.keys = append(s.keys, key)
		if !strings.Contains(name, ":") {
			return false
		}
	}
	switch Type(kind) {
	case String, ARN, Numeric, Bool, Date, IPAddress, Binary:
		return true
	}
	return false
}

// readText reads the lines for resource types and actions.
func (s *Service) readText() {
	for line, rest, more := "", s.text, s.text != ""; more; {
		line, rest, more = strings.Cut(rest, "\n")
		switch f, _ := fields(line); f[0] {
		case "R":
			s.resources = append(s.resources, ResourceType{f[1], s, f[2], f[3]})
		case "A":
			g := &group{s, f[1], f[2], f[3]}
			for _, name := range strings.Split(f[4], ",") {
				s.actions = append(s.actions, Action{name, g})
			}
		}
	}
}

// listedBy is what a service's lists call the key: its name without what
// varies at its end, and without the service's own prefix.
func (k *Key) listedBy(s *Service) string {
	name := k.Name
	if at := strings.LastIndex(name, "${"); at >= 0 && strings.IndexByte(name[at:], '}') == len(name)-at-1 {
		name = name[:at]
	}
	if own, ok := strings.CutPrefix(name, s.Prefix); ok && strings.HasPrefix(own, ":") {
		return own
	}
	return name
}
