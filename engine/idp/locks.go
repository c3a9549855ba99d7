package idp

// Lock is what stops an attack: the code of the step that refuses it, and
// what would happen without that step. The zero Lock is that of an attack
// that nothing has to stop.
type Lock struct {
	Rule    string
	Without string // a sentence
}

// TokenLock is what stops an attack on a token, by the attack's name.
func TokenLock(attack string) Lock { return tokenLocks[attack] }

// ResponseLock is what stops an attack on a SAML response.
func ResponseLock(attack string) Lock { return responseLocks[attack] }

const (
	anyone    = "Without this lock anyone could write the token that they like."
	ownKey    = "Without this lock whoever has a key of any kind could sign as the provider."
	twoWays   = "Without this lock one reader would check what another doesn't read."
	spellings = "Without this lock one token would have several spellings, and a list of used ones would miss it."
)

var tokenLocks = map[string]Lock{
	"alg-none":                {"oidc/algorithm", anyone},
	"alg-none-mixed-case":     {"oidc/algorithm", anyone},
	"alg-none-with-signature": {"oidc/algorithm", anyone},
	"hs256-public-key":        {"oidc/algorithm", "Without this lock the public key, which everybody has, would be the secret that signs."},
	"ps256":                   {"oidc/algorithm", "Without this lock nothing bad would happen, for the signature is good; AWS documents six algorithms and takes no other."},
	"tampered-payload":        {"oidc/signature", anyone},
	"tampered-signature":      {"oidc/signature", anyone},
	"empty-signature":         {"oidc/signature", anyone},
	"wrong-key":               {"oidc/signature", ownKey},
	"embedded-jwk":            {"oidc/signature", ownKey},
	"jku":                     {"oidc/signature", ownKey},
	"x5u":                     {"oidc/signature", ownKey},
	"kid-injection":           {"oidc/keys", "Without this lock a file with known content, such as an empty one, would be the key."},
	"crit-unknown":            {"oidc/algorithm", "Without this lock a condition that the issuer calls critical would be passed over."},
	"duplicate-alg":           {"oidc/token", twoWays},
	"duplicate-sub":           {"oidc/token", twoWays},
	"padded-base64":           {"oidc/token", spellings},
	"newline-in-signature":    {"oidc/token", spellings},
	"ec-der-signature":        {"oidc/signature", spellings},
	"bearer-prefix":           {"oidc/token", "Without this lock nothing bad would happen; it is a slip, and AWS takes the token alone."},
	"expired":                 {"oidc/expiry", "Without this lock a stolen token would open the role for ever."},
	"not-yet-valid":           {"oidc/expiry", "Without this lock a token that was made for later would open the role now."},
	"other-audience":          {"oidc/audience", "Without this lock every system that a person signs in to could use their token at AWS."},
}

const (
	evilGetsIn = "Without this lock AWS would let in " + evilName + " with the role that the forgery names."
	readsOther = "Without this lock the signed assertion would be checked, and the forged one of " + evilName + " be read."
	everyone   = "Without this lock everyone could write the response that they like."
	elsewhere  = "Without this lock whoever receives a response for another system could sign in to AWS with it."
	forEver    = "Without this lock a stolen response would open the role for ever."
	unsaid     = "Without this lock nothing would say for which system the response was made."
)

var responseLocks = map[string]Lock{
	"xsw1":                             {"saml/response", readsOther},
	"xsw2":                             {"saml/response", readsOther},
	"xsw3":                             {"saml/response", readsOther},
	"xsw4":                             {"saml/response", readsOther},
	"xsw5":                             {"saml/response", readsOther},
	"xsw6":                             {"saml/response", readsOther},
	"xsw7":                             {"saml/response", readsOther},
	"xsw8":                             {"saml/response", readsOther},
	"second-assertion":                 {"saml/response", readsOther},
	"duplicate-id":                     {"saml/response", readsOther},
	"signature-in-wrong-place":         {"saml/signature", "Without this lock a signature over one element would be taken for one over another."},
	"unsigned":                         {"saml/signature", everyone},
	"stripped":                         {"saml/signature", everyone},
	"tampered-name-id":                 {"saml/signature", evilGetsIn},
	"tampered-role":                    {"saml/signature", "Without this lock everyone could choose the role that they like."},
	"comment-in-name-id":               {"", "The whole text is read, past the comment, so the person is who they are; a reader that stops at the comment would let them in as somebody else."},
	"pi-in-name-id":                    {"saml/response", "Without this lock a reader that stops at the instruction would let the person in as somebody else."},
	"foreign-key":                      {"saml/signature", "Without this lock the certificate that a response brings along would vouch for the response."},
	"foreign-key-with-our-certificate": {"saml/signature", "Without this lock it would be enough to know the identity provider's certificate, which is public."},
	"hmac-with-certificate":            {"saml/signature", "Without this lock the certificate, which everybody has, would be the secret that signs."},
	"digest-comment":                   {"saml/signature", evilGetsIn},
	"two-signed-infos":                 {"saml/signature", evilGetsIn},
	"xslt-transform":                   {"saml/signature", evilGetsIn},
	"md5":                              {"saml/signature", "Without this lock a second document with the same digest, which takes seconds to make, would be as good as the first."},
	"sha1":                             {"", "It is accepted with a warning; collisions of SHA-1 take great effort, and less each year."},
	"expired":                          {"saml/expiry", forEver},
	"not-yet-valid":                    {"saml/expiry", "Without this lock a response that was made for later would open the role now."},
	"redeemed-late":                    {"saml/expiry", forEver},
	"session-expired":                  {"saml/expiry", "Without this lock somebody who was signed out at the identity provider would stay signed in at AWS."},
	"wrong-recipient":                  {"saml/recipient", elsewhere},
	"missing-recipient":                {"saml/confirmation", unsaid},
	"wrong-audience":                   {"saml/audience", elsewhere},
	"missing-audience":                 {"saml/audience", unsaid},
	"wrong-issuer":                     {"saml/issuer", "Without this lock one identity provider of several under the same key could speak for another."},
	"no-name-id":                       {"saml/name-id", "Without this lock nobody could say later who it was."},
	"no-confirmation":                  {"saml/confirmation", unsaid},
	"two-confirmations":                {"saml/confirmation", elsewhere},
	"holder-of-key":                    {"saml/confirmation", "Without this lock a response that is good for the holder of a key alone would be good for everyone."},
	"status-failure":                   {"saml/status", "Without this lock a sign-in that the identity provider refused would succeed at AWS."},
	"doctype":                          {"saml/response", "Without this lock a document could redefine its own text after it was signed."},
	"entity-bomb":                      {"saml/response", "Without this lock a few hundred bytes would bring the reader down before any signature is looked at."},
	"encrypted-for-someone-else":       {"saml/encryption", "Nothing could be read without the key, so nobody would be let in."},
}
