package report

import (
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
)

// Words that find no room on a phone would be cut; and a lane that is none
// would draw at nowhere.
func TestSequencesAreSound(t *testing.T) {
	longest := map[string]string{ // the longest name of an operation that is drawn so
		"sts:AssumeRoleWithWebIdentity": "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML": "sts:AssumeRoleWithSAML",
		"sts": "sts:DecodeAuthorizationMessage", "service/": "sts:AssumeRole", "sso:GetRoleCredentials": "sso:GetRoleCredentials",
		"rolesanywhere": "rolesanywhere:CreateSession", "cognito-identity": "cognito-identity:GetOpenIdTokenForDeveloperIdentity", "cognito-identity:GetCredentialsForIdentity": "cognito-identity:GetCredentialsForIdentity",
		"eks-auth": "eks-auth:AssumeRoleForPodIdentity", "iam": "iam:SetSecurityTokenServicePreferences", "iam:CreateOpenIDConnectProvider": "iam:CreateOpenIDConnectProvider",
	}
	all := map[string]sequence{"asked": asked}
	for _, s := range sequences {
		all[s.of] = s
	}
	for name, s := range all {
		for _, m := range s.messages {
			if !slices.Contains(s.lanes, m.from) || !slices.Contains(s.lanes, m.to) {
				t.Errorf("%s: %q goes from %s to %s, and one of them is no lane", name, m.text, m.from, m.to)
			}
			text := m.words(engine.CallReport{Action: longest[name]})
			if row := s.row(m, text, lit); strings.HasSuffix(row.Text, "…") {
				t.Errorf("%s: %q finds no room", name, text)
			}
			if m.later && m.rules != "" {
				t.Errorf("%s: %q is no part of the call, and has rules", name, m.text)
			}
		}
		if answer := s.messages[s.answer()]; answer.to != s.messages[s.first()].from || s.answer() <= s.first() {
			t.Errorf("%s: the call begins with %q and is answered with %q", name, s.messages[s.first()].text, answer.text)
		}
	}
}
