package reference

import "strings"

// Suggestion is one way to go on with what was typed. Text takes the place of
// all of it; Detail is what it is, in a few words.
type Suggestion struct{ Text, Detail string }

// mostSuggestions is how many a list of completions has.
const mostSuggestions = 12

// What can be completed.
const (
	CompleteAction   = "action"
	CompleteResource = "resource"
	CompleteKey      = "key"
)

// Complete goes on with what was typed:
//
//   - for an action with a service's prefix up to the colon, then with its
//     actions, those that begin so before those that have it within;
//   - for a resource with the formats of the ARNs that the action acts on,
//     whose parts in ${…} are the reader's to fill in;
//   - for a key with those that the action's requests may have, the service's
//     own before the global ones.
//
// An action that isn't known, such as one with wildcards, stands for all of
// its service.
func (r *Reference) Complete(what, action, typed string) []Suggestion {
	if r == nil {
		return nil
	}
	if what == CompleteAction {
		return r.completeAction(typed)
	}
	var l completions
	prefix, name, _ := strings.Cut(action, ":")
	s := r.Service(prefix)
	a := s.Action(name)
	switch {
	case what == CompleteResource && s != nil:
		if typed == "" || typed == "*" {
			l.add("*", "every resource", 0)
		}
		for i := range s.resources {
			t := &s.resources[i]
			if a != nil && !a.ActsOn(t) {
				continue
			}
			for _, arn := range t.ARNs() {
				if arn = strings.Replace(arn, "${Partition}", "aws", 1); goesOn(arn, typed) {
					l.add(arn, t.Name, len(arn)) // the shorter are of what is asked for more often
				}
			}
		}
	case what == CompleteKey:
		if s != nil {
			l.addKeys(s, a, typed)
		}
		l.addKeys(r.global, nil, typed)
	}
	return l.list
}

func (r *Reference) completeAction(typed string) []Suggestion {
	var l completions
	prefix, name, colon := strings.Cut(strings.ToLower(typed), ":")
	if !colon {
		for _, s := range r.services {
			if strings.HasPrefix(s.Prefix, prefix) {
				l.add(s.Prefix+":", s.Name, min(len(s.Prefix)-len(prefix), 1))
			}
		}
	}
	actions := r.Service(prefix).Actions()
	for i := range actions {
		a := &actions[i]
		if at := strings.Index(strings.ToLower(a.Name), name); at >= 0 && colon {
			l.add(a.FullName(), a.Level, min(at, 1))
		}
	}
	return l.list
}

// completions are the first of those that are added: by rank, then by text.
type completions struct {
	list  []Suggestion
	ranks []int
}

func (l *completions) add(text, detail string, rank int) {
	at := len(l.list)
	for at > 0 && (l.ranks[at-1] > rank || l.ranks[at-1] == rank && l.list[at-1].Text > text) {
		at--
	}
	if at == mostSuggestions || at > 0 && l.list[at-1].Text == text {
		return
	}
	if len(l.list) < mostSuggestions {
		l.list, l.ranks = append(l.list, Suggestion{}), append(l.ranks, 0)
	}
	copy(l.list[at+1:], l.list[at:])
	copy(l.ranks[at+1:], l.ranks[at:])
	l.list[at], l.ranks[at] = Suggestion{text, detail}, rank
}

// addKeys adds the keys that begin as typed, those of an action if there is one.
func (l *completions) addKeys(s *Service, a *Action, typed string) {
	all := ""
	if a != nil {
		all = a.allKeys()
	}
	for _, key := range s.keys {
		if len(key.Name) < len(typed) || !strings.EqualFold(key.Name[:len(typed)], typed) || a != nil && !key.Global && !has(all, key.listedBy(s)) {
			continue
		}
		detail := string(key.Type)
		if key.Multi {
			detail += ", several values"
		}
		rank := 0
		if key.Global {
			rank = 1
		}
		l.add(key.Name, detail, rank)
	}
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
