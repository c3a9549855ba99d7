package saml

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/source"
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

// With a hundred keys, all that are read of metadata, every one is tried.
func TestExpensiveResponsesAreBounded(t *testing.T) {
	var keys []Key
	for range 99 {
		keys = append(keys, key(rsaTwo)...)
	}
	keys = append(keys, key(rsaOne)...)
	for name, xml := range expensive() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, refusal := judge(xml, keys)
			took := time.Since(start)
			t.Logf("%d bytes: %v; %s", len(xml), took, source.Clip(describeRefusal(refusal)))
			if refusal != nil && refusal.Reason != BadSignature {
				t.Errorf("got %s want it to reach the keys", describeRefusal(refusal))
			}
			if took > 5*time.Second { // and 30 ms on a machine that does nothing else
				t.Errorf("got %v want less than five seconds", took)
			}
		})
	}
}
