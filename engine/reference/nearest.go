package reference

import (
	"strings"

	"stsplayground/engine/source"
)

// NearestService is the prefix of the service that was most likely meant; ""
// where none is near. Certain as in source.Nearest, and no other is as near.
func (r *Reference) NearestService(prefix string) (near string, certain bool) {
	var names []string
	for _, s := range r.services {
		names = append(names, s.Prefix)
	}
	return nearest(prefix, names)
}

// Nearest is the action of the service that was most likely meant by a name
// without the prefix; "" where none is near. Certain as in NearestService.
func (s *Service) Nearest(name string) (near string, certain bool) {
	var names []string
	for _, a := range s.Actions() {
		names = append(names, a.Name)
	}
	return nearest(name, names)
}

// NearestKey is the condition key of the same prefix that was most likely
// meant, as it would be written; "" where none is near. Certain as in
// NearestService.
func (r *Reference) NearestKey(name string) (near string, certain bool) {
	prefix, _, _ := strings.Cut(name, ":")
	s := r.Service(prefix)
	if strings.EqualFold(prefix, globalService) {
		s = r.global
	}
	if s == nil {
		return "", false
	}
	// Of a family the part before the slash is compared.
	head, choice, family := strings.Cut(name, "/")
	var names []string
	for _, key := range s.keys {
		before, _, ok := strings.Cut(key.Name, "/${")
		if ok == family {
			names = append(names, before)
		}
	}
	near, certain = nearest(head, names)
	if near != "" && family {
		near += "/" + choice
	}
	return near, certain
}

// mostCompared bounds how many names are compared letter by letter.
const mostCompared = 60

// nearest compares with the candidates that have the name's letters, in
// whatever order, first: EC2 alone has eight hundred actions.
func nearest(name string, candidates []string) (near string, certain bool) {
	most := len(name)/3 + 1 // source.Nearest takes no more
	var likely []string
	for gap := 0; gap <= most; gap++ {
		for _, c := range candidates {
			if len(likely) < mostCompared && max(len(c)-len(name), len(name)-len(c)) <= gap && lettersApart(name, c) == gap {
				likely = append(likely, c)
			}
		}
	}
	near, certain = source.Nearest(name, likely)
	if certain {
		for i, c := range likely {
			if c == near {
				_, another := source.Nearest(name, append(likely[:i:i], likely[i+1:]...))
				return near, !another
			}
		}
	}
	return near, certain
}

// lettersApart is how many edits it takes at least from one name to the
// other, by how often each letter stands in them.
func lettersApart(a, b string) int {
	var count [32]int
	for i := 0; i < len(a); i++ {
		count[a[i]&31]++ // whatever its case
	}
	for i := 0; i < len(b); i++ {
		count[b[i]&31]--
	}
	surplus, missing := 0, 0
	for _, n := range count {
		surplus += max(n, 0)
		missing -= min(n, 0)
	}
	return max(surplus, missing)
}
