package idp

import "stsplayground/engine/trace"

// What is said about a description of a token or a response. Citations are to
// the documents that define the member in question; profile, attack and
// relative times are the playground's own words.
var (
	profileKnown = trace.Rule{Code: "idp/profile", Title: "The profile is one that the playground can mint"}
	attackKnown  = trace.Rule{Code: "idp/attack", Title: "The attack is one that the playground can stage"}
	attackFits   = trace.Rule{Code: "idp/attack-key", Title: "The attack can be staged with the issuer's key", Cite: trace.RFC("7518", "3.1")}
	kidKnown     = trace.Rule{Code: "idp/kid", Title: "The key id names one of the issuer's playground keys", Cite: trace.RFC("7515", "4.1.4")}
	objectGiven  = trace.Rule{Code: "idp/object", Title: "Header and claims of a minted token are JSON objects", Cite: trace.RFC("7519", "4")}
	timeReadable = trace.Rule{Code: "idp/time", Title: "Times in a minted token are readable", Cite: trace.RFC("7519", "2")}

	attackSuits     = trace.Rule{Code: "idp/attack-response", Title: "The attack can be staged on a response that is protected in this way"}
	signKnown       = trace.Rule{Code: "idp/sign", Title: "What is to be signed is the assertion, the response, both or none", Cite: core("5")}
	encryptKnown    = trace.Rule{Code: "idp/encrypt", Title: "The cipher is one that IAM decrypts", Cite: cite("XML Encryption 1.1 §5.2", "https://www.w3.org/TR/xmlenc-core1/#sec-Alg-Block")}
	encryptKey      = trace.Rule{Code: "idp/encrypt-key", Title: "An assertion is encrypted to a key that the SAML provider has", Cite: cite("IAM User Guide: Create a SAML identity provider in IAM", "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html")}
	attributesGiven = trace.Rule{Code: "idp/attributes", Title: "The attributes of a response are an object of texts and lists of texts", Cite: core("2.7.3.1")}
	timesGiven      = trace.Rule{Code: "idp/times", Title: "The times of a response are an object"}
	timesKnown      = trace.Rule{Code: "idp/time-name", Title: "Each time that is described is one that a response has", Cite: core("2.5.1.2")}
	instantReadable = trace.Rule{Code: "idp/instant", Title: "Times in a response are readable", Cite: core("1.3.3")}
)

// core cites a section of SAML 2.0 Core.
func core(section string) trace.Cite {
	return cite("SAML 2.0 Core §"+section, "https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf")
}

func cite(title, url string) trace.Cite { return trace.Cite{Title: title, URL: url} }

// Rules are the rules of this package's findings.
func Rules() []trace.Rule {
	return []trace.Rule{profileKnown, attackKnown, attackFits, kidKnown, objectGiven, timeReadable,
		attackSuits, signKnown, encryptKnown, encryptKey, attributesGiven, timesGiven, timesKnown, instantReadable}
}
