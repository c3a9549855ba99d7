package reference

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
)

// NearestService is the service whose prefix was most likely meant; nil where
// none is near. Certain as in source.Nearest, and no other is as near.
func (r *Reference) NearestService(prefix string) (s *Service, certain bool) {
	if r == nil {
		return nil, false
	}
	var names []string
	for _, s := range r.services {
		names = append(names, s.Prefix)
	}
	near, certain := nearest(prefix, names)
	return r.byPrefix[near], certain
}

// Nearest is the action of the service that was most likely meant by a name
// without the prefix; nil where none is near. Certain as in NearestService.
func (s *Service) Nearest(name string) (a *Action, certain bool) {
	var names []string
	for _, a := range s.Actions() {
		names = append(names, a.Name)
	}
	near, certain := nearest(name, names)
	return s.Action(near), certain
}

// NearestKey is the condition key that was most likely meant, of those with
// the same prefix, as it would be written; "" where none is near. Certain as
// in NearestService.
func (r *Reference) NearestKey(name string) (near string, certain bool) {
	if r == nil {
		return "", false
	}
	prefix, _, _ := strings.Cut(name, ":")
	keys := r.Service(prefix).ownKeys()
	if strings.EqualFold(prefix, globalService) {
		keys = r.global.ownKeys()
	}
	// Of a family the part before the slash is compared.
	head, choice := name, ""
	if slash := strings.IndexByte(name, '/'); slash >= 0 {
		head, choice = name[:slash+1], name[slash+1:]
	}
	var names []string
	for _, key := range keys {
		if own := key.Name[:len(key.head)]; choice != "" && strings.HasSuffix(own, "/") && key.tail == "" {
			names = append(names, own)
		} else if choice == "" && key.head == "" {
			names = append(names, key.Name)
		}
	}
	if near, certain = nearest(head, names); near == "" {
		return "", false
	}
	return near + choice, certain
}

func (s *Service) ownKeys() []*Key {
	if s == nil {
		return nil
	}
	return s.keys
}

// mostCompared bounds how many names are compared letter by letter.
const mostCompared = 60

// nearest compares with the candidates that have the name's letters, in
// whatever order; EC2 alone has eight hundred actions.
func nearest(name string, candidates []string) (near string, certain bool) {
	type candidate struct {
		name string
		gap  int
	}
	var likely []candidate
	most := len(name)/3 + 1 // source.Nearest takes no more
	count := letters(name)
	for _, c := range candidates {
		if max(len(c)-len(name), len(name)-len(c)) > most {
			continue
		}
		if gap := count.gap(letters(c)); gap <= most {
			likely = append(likely, candidate{c, gap})
		}
	}
	slices.SortStableFunc(likely, func(a, b candidate) int { return a.gap - b.gap })
	names := make([]string, 0, mostCompared)
	for _, c := range likely[:min(len(likely), mostCompared)] {
		names = append(names, c.name)
	}
	if near, certain = source.Nearest(name, names); !certain {
		return near, false
	}
	_, another := source.Nearest(name, slices.DeleteFunc(names, func(n string) bool { return n == near }))
	return near, !another
}

// bag is how often each letter stands in a name, whatever its case; other
// characters share places.
type bag [32]int8

func letters(name string) (b bag) {
	for i := 0; i < len(name); i++ {
		b[name[i]&31]++
	}
	return b
}

// gap is how many edits it takes at least from one to the other.
func (b *bag) gap(other bag) int {
	missing, surplus := 0, 0
	for i := range b {
		if d := int(b[i]) - int(other[i]); d > 0 {
			surplus += d
		} else {
			missing -= d
		}
	}
	return max(missing, surplus)
}
