package engine

import (
	"stsplayground/engine/iam"
	"stsplayground/engine/reference"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Report is everything the playground has to say about a scenario, as plain
// data. The page, the server, the command line and the tests draw it and
// compute nothing. Its JSON is a contract with programs outside this project.
type Report struct {
	Title       string          `json:"title"`
	Met         *bool           `json:"met"` // every expectation met; nil where there is none
	Findings    []trace.Finding `json:"findings"`
	Calls       []CallReport    `json:"calls"`
	LocksOff    []string        `json:"locksOff,omitempty"`    // as the scenario has it: what is played isn't AWS
	Credentials []Credential    `json:"credentials,omitempty"` // who signs the calls, each before what is made with it
}

// CallReport is what happened to one call. Steps are always all of the
// operation's, in the order of its walk. The first failed one gave Error.
type CallReport struct {
	Name        string           `json:"name"`
	Action      string           `json:"action"`
	Caller      string           `json:"caller,omitempty"`   // who called, as AWS's messages name them; of actions outside STS
	Resource    string           `json:"resource,omitempty"` // what the call is about; likewise
	At          string           `json:"at"`                 // when the request arrives; RFC 3339, UTC
	Made        string           `json:"made,omitempty"`     // when it was made, where it arrives at another moment
	Outcome     string           `json:"outcome"`            // success or failure
	Verdict     string           `json:"verdict"`            // one sentence, as a colleague would say it
	Assumed     []string         `json:"assumed"`            // rules taken on trust
	NotAWS      []string         `json:"notAWS"`             // locks that are off here and would have refused; AWS has them on
	Error       *trace.Error     `json:"error"`              // nil on success
	Steps       []trace.Step     `json:"steps"`
	Ladder      []Rung           `json:"ladder"` // the five questions, in order
	Decision    *iam.Decision    `json:"decision"`
	Keys        []KeyType        `json:"keys,omitempty"`  // of the condition keys that the call supplies or lacks, as far as AWS's reference knows them
	Token       *sts.TokenView   `json:"token,omitempty"` // the token that was presented, taken apart
	SAML        *sts.SAMLView    `json:"saml,omitempty"`  // the SAML response that was presented, taken apart
	Response    any              `json:"response"`        // the operation's response, AWS's field names
	Session     *sts.Session     `json:"session"`
	Event       any              `json:"event"` // the CloudTrail record
	EventWhy    string           `json:"eventWhy,omitempty"`
	InnerEvents []any            `json:"innerEvents,omitempty"` // the records of the calls that the service made in turn, and that of the other account where two keep one
	Advice      []trace.Advice   `json:"advice"`
	Expected    *scenario.Expect `json:"expected"`
	Met         *bool            `json:"met"`
	Call        *scenario.Call   `json:"-"` // the call as written, for whoever draws it; nil where nobody wrote it
}

// KeyType is what a condition key's value is, in AWS's words: String, ARN,
// Numeric, Bool, Date, IPAddress or Binary. Multi: there can be several.
type KeyType struct {
	Key   string         `json:"key"`
	Type  reference.Type `json:"type"`
	Multi bool           `json:"multi,omitempty"`
}

// Rung is one step of the debugging ladder: a question and how this call
// answers it. The first failed rung is where to look.
type Rung struct {
	Question string       `json:"question"`
	Status   trace.Status `json:"status"`
	Rules    []string     `json:"rules"` // the steps that answer it
}
