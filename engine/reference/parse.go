package reference

import (
	"errors"
	"strconv"
	"strings"
)

const (
	magic  = "service-authorization-reference"
	format = "1"
)

// Limits, far above what AWS has.
const (
	maxText = 8 << 20 // bytes
	maxName = 512     // bytes of a name or an ARN format
)

var (
	levels = []string{"List", "Read", "Write", "Tagging", "Permissions management"}
	types  = []Type{String, ARN, Numeric, Bool, Date, IPAddress, Binary}
)

// globalService is the name under which the global keys stand.
const globalService = "aws"

// Parse reads the text of a reference: its services and condition keys, and
// the shape of all other lines. What those lines say is read when their
// service is first asked for, because a policy is about a handful of the four
// hundred. The error names the line. The Reference keeps the text.
func Parse(text string) (*Reference, error) {
	if len(text) > maxText {
		return nil, errors.New("the reference is larger than " + strconv.Itoa(maxText>>20) + " MiB")
	}
	r := &Reference{byPrefix: map[string]*Service{}, keys: map[string]*Key{}, listed: map[string]*Key{}}
	var service *Service
	rest, more := text, true
	for number := 1; more; number++ {
		var line, problem string
		line, rest, more = strings.Cut(rest, "\n")
		switch kind, fields, _ := strings.Cut(line, "\t"); {
		case number == 1:
			problem = r.header(line)
		case line == "" || line[0] == '#':
		case kind == "S":
			service, problem = r.startService(fields)
		case service == nil:
			problem = "no service is named before it"
		case kind == "K":
			problem = service.keyLine(fields)
		case kind == "R" && strings.Count(fields, "\t") == 2, kind == "A" && strings.Count(fields, "\t") == 3:
			end := len(text) - len(rest)
			if service.text == "" {
				service.from = end - len(line)
				if more {
					service.from--
				}
			}
			service.text = text[service.from:end]
		default:
			problem = "it is of no known kind"
		}
		if problem != "" {
			return nil, errors.New("the reference's line " + strconv.Itoa(number) + " can't be read: " + problem)
		}
	}
	if len(r.services) == 0 {
		return nil, errors.New("the reference has no service")
	}
	return r, nil
}

func (r *Reference) header(line string) (problem string) {
	fields := strings.Split(line, "\t")
	if len(fields) != 5 || fields[0] != magic || fields[1] != format {
		return "it is no header of format " + format
	}
	r.Source, r.Version, r.Date = fields[2], fields[3], fields[4]
	return ""
}

func (r *Reference) startService(fields string) (s *Service, problem string) {
	prefix, name, _ := strings.Cut(fields, "\t")
	s = &Service{Prefix: prefix, Name: name, reference: r}
	switch last := len(r.services) - 1; {
	case !named(prefix) || !named(name) || strings.Contains(name, "\t") || prefix != strings.ToLower(prefix):
		return nil, "a service is a prefix in small letters and a name"
	case prefix == globalService && (last >= 0 || r.global != nil):
		return nil, "the global keys stand first, once"
	case prefix == globalService:
		r.global = s
	case last >= 0 && r.services[last].Prefix >= prefix:
		return nil, "the services aren't in the order of their prefixes"
	default:
		r.services = append(r.services, s)
		r.byPrefix[prefix] = s
	}
	return s, ""
}

func (s *Service) keyLine(fields string) (problem string) {
	word, list, _ := strings.Cut(fields, "\t")
	word, multi := strings.CutPrefix(word, "ArrayOf")
	for _, t := range types {
		if string(t) == word {
			return s.addKeys(list, Key{Type: t, Multi: multi, Global: s == s.reference.global})
		}
	}
	return "there is no type " + strconv.Quote(word)
}

func (s *Service) addKeys(list string, alike Key) (problem string) {
	r := s.reference
	for name := range strings.SplitSeq(list, ",") {
		if strings.HasPrefix(name, ":") {
			name = s.Prefix + name
		}
		if !named(name) || !strings.Contains(name, ":") || strings.Contains(name, "\t") {
			return "a key is a prefix, a colon and a name"
		}
		lower := strings.ToLower(name)
		key := r.keys[lower]
		if key == nil {
			key = &Key{Name: name, Type: alike.Type, Multi: alike.Multi, Global: alike.Global}
			r.keys[lower] = key
			if head, varies, ok := strings.Cut(lower, "${"); ok {
				key.head = head
				_, key.tail, _ = strings.Cut(varies, "}")
				r.families = append(r.families, key)
			}
		}
		r.listed[listed(name)] = key
		s.keys = append(s.keys, key)
	}
	return ""
}

// listed is what lists call a key: its name without what varies at its end.
func listed(name string) string {
	if at := strings.LastIndex(name, "${"); at >= 0 && strings.IndexByte(name[at:], '}') == len(name)-at-1 {
		return name[:at]
	}
	return name
}

func named(name string) bool { return name != "" && len(name) <= maxName }
