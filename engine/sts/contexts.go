package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/source"
)

// providedContext is one of AssumeRole's ProvidedContexts. What the assertion
// says is known only where the scenario writes it as an object of keys and
// values in place of AWS's sealed text.
type providedContext struct {
	provider string
	keys     []contextKey
}

// identityCenter is the one context provider that AWS documents.
const identityCenter = "arn:aws:iam::aws:contextProvider/IdentityCenter"

// checkContexts reads the provided contexts (STS API reference, type
// ProvidedContext). AWS seals the assertions and alone can open them, so that
// a text is taken on trust.
func (w *walk) checkContexts(f *facts) {
	d := f.call.Params.ProvidedContexts
	const expected = "1 to 5 objects with ProviderArn and ContextAssertion"
	if !d.Given() {
		w.Pass(ruleContexts, expected+", if any", "none", "")
		return
	}
	list, problems := d.Tree(), []string(nil)
	if list == nil || list.Kind != source.Array {
		problems = append(problems, "providedContexts must be a list")
	} else {
		if n := len(list.Items); n < 1 || n > 5 {
			problems = append(problems, fmt.Sprintf("providedContexts has %d members, and takes 1 to 5", n))
		}
		for i := range list.Items {
			c, problem := readContext(&list.Items[i])
			if problem != "" {
				problems = append(problems, problem)
				continue
			}
			f.contexts = append(f.contexts, c)
		}
	}
	found := string(source.AppendJSON(nil, &d.Node))
	switch {
	case len(problems) > 0:
		w.Fail(ruleContexts, validationError(wordingUnknown("The provided contexts are not valid")), expected, found, "Not well formed: "+strings.Join(problems, "; ")+".").AsModelled()
	case f.opaque():
		w.Assume(ruleContexts, "Only AWS can open a context assertion; what follows holds if it is good. Written as an object of keys and values it shows what it says.")
	default:
		w.Pass(ruleContexts, expected, found, "The assertion is written out here; AWS's own is sealed.").AsModelled()
	}
}

func (f *facts) opaque() bool {
	for _, c := range f.contexts {
		if c.keys == nil {
			return true
		}
	}
	return false
}

func readContext(n *source.Node) (c providedContext, problem string) {
	arn, assertion := n.Get("ProviderArn"), n.Get("ContextAssertion")
	switch {
	case arn == nil || arn.Kind != source.String || !isARN(arn.Text) || !strings.Contains(arn.Text, ":contextProvider/"):
		return c, "ProviderArn must be the ARN of a context provider, such as " + identityCenter
	case assertion == nil:
		return c, "ContextAssertion is missing"
	case assertion.Kind == source.String && (len(assertion.Text) < 4 || len(assertion.Text) > 2048):
		return c, "ContextAssertion must have 4 to 2048 characters"
	case assertion.Kind != source.String && assertion.Kind != source.Object:
		return c, "ContextAssertion must be a text"
	}
	c.provider = arn.Text
	if assertion.Kind == source.Object {
		c.keys = []contextKey{}
	}
	for i := range assertion.Members {
		if m := &assertion.Members[i]; isScalar(&m.Value) {
			c.keys = append(c.keys, contextKey{name: m.Name, values: []string{m.Value.Text}})
		}
	}
	return c, ""
}

// contextKeys are the condition keys of the provided contexts (IAM guide, "IAM
// and AWS STS condition context keys", sts:RequestContext).
func (f *facts) contextKeys(ctx *iam.Context) {
	var providers []string
	for _, c := range f.contexts {
		providers = append(providers, c.provider)
		for _, k := range c.keys {
			ctx.Set("sts:RequestContext/"+k.name, k.values[0])
		}
	}
	if len(providers) > 0 {
		ctx.SetMulti("sts:RequestContextProviders", providers)
	}
}
