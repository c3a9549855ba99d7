package reference

import (
	"cmp"
	"slices"
	"strings"
)

// Suggestion is one way to go on with what was typed. Text takes the place of
// all of it; Detail is what it is, in a few words.
type Suggestion struct{ Text, Detail string }

// mostSuggestions is how many a list of completions has.
const mostSuggestions = 12

// CompleteAction goes on with an action: with a service's prefix up to the
// colon, then with its actions, those that begin with what was typed before
// those that contain it.
func (r *Reference) CompleteAction(typed string) []Suggestion {
	if r == nil {
		return nil
	}
	var list []Suggestion
	prefix, name, colon := strings.Cut(typed, ":")
	if !colon {
		for _, s := range r.services {
			if len(list) < mostSuggestions && hasPrefixFold(s.Prefix, prefix) {
				list = append(list, Suggestion{s.Prefix + ":", s.Name})
			}
		}
		return list
	}
	s := r.Service(prefix)
	add := func(a *Action) { list = append(list, Suggestion{a.FullName(), a.Level}) }
	first := s.Prefixed(name)
	for i := range first[:min(len(first), mostSuggestions)] {
		add(&first[i])
	}
	actions, lower := s.Actions(), strings.ToLower(name)
	for i := range actions {
		if len(list) == mostSuggestions {
			break
		}
		if a := &actions[i]; !hasPrefixFold(a.Name, name) && strings.Contains(strings.ToLower(a.Name), lower) {
			add(a)
		}
	}
	return list
}

// CompleteResource goes on with a resource for an action: with the formats of
// the ARNs that it acts on, whose parts in ${…} are the reader's to fill in.
// An action with wildcards stands for all of its service.
func (r *Reference) CompleteResource(action, typed string) []Suggestion {
	s, exact := r.about(action)
	if s == nil {
		return nil
	}
	var list []Suggestion
	if typed == "" || typed == "*" {
		list = append(list, Suggestion{"*", "every resource"})
	}
	resources := s.Resources()
	if exact != nil {
		resources = exact.Resources
	}
	everything := len(list)
	for _, t := range resources {
		for _, arn := range t.ARNs {
			if arn = strings.Replace(arn, "${Partition}", "aws", 1); goesOn(arn, typed) {
				list = append(list, Suggestion{arn, t.Name})
			}
		}
	}
	// The shorter formats are of what is asked for more often.
	slices.SortStableFunc(list[everything:], func(a, b Suggestion) int { return len(a.Text) - len(b.Text) })
	return list[:min(len(list), mostSuggestions)]
}

// goesOn says whether what was typed can go on to an ARN of the format, by
// what the two have before the first part to fill in of each segment.
func goesOn(format, typed string) bool {
	for {
		segment, rest, more := strings.Cut(typed, ":")
		want, wanted, _ := strings.Cut(format, ":")
		fixed, _, varies := strings.Cut(want, "${")
		switch {
		case !more:
			return strings.HasPrefix(fixed, segment) || varies && strings.HasPrefix(segment, fixed)
		case varies && segment == "", !varies && segment != want, !strings.HasPrefix(segment, fixed):
			return false
		}
		typed, format = rest, wanted
	}
}

// CompleteKey goes on with a condition key for an action: with those that its
// requests may have, the action's own first. An action with wildcards stands
// for all of its service.
func (r *Reference) CompleteKey(action, typed string) []Suggestion {
	if r == nil {
		return nil
	}
	var keys []*Key
	if s, exact := r.about(action); exact != nil {
		keys = append(keys, exact.Keys...)
		for _, t := range exact.Resources {
			keys = append(keys, t.Keys...)
		}
	} else {
		keys = append(keys, s.ownKeys()...)
	}
	keys = append(keys, r.global.ownKeys()...)
	slices.SortStableFunc(keys, func(a, b *Key) int { return cmp.Or(rank(a)-rank(b), compareFold(a.Name, b.Name)) })
	var list []Suggestion
	for _, key := range keys {
		if len(list) < mostSuggestions && hasPrefixFold(key.Name, typed) && !slices.ContainsFunc(list, func(s Suggestion) bool { return s.Text == key.Name }) {
			list = append(list, Suggestion{key.Name, key.words()})
		}
	}
	return list
}

func rank(key *Key) int {
	if key.Global {
		return 1
	}
	return 0
}

// words is the key's type.
func (k *Key) words() string {
	if k.Multi {
		return string(k.Type) + ", several values"
	}
	return string(k.Type)
}

// about is the service that an action is of, and the action itself where it
// is one.
func (r *Reference) about(action string) (*Service, *Action) {
	prefix, name, _ := strings.Cut(action, ":")
	s := r.Service(prefix)
	return s, s.Action(name)
}
