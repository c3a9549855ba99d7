package sts

import (
	"slices"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/oidc"
	"stsplayground/engine/saml"
	"stsplayground/engine/trace"
)

// Lock is one of the things that keep strangers out of a role, and that a
// scenario may leave open to show what it is there for. AWS leaves none open.
type Lock struct {
	Name     string
	Title    string // affirmative, like a rule's
	Stops    string // what it keeps out, one sentence
	Five     bool   // one of the five that every reader of tokens needs
	Token    bool   // AssumeRoleWithWebIdentity has it
	Response bool   // AssumeRoleWithSAML has it
}

// The locks' names.
const (
	lockSignature = "signature"
	lockExpiry    = "expiry"
	lockAudience  = "audience"
	lockSubject   = "subject"
	lockKeys      = "keys"
	lockReading   = "reading"
	lockAssertion = "assertion"
	lockRecipient = "recipient"
)

var locks = []Lock{
	{lockSignature, "The signature covers every byte", "Tampering: nobody but the key's owner can change a letter.", true, true, true},
	{lockExpiry, "The time hasn't run out", "Old loot: what was stolen opens the role until exp and no longer, a response for five minutes.", true, true, true},
	{lockAudience, "It was made for AWS", "Detours: a token that was made for another system is of no use here.", true, true, true},
	{lockSubject, "The subject is one that the role trusts", "Neighbours: the same provider vouches for every other repository, branch and person too.", true, true, true},
	{lockKeys, "The algorithm is on the list, and the key is the provider's own", "Self-made proof: neither the header, a certificate sent along nor a stranger's server chooses how the signature is verified.", true, true, true},
	{lockReading, "Everybody reads the same text", "Double meanings: names that occur twice, spellings that differ, a document that redefines itself or whose names are cut off.", false, true, true},
	{lockAssertion, "There is one assertion, in its place", "Wrapping: what was verified is what is read.", false, false, true},
	{lockRecipient, "It is handed in where it was addressed to", "Forwarding: who receives a response for another system can't sign in to AWS with it.", false, false, true},
}

// Locks are all locks, the five that belong together first.
func Locks() []Lock { return slices.Clone(locks) }

// ruleLocks are the locks by the rules that they consist of. What saml/response
// refuses is of two locks, and a trust policy's conditions are of the lock of
// the key that they compare.
var ruleLocks = map[string]string{
	"oidc/signature":    lockSignature,
	"saml/signature":    lockSignature,
	"oidc/expiry":       lockExpiry,
	"saml/expiry":       lockExpiry,
	"oidc/audience":     lockAudience,
	"saml/audience":     lockAudience,
	"saml/name-id":      lockSubject,
	"oidc/algorithm":    lockKeys,
	"oidc/keys":         lockKeys,
	"saml/issuer":       lockKeys,
	"saml/confirmation": lockRecipient,
	"saml/recipient":    lockRecipient,
}

// LockOfKey is the lock that a trust policy's condition on the key belongs to;
// "" for none. That saml:aud is the recipient is AWS's own use of the name.
func LockOfKey(key string) string {
	key = strings.ToLower(key)
	at := strings.LastIndexByte(key, ':')
	if at < 0 || strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "sts:") {
		return ""
	}
	isSAML := strings.HasPrefix(key, "saml:")
	switch key[at+1:] {
	case "aud":
		if isSAML {
			return lockRecipient
		}
		return lockAudience
	case "oaud", "azp", "app_id":
		return lockAudience
	case "sub", "user_id", "id", "namequalifier", "sub_type":
		return lockSubject
	}
	return ""
}

// LockOfStep is the lock that refuses with the step; "" for none. key is that
// of a condition that doesn't hold, for a step about conditions.
func LockOfStep(s *trace.Step) string {
	switch s.Rule {
	case ruleResponse.Code:
		for i := range s.Steps {
			if s.Steps[i].Rule == "saml/shape" {
				return lockAssertion
			}
		}
		return lockReading
	case "oidc/token":
		return lockReading
	}
	return ruleLocks[s.Rule]
}

// opened is what the walk of a call knows of locks that are open.
type opened struct {
	off    []string // the scenario's
	lifted []lifted
}

// lifted is a step that would have refused.
type lifted struct {
	step int
	lock string
	err  *trace.Error // what AWS would have answered; nil where it reads on, and otherwise
}

func (w *walk) isOff(lock string) bool { return slices.Contains(w.off, lock) }

