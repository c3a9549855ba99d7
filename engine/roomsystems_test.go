package engine_test

import (
	"fmt"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
)

// What the systems in front of STS are configured with is told within bounds,
// however often it is asked for.
func TestMuchOfASystemIsToldWithinBounds(t *testing.T) {
	const account, role = "123456789012", "arn:aws:iam::123456789012:role/r"
	numbered := func(n int, make func(i int) any) []any {
		list := repeated(n, nil)
		for i := range list {
			list[i] = make(i)
		}
		return list
	}
	login := object{"accounts.google.com": object{"mint": object{"issuer": "https://accounts.google.com", "claims": object{"aud": "app", "sub": "s", "c5999": "v"}}}}
	const pool = "us-east-1:00000000-1111-2222-3333-444455556666"
	anchor, profile := "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/a", "arn:aws:rolesanywhere:us-east-1:123456789012:profile/p"
	for says, document := range map[string]object{
		"thousands of rules of an identity pool": {
			"issuers": []any{object{"url": "https://accounts.google.com", "signing": []any{object{"kid": "g"}}}},
			"accounts": object{account: object{"IdentityPools": []any{object{
				"IdentityPoolId": pool, "SupportedLoginProviders": object{"accounts.google.com": "app"},
				"RoleMappings": object{"accounts.google.com": object{"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": object{"Rules": numbered(6000, func(i int) any {
					return object{"Claim": fmt.Sprint("c", i), "MatchType": "Contains", "Value": "v", "RoleARN": role}
				})}}},
			}}}},
			"calls": numbered(400, func(i int) any {
				if i == 0 {
					return object{"name": "id", "action": "cognito-identity:GetId", "params": object{"AccountId": account, "IdentityPoolId": pool, "Logins": login}}
				}
				return object{"action": "cognito-identity:GetCredentialsForIdentity", "params": object{"IdentityId": object{"from": "id"}, "Logins": login}}
			}),
		},
		"thousands of client IDs, to which thousands are added": {
			"accounts": object{account: object{
				"OpenIDConnectProviders": []any{object{"Url": "https://accounts.google.com", "ClientIDList": numbered(20_000, func(i int) any { return fmt.Sprint("client", i) })}},
				"Users":                  []any{object{"UserName": "alice", "Policies": []any{object{"PolicyName": "p", "PolicyDocument": manyTimes(1, object{"Effect": "Allow", "Action": "*", "Resource": "*"})}}}},
			}},
			"calls": repeated(2000, object{"action": "iam:AddClientIDToOpenIDConnectProvider", "caller": asker,
				"params": object{"OpenIDConnectProviderArn": "arn:aws:iam::123456789012:oidc-provider/accounts.google.com", "ClientID": "another"}}),
		},
		"thousands of providers of a pool, and a login of none": {
			"accounts": object{account: object{"IdentityPools": []any{object{
				"IdentityPoolId": pool, "CognitoIdentityProviders": numbered(8000, func(i int) any {
					return object{"ProviderName": fmt.Sprint("cognito-idp.us-east-1.amazonaws.com/us-east-1_", i)}
				}),
			}}}},
			"calls": repeated(2000, object{"action": "cognito-identity:GetId", "params": object{"AccountId": account, "IdentityPoolId": pool, "Logins": object{"example.com": "token"}}}),
		},
		"a mapping that is repeated, and a name of many parts": {
			"accounts": object{account: object{
				"TrustAnchors": []any{object{"trustAnchorArn": anchor, "authority": "CN=x"}},
				"RolesAnywhereProfiles": []any{object{"profileArn": profile, "roleArns": []any{role}, "attributeMappings": []any{
					object{"certificateField": "x509Subject", "mappingRules": repeated(8000, object{"specifier": "*"})},
				}}},
			}},
			"calls": repeated(200, object{"action": "rolesanywhere:CreateSession", "params": object{"trustAnchorArn": anchor, "profileArn": profile, "roleArn": role,
				"certificate": object{"mint": object{"authority": "CN=x", "subject": "OU=1,OU=2,OU=3,OU=4,OU=5,OU=6,OU=7,OU=8,OU=9,OU=10,OU=11,OU=12"}}}}),
		},
	} {
		document["now"] = "2026-04-28T10:30:00Z"
		s, findings := engine.Decode(text(document), scenario.LimitPage)
		if scenario.Unreadable(findings) {
			t.Fatalf("%s: got %+v", says, findings)
		}
		start := time.Now()
		report := engine.Run(s)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: got %v, want a moment", says, took)
		}
		if size := len(text(report)); size > 64<<20 {
			t.Errorf("%s: got a report of %d MiB, want at most 64", says, size>>20)
		}
		if last := report.Calls[len(report.Calls)-1]; last.Error == nil || len(last.Steps) == 0 {
			t.Errorf("%s: got %+v, want a refusal", says, last.Error)
		}
	}
}
