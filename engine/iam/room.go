package iam

// Room is what is left to tell of decisions, in bytes of about what they take
// in a report. A scenario's calls share one: thousands of calls that each ask
// a policy of thousands of statements are decided all the same, and would fill
// the memory told in full. A nil Room has no end.
type Room struct{ left int }

// NewRoom has so many bytes.
func NewRoom(bytes int) *Room { return &Room{left: bytes} }

// Spent says whether only what decides is told.
func (r *Room) Spent() bool { return r != nil && r.left <= 0 }

// Take takes up bytes of it, more than there are too.
func (r *Room) Take(bytes int) {
	if r != nil {
		r.left -= bytes
	}
}

// What the frame of each takes in a report, besides its texts.
const (
	statementSize = 500
	conditionSize = 250
	valueSize     = 150
)

// The most that is told of a statement once the room is spent.
const (
	fewConditions = 20
	fewValues     = 8
)

func sizeOf(texts []string) (bytes int) {
	for _, text := range texts {
		bytes += len(text) + 3
	}
	return bytes
}

// landmarks are the statements of a policy that are told however little room
// there is, for the gates of a walk go by them: the first of all, the first
// Allow that names the principal, that is about the action besides, that
// applies, and the first Deny that applies.
type landmarks struct{ principal, action, allow, deny bool }

// next says whether a statement is one of them, of which it is known whether
// it names the principal, is about the action and applies.
func (l *landmarks) next(s *Statement, named, about, applies bool) bool {
	first := s.Index == 0
	mark := func(seen *bool, reached bool) {
		if reached && !*seen {
			*seen, first = true, true
		}
	}
	switch s.word {
	case denies:
		mark(&l.deny, applies)
	case allows:
		mark(&l.principal, named)
		mark(&l.action, named && about)
		mark(&l.allow, applies)
	}
	return first
}