// Fail adds a failed step, unless the rule is of a lock that is off: that
// refuses nothing.
func (w *walk) Fail(rule *trace.Rule, err *trace.Error, expected, found, why string) *trace.Step {
	return w.failLock(ruleLocks[rule.Code], rule, err, expected, found, why)
}

func (w *walk) failLock(lock string, rule *trace.Rule, err *trace.Error, expected, found, why string) *trace.Step {
	if !w.isOff(lock) {
		return w.Walk.Fail(rule, err, expected, found, why)
	}
	w.lifted = append(w.lifted, lifted{len(w.Steps), lock, err})
	return w.Step(rule, trace.Skipped, expected, found, why)
}

// tellOpen words the steps that a lock would have refused with, and says which
// locks that were, in their order. It comes last, as some steps find their
// words late.
func (w *walk) tellOpen() (names []string) {
	for _, l := range w.lifted {
		s := &w.Steps[l.step]
		s.Why = strings.TrimRight("This isn't AWS: the lock "+quote(l.lock)+" is off. "+l.refusal()+" "+s.Why, " ")
		skipFailed(s.Steps)
	}
	for i := range locks {
		if slices.ContainsFunc(w.lifted, func(l lifted) bool { return l.lock == locks[i].Name }) {
			names = append(names, locks[i].Name)
		}
	}
	return names
}

func (l *lifted) refusal() string {
	if l.err == nil {
		return "AWS would read on, and something else."
	}
	return "AWS would answer " + l.err.Code + ": " + strings.TrimRight(l.err.Message, ".") + "."
}

// skipFailed: the parts of a step that refuses nothing refuse nothing either.
func skipFailed(steps []trace.Step) {
	for i := range steps {
		if steps[i].Status == trace.Failed {
			steps[i].Status = trace.Skipped
		}
		skipFailed(steps[i].Steps)
	}
}

// ask is the trust policy's answer. Where it refuses, and would not without
// the conditions of locks that are off, it is asked without those; the request
// says so from then on.
func (w *walk) ask(f *facts, request *iam.Request) iam.PolicyDecision {
	plain := f.role.Trust.Explain(request)
	if plain.Effect == iam.Allow || len(w.off) == 0 {
		return plain
	}
	lifting := *request
	lifting.Lifted = func(key string) bool { return w.isOff(LockOfKey(key)) }
	answer := f.role.Trust.Explain(&lifting)
	if len(liftedIn(answer)) == 0 {
		return plain
	}
	request.Lifted = lifting.Lifted
	return answer
}

// liftedIn are the conditions that would have stopped the request and didn't.
func liftedIn(answer iam.PolicyDecision) (conditions []*iam.ConditionDecision) {
	for i := range answer.Statements {
		s := &answer.Statements[i]
		if !s.Principal.Matched || !s.Action.Matched || s.Effect == "Allow" && !s.Applies {
			continue
		}
		for j := range s.Conditions {
			if s.Conditions[j].Lifted {
				conditions = append(conditions, &s.Conditions[j])
			}
		}
	}
	return conditions
}

// liftConditions adds the step of conditions that locks would have refused
// with; nil where there are none in the statement.
func (w *walk) liftConditions(f *facts, rule *trace.Rule, s *iam.StatementDecision, err *trace.Error) *trace.Step {
	var step *trace.Step
	for i := range s.Conditions {
		c := &s.Conditions[i]
		lock := LockOfKey(c.Key)
		switch {
		case !c.Lifted:
		case step == nil:
			step = w.failLock(lock, rule, err, wantedText(c), foundText(c), f.whyCondition(c)).Placed(c.At).With(conditionSteps(s))
		case w.lifted[len(w.lifted)-1].lock != lock:
			w.lifted = append(w.lifted, lifted{len(w.Steps) - 1, lock, err})
		}
	}
	return step
}

// LocksOff leaves these locks open for the calls that are played from now on.
func (world *World) LocksOff(names []string) { world.off = names }

// NotAWS closes a call: the names of the locks whose absence it, or what it
// rests on, needed. What an earlier call gave rests on what that rested on.
func (world *World) NotAWS(call string) []string {
	var names []string
	for i := range locks {
		if slices.Contains(world.open, locks[i].Name) {
			names = append(names, locks[i].Name)
		}
	}
	world.open = nil
	if len(names) > 0 {
		world.rests[call] = names
	}
	return names
}

// RestsOn says that the call uses what an earlier one gave.
func (world *World) RestsOn(call string) { world.open = append(world.open, world.rests[call]...) }

