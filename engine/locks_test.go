package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// Every attack that a mint can name is caught by the lock that idp says: that
// is the first step to fail. What nothing has to stop succeeds.
func TestEveryAttackIsCaughtByItsLock(t *testing.T) {
	for _, attack := range idp.ResponseAttacks() {
		lock := idp.ResponseLock(attack.Name)
		call := staged(t, "sts:AssumeRoleWithSAML", map[string]any{
			"RoleArn": samlRole, "PrincipalArn": samlIdP,
			"SAMLAssertion": map[string]any{"mint": map[string]any{"issuer": samlEntity, "attack": attack.Name}},
		})
		checkLock(t, "response", attack, lock, call)
	}
	for _, attack := range idp.Attacks() {
		alg := "RS256"
		if attack.Name == "ec-der-signature" {
			alg = "ES256"
		}
		lock := idp.TokenLock(attack.Name)
		call := staged(t, "sts:AssumeRoleWithWebIdentity", map[string]any{
			"RoleArn": samlRole, "RoleSessionName": "test",
			"WebIdentityToken": map[string]any{"mint": map[string]any{"issuer": hostileIssuer, "header": map[string]any{"kid": alg}, "claims": map[string]any{"aud": "aws-access-client"}, "attack": attack.Name}},
		})
		checkLock(t, "token", attack, lock, call)
	}
}

// A forged identity is shown as part of the document that was sent, and never
// as what was proven: it is in no step, no error, no response, no session, no
// record and no advice, and no frame of a good signature is around it.
func TestAForgedIdentityIsInNoResult(t *testing.T) {
	forgeries := 0
	for _, attack := range idp.ResponseAttacks() {
		call := staged(t, "sts:AssumeRoleWithSAML", map[string]any{
			"RoleArn": samlRole, "PrincipalArn": samlIdP,
			"SAMLAssertion": map[string]any{"mint": map[string]any{"issuer": samlEntity, "attack": attack.Name}},
		})
		if forged(call.SAML.Minted) {
			forgeries++
		}
		if e := signedForgery(call.SAML.Root, false); e != nil {
			t.Errorf("%s: %s at %d:%d is framed as signed and forged", attack.Name, e.Name, e.Line, e.Column)
		}
		call.SAML.Minted, call.SAML.Root = "", nil
		for i := range call.SAML.Signatures {
			if s := &call.SAML.Signatures[i]; !s.Good {
				s.Canonical = ""
			}
		}
		text, err := json.Marshal(call)
		if err != nil {
			t.Fatal(err)
		}
		if forged(string(text)) {
			t.Errorf("%s: the forged identity is in %s", attack.Name, text)
		}
	}
	if forgeries < 14 {
		t.Errorf("got %d forged identities, want those of wrapping and tampering", forgeries)
	}
}

// forged tells whether a text names the person or the role of the attacks.
func forged(text string) bool {
	return strings.Contains(text, "evil@attacker.test") || strings.Contains(text, "role/Admin")
}

// signedForgery is the first element that is framed as signed, or inside such
// a frame, and holds a forged text; nil for none.
func signedForgery(e *sts.ElementView, signed bool) *sts.ElementView {
	if e == nil {
		return nil
	}
	signed = signed || e.Signed != "" && !e.Broken
	if signed && forged(e.Text) {
		return e
	}
	for _, child := range e.Children {
		if found := signedForgery(child, signed); found != nil {
			return found
		}
	}
	return nil
}

func checkLock(t *testing.T, kind string, attack idp.Attack, lock idp.Lock, call engine.CallReport) {
	t.Helper()
	if attack.Name != "none" && lock.Without == "" {
		t.Errorf("%s: %s: got no word about what would happen without its lock", kind, attack.Name)
	}
	if got := failure(&call); got != lock.Rule {
		t.Errorf("%s: %s: got %q failed first, want %q (%s)", kind, attack.Name, got, lock.Rule, call.Verdict)
	}
}

// staged plays a call in a world where only the attack is wrong.
func staged(t *testing.T, action string, params map[string]any) engine.CallReport {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"now": clock.Format(time.RFC3339),
		"issuers": []any{
			map[string]any{"entityId": samlEntity, "signing": []any{map[string]any{"alg": "RS256"}}},
			map[string]any{"url": hostileIssuer, "signing": []any{map[string]any{"kid": "RS256", "alg": "RS256"}, map[string]any{"kid": "ES256", "alg": "ES256"}}},
		},
		"accounts": map[string]any{"123456789012": map[string]any{
			"OpenIDConnectProviders": []any{map[string]any{"Url": hostileIssuer, "ClientIDList": []string{"aws-access-client"}}},
			"SAMLProviders":          []any{map[string]any{"Name": "IdP", "metadataOf": samlEntity}},
			"Roles": []any{
				map[string]any{"RoleName": "app", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":[
					{"Effect":"Allow","Principal":{"Federated":"` + samlIdP + `"},"Action":"sts:AssumeRoleWithSAML"},
					{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`},
			},
		}},
		"calls": []any{map[string]any{"name": "call", "action": action, "params": params}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, findings := engine.Decode(string(text), scenario.LimitCheck)
	if scenario.Unreadable(findings) {
		t.Fatalf("got %+v", findings)
	}
	return engine.Run(s).Calls[0]
}
