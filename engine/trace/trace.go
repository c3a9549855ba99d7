// Package trace holds the words for explaining: what was typed wrong
// (Finding), what was checked and how it came out (Step), the rule behind
// both (Rule), the document that decides (Cite) and the way out (Advice).
//
// Everything here is plain, dead data. Verdicts come from typed decisions
// elsewhere; nothing may be decided by reading a Step.
//
// Prose rules, kept by every package that words a Step or a Finding: present
// tense, no blame, the value in question, then the way out. One sentence
// each. A rule's title is affirmative ("The audience names this provider's
// client"), has no full stop, and reads well both passed and failed.
package trace

// Status is how a check came out.
type Status string

const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped" // could not run; Why says what it needed
	Assumed Status = "assumed" // taken on trust, because nothing to check it with was given
	Warned  Status = "warned"  // passed, and AWS or a reader should know more
)

// Cite names the document a rule rests on. The zero value cites nothing.
type Cite struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

// RFC cites a section of an RFC, e.g. RFC("7519", "4.1.4").
func RFC(number, section string) Cite {
	return Cite{
		Title: "RFC " + number + " §" + section,
		URL:   "https://www.rfc-editor.org/rfc/rfc" + number + "#section-" + section,
	}
}

// Rule is one thing that is checked. Code is stable, lower-case,
// area/what-is-checked, never renamed and never reused.
type Rule struct {
	Code  string
	Title string
	Cite  Cite
}

// At says where something stands: Path is a JSON Pointer (RFC 6901) into the
// scenario, Line and Column count from 1, columns in code points, in the
// scenario document as written. Line 0 means that no text position is known.
// Inside a document given as a string the path goes on into it, and Within
// has the position in the text of that string.
type At struct {
	Path   string  `json:"path"`
	Line   int     `json:"line,omitempty"`
	Column int     `json:"column,omitempty"`
	Within *Within `json:"within,omitempty"`
}

// Within is a position in the text of the string at Path; Line and Column as in At.
type Within struct {
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Step is one check of the walk. Expected and Found are the two sides of the
// comparison as text; Why is one sentence. Modelled marks behaviour that AWS
// doesn't document and the playground had to choose.
type Step struct {
	Rule     string `json:"rule"`
	Title    string `json:"title"`
	Status   Status `json:"status"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
	Why      string `json:"why"`
	Modelled bool   `json:"modelled,omitempty"`
	Cite     Cite   `json:"cite"`
	At       *At    `json:"at,omitempty"`
	Steps    []Step `json:"steps"`
}

var noSteps = []Step{} // encodes as [], never null

// Fill makes s a step of the rule, and returns it.
func (r *Rule) Fill(s *Step, status Status, expected, found, why string) *Step {
	s.Rule, s.Title, s.Cite = r.Code, r.Title, r.Cite
	s.Status, s.Expected, s.Found, s.Why = status, expected, found, why
	s.Steps = noSteps
	return s
}

// AsModelled marks s as behaviour that AWS doesn't document.
func (s *Step) AsModelled() *Step {
	s.Modelled = true
	return s
}

// Placed gives s the place in the scenario that it is about.
func (s *Step) Placed(at *At) *Step {
	s.At = at
	return s
}

// With gives s its parts.
func (s *Step) With(parts []Step) *Step {
	if len(parts) > 0 {
		s.Steps = parts
	}
	return s
}

// Severity ranks a Finding.
type Severity string

const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Finding is about what was typed, independent of any call. Fix is a JSON
// Patch (RFC 6902) on the scenario, empty unless one is certain.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	Detail   string   `json:"detail"`
	At       At       `json:"at"`
	Fix      []Patch  `json:"fix"`
	Cite     Cite     `json:"cite"`
}

var noFix = []Patch{} // encodes as [], never null

// Finding makes one of the rule. detail is one sentence or two: what is there,
// then the way out.
func (r *Rule) Finding(severity Severity, at At, detail string, fix ...Patch) Finding {
	if fix == nil {
		fix = noFix
	}
	return Finding{Rule: r.Code, Severity: severity, Title: r.Title, Detail: detail, At: at, Fix: fix, Cite: r.Cite}
}

// Patch is one operation of a JSON Patch (RFC 6902 §4): add, remove, replace.
// Value is JSON-encodable data, nil for remove.
type Patch struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// Advice is a way out of a failure. Fix is a JSON Patch on the scenario,
// empty where the mend lies outside it; Widens says what else the change
// would let in.
type Advice struct {
	Title  string  `json:"title"`
	Why    string  `json:"why"`
	Fix    []Patch `json:"fix"`
	Widens string  `json:"widens"`
}

// Error is what AWS answers: the wire code, its message, the HTTP status and
// the fault's side (Sender or Receiver), as in the Query protocol's envelope.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Status  int    `json:"status"`
	Type    string `json:"type"`
}

// Playground is an error that AWS doesn't have: of what the scenario leaves
// out, or the playground doesn't model. Its status is 0.
func Playground(code, message string) *Error {
	return &Error{Code: code, Message: message, Type: "Playground"}
}

// Sender is an error that is the caller's fault.
func Sender(code string, status int, message string) *Error {
	return &Error{Code: code, Message: message, Status: status, Type: "Sender"}
}