// readToken is the token as a reader sees it that doesn't mind spellings and
// takes the last of several values; nil where even that reads nothing.
func (w *walk) readToken(raw string) *oidc.Token {
	if !w.isOff(lockReading) {
		return nil
	}
	t, refusal := oidc.ReadCarelessly(raw)
	if refusal != nil {
		return nil
	}
	return t
}

// readResponse is the response as a careless reader sees it, with the lock
// that keeps it from being read so; nil where it can't be read at all.
func (w *walk) readResponse(f *facts, r *saml.Refusal) (response *saml.Response, lock string) {
	d := f.saml.presented.Document
	lock = lockReading
	if r.Reason == saml.WrongShape {
		lock = lockAssertion
	}
	if !w.isOff(lock) || d == nil {
		return nil, lock
	}
	if lock == lockReading {
		careless, refusal := saml.ReadCarelessly(d.Pasted)
		if refusal != nil {
			return nil, lock
		}
		f.saml.presented.Document, d = careless, careless
		if response, refusal = saml.Open(d); refusal == nil || refusal.Reason != saml.WrongShape || !w.isOff(lockAssertion) {
			return response, lock
		}
	}
	return saml.OpenCarelessly(d), lock
}

// verifyCarelessly verifies as a reader does that lets the token choose how:
// alg, jwk, jku, x5u and a stranger's server count. It isn't done where that
// makes no difference, and then nothing was added.
func (w *walk) verifyCarelessly(f *facts) (readable, done bool) {
	t, iss := f.token, f.issuer
	key, refusal := iss.Keys.Find(t)
	if iss.answers(f.provider) && refusal == nil && oidc.Verify(t, key) == nil {
		return false, false
	}
	lift := func(expected, found, why string) {
		w.failLock(lockKeys, ruleKeys, errKey, expected, found, why)
	}
	const own = "a key of the issuer's own set, for an algorithm on the list"
	reachable := iss.Reachable == nil || *iss.Reachable
	switch brought := oidc.HeaderKey(t); {
	case strings.EqualFold(t.Algorithm, "none"):
		lift(own, "alg "+t.Algorithm, "The header says that there is no signature, and a reader that obeys the header asks for none.")
		w.Skip("The header says that there is no signature, so none is checked.", ruleSignature)
	case oidc.KeyedWithPublicKey(t, iss.Keys):
		lift(own, "alg "+t.Algorithm+", with the public key as secret", "A reader that lets the header choose takes the key that it has for the shared secret, and everybody has that key.")
		w.Pass(ruleSignature, "an HMAC with the issuer's public key as secret", "good", "The HMAC is the right one, and anyone could make it.")
	case brought != nil && oidc.Verify(t, brought) == nil:
		lift(own, "the key in the header's jwk", "A reader that verifies with whatever key the token brings believes whoever signs.")
		f.key = brought
		w.checkSignature(t, brought)
	case t.Header.Get("jku") != nil, t.Header.Get("x5u") != nil:
		lift(own, "a key by URL in the header", "A reader that follows the header's URL is given the attacker's key there, and finds the signature good.")
		w.Skip("The key that the attacker serves isn't at hand; it would verify the signature.", ruleSignature)
	case reachable && refusal == nil && !iss.answers(f.provider):
		w.failLock(lockKeys, ruleKeys, errThumbprint, "a key set from a trusted server", "a certificate that nothing vouches for", "The key set is fetched although nothing vouches for the server that serves it, so it may be anyone's.")
		f.key = key
		return w.checkSignature(t, key), true
	default:
		return false, false
	}
	return true, true
}

// verifyWithBrought verifies a response that no key of the metadata does as a
// reader does that trusts the certificate that comes with it; nil where the lock
// is on, or that doesn't help either.
func (w *walk) verifyWithBrought(f *facts, r *saml.Refusal) *saml.Verified {
	if r == nil || r.Reason != saml.BadSignature || !w.isOff(lockKeys) {
		return nil
	}
	verified, refusal := f.saml.response.Verify(f.saml.response.BroughtKeys())
	if refusal != nil {
		f.saml.response.Verify(f.saml.provider.Metadata.Keys) // whose signatures are shown
		return nil
	}
	w.failLock(lockKeys, ruleSAMLSignature, errSAMLSignature, "a key of the provider's metadata", "the key of a certificate in the response",
		"A reader that trusts the certificate that a response brings along believes whoever signs.").With(signatureSteps(verified.Signatures))
	return verified
}
