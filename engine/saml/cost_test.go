package saml

import (
	"fmt"
	"strings"
	"testing"
)

// expensive are responses that the gate lets through, and that cost the most
// it can find.
func expensive() map[string]string {
	spaces := func(of string) string {
		var b strings.Builder
		for i := range 26 {
			fmt.Fprintf(&b, ` xmlns:%s%d="urn:%d"`, of, i, i)
		}
		return b.String()
	}
	declared := func(xml string) string {
		return edit(xml, "<samlp:Response ", "<samlp:Response"+spaces("r")+" ", "<saml:Assertion ", "<saml:Assertion"+spaces("a")+" ")
	}
	in := func(inner string) string {
		return edit(base, "</saml:AttributeStatement>", inner+"</saml:AttributeStatement>")
	}
	signature, _ := signatureIn(sign(base, signing{id: "_a1"}))
	behind := func(xml string) string { return edit(xml, "<saml:Subject>", signature+"<saml:Subject>") }
	last := func(xml string) string { return edit(xml, "</saml:Assertion>", signature+"</saml:Assertion>") }
	wide := strings.Repeat("<x/>", 900)
	deep := strings.Repeat("<x>", 50) + strings.Repeat("</x>", 50)
	many := declared(in(wide))
	return map[string]string{
		"many namespaces and elements":     behind(many),
		"the same, the signature last":     last(many),
		"many namespaces, deep elements":   behind(declared(in(strings.Repeat(deep, 8)))),
		"comments":                         behind(in(strings.Repeat("<!---->", 2800))),
		"comments in a signed response":    sign(in(strings.Repeat("<!---->", 2800)), signing{id: "_r1"}),
		"attributes":                       behind(in(strings.Repeat("<x"+attributesOf(60)+"/>", 120))),
		"the longest text":                 behind(in("<x>" + strings.Repeat("a", 60000) + "</x>")),
		"inclusive canonicalization":       sign(declared(in(wide)), signing{id: "_a1", c14n: c14n10, infoC14n: c14n11}),
		"IDs":                              behind(in(numberedIDs(900))),
		"an ID of twenty thousand letters": sign(edit(base, "_a1", "_"+strings.Repeat("a", 20000)), signing{id: "_" + strings.Repeat("a", 20000)}),
	}
}

func attributesOf(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}

func numberedIDs(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, `<x ID="i%d"/>`, i)
	}
	return b.String()
}

// hundredKeys are all that are read of metadata; the last one is the good one.
func hundredKeys() (keys []Key) {
	for range 99 {
		keys = append(keys, key(rsaTwo)...)
	}
	return append(keys, key(rsaOne)...)
}

// What is called expensive reaches the keys, and every one is tried. How long
// that takes is TestRatios's to say.
func TestExpensiveResponsesReachTheKeys(t *testing.T) {
	keys := hundredKeys()
	for name, xml := range expensive() {
		if _, refusal := judge(xml, keys); refusal != nil && refusal.Reason != BadSignature {
			t.Errorf("%s: got %s want it to reach the keys", name, describeRefusal(refusal))
		}
	}
}
