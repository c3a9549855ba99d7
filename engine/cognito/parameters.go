package cognito

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/scenario"
)

const (
	maxLogins      = 10
	maxLoginToken  = 50000 // characters
	maxID          = 55
	idPattern      = `[\w-]+:[0-9a-f-]+`
	maxTokenLasts  = 86400 // seconds
	tokenLasts     = 600
	developerLasts = 900
)

// checkParameters holds the request against the API's model. The texts follow
// that of a published answer for identityPoolId.
func (w *walk) checkParameters(p *scenario.CognitoParams) {
	var broken []string
	say := func(value, name, constraint string) {
		broken = append(broken, value+" at '"+name+"' failed to satisfy constraint: Member must "+constraint)
	}
	needsPool := w.operation == getID || w.operation == getDeveloperToken
	switch {
	case needsPool && p.IdentityPoolID == "":
		say("Value null", "identityPoolId", "not be null")
	case needsPool && !isID(p.IdentityPoolID):
		say("Value '"+p.IdentityPoolID+"'", "identityPoolId", "satisfy regular expression pattern: "+idPattern)
	}
	if id := p.IdentityID.Text; id != "" && !isID(id) {
		say("Value '"+id+"'", "identityId", "satisfy regular expression pattern: "+idPattern)
	}
	if len(p.Logins) > maxLogins {
		say("Value", "logins", "have length less than or equal to "+strconv.Itoa(maxLogins))
	}
	for _, name := range keys(p.Logins) {
		token := p.Logins[name]
		bound := "less than or equal to " + strconv.Itoa(maxLoginToken)
		switch n := utf8.RuneCountInString(token.Text); {
		case n == 0 && token.Mint == nil && token.Unsigned == nil && token.From == "":
			bound = "greater than or equal to 1"
		case n <= maxLoginToken:
			continue
		}
		say("Value", "logins", "satisfy constraint: [Member must have length "+bound+"]")
		break
	}
	if w.operation == getDeveloperToken && len(p.Logins) == 0 {
		say("Value null", "logins", "not be null")
	}
	if d := p.TokenDuration; d != nil && (*d < 1 || *d > maxTokenLasts) {
		bound := "greater than or equal to 1"
		if *d > 0 {
			bound = "less than or equal to " + strconv.Itoa(maxTokenLasts)
		}
		say("Value '"+strconv.FormatInt(*d, 10)+"'", "tokenDuration", "have value "+bound)
	}
	const expected = "each parameter as the API wants it"
	if len(broken) == 0 {
		w.Pass(&ruleParameters, expected, "they are", "")
		return
	}
	why := broken[0] + "."
	if strings.Contains(p.IdentityPoolID, "_") {
		why = "An identity pool's id is REGION:GUID; REGION_… is the id of a user pool."
	}
	w.Fail(&ruleParameters, validation(broken...), expected, p.IdentityPoolID, why)
}

// isID says whether an id has the form REGION:GUID, as the API's pattern has it.
func isID(id string) bool {
	region, rest, ok := strings.Cut(id, ":")
	return ok && region != "" && rest != "" && len(id) <= maxID && strings.Trim(rest, "0123456789abcdef-") == "" &&
		!strings.ContainsFunc(region, func(r rune) bool {
			return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		})
}
