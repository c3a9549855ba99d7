package tools

import (
	"strconv"
	"time"

	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

// Sharing is what somebody asked to share: the scenario, the moment at which
// it is played where it names none, the address of the page, what is kept and
// what the reader of the link is to see first.
type Sharing struct {
	Scenario source.Node
	Now      time.Time
	Page     string // without query and fragment; "" for one that nobody else can open
	Options  share.Options
	View     share.View
	NoView   bool // the link leads to the scenario's beginning
}

// Shared is what the dialog shows. Link is empty where there is none, and
// Problem says why.
type Shared struct {
	Scenario source.Node // as it is handed on
	Changes  []share.Change
	Contents []string
	Choices  []Choice
	Never    []string // what is never handed on, and was left out
	Link     string
	Problem  string
	Code     Code
	Opens    bool // what is handed on holds a signature or the like, and so opens something for whoever reads it
}

// Choice is one tick of the dialog.
type Choice struct {
	ID     string // of the checkbox; the page reads its state as data-option says
	Option string
	Label  string
	Words  string // what it concerns here
	On     bool
	Idle   bool // there is nothing here that it concerns
	Saves  int  // how many characters the link loses by the other choice; 0 where it loses none, or where that isn't to be advised
}

// Stored is a scenario that the server stored.
type Stored struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	DeleteURL string    `json:"deleteUrl"`
	Expires   time.Time `json:"expires"`
	Title     string    `json:"title"`
}

// Code is the code of the short link.
func (s Stored) Code() Code { return DrawCode(s.URL) }

// until says when it is deleted by itself.
func (s Stored) until() string { return s.Expires.UTC().Format("2 January 2006, 15:04") + " UTC" }

// chat is the length of a message beyond which chat tools cut it: Discord's,
// the shortest of the common ones.
const chat = 2000

// Share works out what is handed on, and how the dialog says it.
func Share(s Sharing) Shared {
	redacted, changes := share.Redact(&s.Scenario, s.Options)
	shared := Shared{Scenario: share.Trim(&redacted, s.Now), Changes: changes, Contents: share.Contents(&s.Scenario)}
	link, problem := s.link(s.Options, !s.NoView)
	if shared.Problem = problem; problem == "" {
		shared.Link = s.Page + link
		if s.Page != "" {
			shared.Code = DrawCode(shared.Link)
		}
	}
	for _, kind := range []share.Kind{share.PrivateKey, share.Secret} {
		if n := share.Counts(changes)[kind]; n > 0 {
			shared.Never = append(shared.Never, kind.Count(n))
		}
	}
	shared.Choices = s.choices(len(link))
	if s.Options.Signatures {
		_, opening := share.Redact(&redacted, share.Options{})
		shared.Opens = len(opening) > 0
	}
	return shared
}

func (s Sharing) link(o share.Options, view bool) (link, problem string) {
	redacted, _ := share.Redact(&s.Scenario, o)
	trimmed := share.Trim(&redacted, s.Now)
	seen := s.View
	if !view {
		seen = share.View{}
	}
	return share.Encode(&trimmed, seen)
}

// choices are the ticks. What each could change is counted with all of them
// made, so that it is said before somebody decides.
func (s Sharing) choices(length int) []Choice {
	_, possible := share.Redact(&s.Scenario, share.Options{NoKeys: true, Accounts: true, People: true})
	counts := share.Counts(possible)
	o := s.Options

	tokens := Choice{ID: "share-claims", Option: "claims", Label: "Tokens and responses: claims only", On: !o.Signatures}
	tokens.Words, tokens.Idle = told(counts, share.Token, share.Response, share.Encrypted, share.Opaque, share.Unread)
	switch {
	case tokens.Idle:
		tokens.Words = "no token or response here is a real one"
	case o.Signatures:
		tokens.Words += ", signatures included: who has the link can use them until they expire"
	default:
		tokens.Words += ": signatures dropped, from now on taken on trust, also where they were bad"
	}

	keys := Choice{ID: "share-keys", Option: "keys", Label: "Key sets and metadata", On: !o.NoKeys}
	keys.Words, keys.Idle = told(counts, share.KeySet, share.Metadata)
	switch {
	case keys.Idle:
		keys.Words = "none is pasted here"
	case o.NoKeys:
		keys.Words += " left out: no signature is checked"
	default:
		keys.Words += ", public"
	}

	accounts := Choice{ID: "share-accounts", Option: "accounts", Label: "Stand-ins for account ids", On: o.Accounts}
	accounts.Words, accounts.Idle = told(counts, share.Account)
	if accounts.Idle {
		accounts.Words = "there is none here"
	} else {
		accounts.Words += become(counts[share.Account], o.Accounts, "111122223333")
	}

	people := Choice{ID: "share-people", Option: "people", Label: "Stand-ins for e-mail addresses", On: o.People}
	people.Words, people.Idle = told(counts, share.Person)
	if people.Idle {
		people.Words = "there is none here"
	} else {
		people.Words += become(counts[share.Person], o.People, "person1@example.com")
	}
	if o.Signatures && !tokens.Idle {
		for _, c := range []*Choice{&accounts, &people} {
			if !c.Idle {
				c.Words += "; not within tokens and responses that keep their signatures"
			}
		}
	}

	view := Choice{ID: "share-view", Option: "view", Label: "What you see now", On: !s.NoView, Words: seen(s.View), Idle: s.View == share.View{}}
	all := []Choice{tokens, accounts, people, keys, view}
	if len(s.Page)+length > roomCode {
		s.advise(all, length)
	}
	return all
}

// advise works out which choices would make the link noticeably shorter. To
// keep a signature in order to save characters isn't advised.
func (s Sharing) advise(choices []Choice, length int) {
	const noticeable = 40 // characters
	for i := range choices {
		c := &choices[i]
		o, view := s.Options, !s.NoView
		switch c.Option {
		case "claims":
			if c.On {
				continue
			}
			o.Signatures = false
		case "keys":
			o.NoKeys = true
		case "view":
			view = false
		default:
			continue
		}
		if other, problem := s.link(o, view); problem == "" && length-len(other) >= noticeable {
			c.Saves = length - len(other)
		}
	}
}

// told are the things of some kinds in words; none says that there are none.
func told(counts map[share.Kind]int, kinds ...share.Kind) (words string, none bool) {
	for _, kind := range kinds {
		if n := counts[kind]; n > 0 {
			if words != "" {
				words += ", "
			}
			words += kind.Count(n)
		}
	}
	return words, words == ""
}

func become(n int, on bool, standIn string) string {
	switch {
	case !on:
		return " as written"
	case n == 1:
		return ": " + standIn
	}
	return ": " + standIn + " and on"
}

// seen is a view in words.
func seen(v share.View) string {
	words := "the first call, from its beginning"
	if v.Call > 1 {
		words = "call " + strconv.Itoa(v.Call)
	}
	if v.Step != "" {
		words += ", open at " + v.Step
	}
	return words
}
