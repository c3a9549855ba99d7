package reference

import (
	"errors"
	"slices"
	"strings"
)

// readActions reads the service's own lines. Where they can't be read the
// service has no actions, and so nothing is said of them.
func (s *Service) readActions() {
	r := serviceReader{
		service:   s,
		resources: map[string]*ResourceType{},
		keyLists:  map[string][]*Key{"": nil},
		typeLists: map[string][]*ResourceType{"": nil},
	}
	for line := range strings.SplitSeq(s.text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if s.problem = r.line(strings.Split(line, "\t")); s.problem != "" {
			return
		}
	}
	slices.SortFunc(r.actions, func(a, b Action) int { return compareFold(a.Name, b.Name) })
	for i := 1; i < len(r.actions); i++ {
		if compareFold(r.actions[i-1].Name, r.actions[i].Name) == 0 {
			s.problem = "the action " + r.actions[i].Name + " stands twice"
			return
		}
	}
	s.actions = r.actions
}

// check reads every service and says what can't be read.
func (r *Reference) check() error {
	for _, s := range r.services {
		if s.Actions(); s.problem != "" {
			return errors.New("the reference's service " + s.Prefix + " can't be read: " + s.problem)
		}
	}
	return nil
}

type serviceReader struct {
	service   *Service
	actions   []Action
	resources map[string]*ResourceType
	keyLists  map[string][]*Key // by their text: many are alike
	typeLists map[string][]*ResourceType
}

// line reads the fields of a line, whose number Parse has counted.
func (r *serviceReader) line(fields []string) (problem string) {
	switch fields[0] {
	case "R":
		return r.resource(fields[1], fields[2], fields[3])
	case "A":
		return r.action(fields[1], fields[2], fields[3], fields[4])
	}
	return "" // Parse has read it
}

func (r *serviceReader) resource(name, formats, keys string) (problem string) {
	t := &ResourceType{Name: name}
	if !named(name) || r.resources[name] != nil {
		return "a resource type has no name, or another's"
	}
	for arn := range strings.SplitSeq(formats, ",") {
		if strings.HasPrefix(arn, ":") {
			arn = r.service.Prefix + ":${Region}:${Account}" + arn
		}
		if !named(arn) || strings.Count(arn, ":") < 3 {
			return "an ARN has fewer than six segments"
		}
		t.ARNs = append(t.ARNs, "arn:${Partition}:"+arn)
	}
	r.resources[name] = t
	r.service.resources = append(r.service.resources, t)
	t.Keys, problem = r.keys(keys)
	return problem
}

func (r *serviceReader) action(level, resources, keys, names string) (problem string) {
	g := &group{Service: r.service, Level: level}
	if !slices.Contains(levels, level) {
		return "there is no access level " + level
	}
	if g.Resources, problem = r.types(resources); problem != "" {
		return problem
	}
	if g.Keys, problem = r.keys(keys); problem != "" {
		return problem
	}
	for name := range strings.SplitSeq(names, ",") {
		if !named(name) {
			return "an action has no name"
		}
		r.actions = append(r.actions, Action{name, g})
	}
	return ""
}

func (r *serviceReader) keys(list string) (keys []*Key, problem string) {
	if keys, ok := r.keyLists[list]; ok {
		return keys, ""
	}
	for name := range strings.SplitSeq(list, ",") {
		if strings.HasPrefix(name, ":") {
			name = r.service.Prefix + name
		}
		key := r.service.reference.listed[name]
		if key == nil {
			return nil, "there is no key " + name
		}
		keys = append(keys, key)
	}
	r.keyLists[list] = keys
	return keys, ""
}

func (r *serviceReader) types(list string) (types []*ResourceType, problem string) {
	if types, ok := r.typeLists[list]; ok {
		return types, ""
	}
	for name := range strings.SplitSeq(list, ",") {
		t := r.resources[name]
		if t == nil {
			return nil, "there is no resource type " + name
		}
		types = append(types, t)
	}
	r.typeLists[list] = types
	return types, ""
}

// search finds the place of a name among actions in their order.
func search(actions []Action, name string) (int, bool) {
	return slices.BinarySearchFunc(actions, name, func(a Action, name string) int { return compareFold(a.Name, name) })
}

// compareFold orders names by their letters, whatever those letters' case.
func compareFold(a, b string) int {
	for i := 0; i < min(len(a), len(b)); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func hasPrefixFold(name, prefix string) bool {
	return len(name) >= len(prefix) && compareFold(name[:len(prefix)], prefix) == 0
}

func lower(c byte) byte {
	if c-'A' < 26 {
		return c + 'a' - 'A'
	}
	return c
}
