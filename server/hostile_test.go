package main

import (
	"encoding/json"

	"stsplayground/examples"
)

// hostileWords end whatever they stand in, if they are let.
const hostileWords = "</script></title></textarea>\"'><img src=x onerror=hacked()><svg onload=hacked()><script>hacked()</script>{{hacked}}${hacked}]]>-->\"onmouseover=\"hacked()\u2028\u2029\r\n# x: y\n--- *a &b !c"

// hostile is an example with hostile words in each of its strings that may be
// any.
func hostile() string {
	var chosen any
	for _, e := range examples.All() {
		if e.Slug == "session-tags-come-as-principal-tags" {
			if err := json.Unmarshal([]byte(e.JSON), &chosen); err != nil {
				panic(err)
			}
		}
	}
	root := chosen.(map[string]any)
	root["title"], root["summary"] = hostileWords, hostileWords+" [a](javascript:hacked())"
	root["lesson"] = map[string]any{"course": hostileWords, "task": hostileWords, "hints": []any{hostileWords}}
	accounts := root["accounts"].(map[string]any)
	for _, account := range accounts {
		a := account.(map[string]any)
		a["Users"] = append(list(a["Users"]), map[string]any{"UserName": hostileWords, "Path": hostileWords, "Tags": []any{map[string]any{"Key": hostileWords, "Value": hostileWords}}})
		a["Groups"] = append(list(a["Groups"]), map[string]any{"GroupName": hostileWords})
		a["Policies"] = append(list(a["Policies"]), map[string]any{"PolicyName": hostileWords, "PolicyDocument": hostileWords})
		a["Resources"] = append(list(a["Resources"]), map[string]any{"Arn": hostileWords, "Policy": map[string]any{hostileWords: hostileWords}})
		a["SAMLProviders"] = append(list(a["SAMLProviders"]), map[string]any{"Name": hostileWords, "SAMLMetadataDocument": hostileWords})
		a["OpenIDConnectProviders"] = append(list(a["OpenIDConnectProviders"]), map[string]any{"Url": "https://idp.example.com/" + hostileWords, "ClientIDList": []any{hostileWords}, "ThumbprintList": []any{hostileWords}})
		for _, role := range list(a["Roles"]) {
			r := role.(map[string]any)
			r["Tags"] = []any{map[string]any{"Key": hostileWords, "Value": hostileWords}}
			r["Policies"] = append(list(r["Policies"]), map[string]any{"PolicyName": hostileWords, "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
				"Sid": hostileWords, "Effect": "Allow", "Action": hostileWords, "Resource": hostileWords, "Condition": map[string]any{hostileWords: map[string]any{hostileWords: hostileWords}, "StringLike": map[string]any{hostileWords: []any{hostileWords}}},
			}}}})
		}
	}
	root["issuers"] = append(list(root["issuers"]), map[string]any{"url": "https://other.example.com", "jwks": hostileWords}, map[string]any{"entityId": hostileWords})
	for i, call := range list(root["calls"]) {
		c := call.(map[string]any)
		if i == 0 {
			c["context"] = map[string]any{hostileWords: hostileWords}
		}
	}
	root["calls"] = append(list(root["calls"]),
		map[string]any{"name": hostileWords, "action": "sts:AssumeRoleWithWebIdentity", "region": hostileWords, "caller": "arn:aws:iam::123456789012:user/" + hostileWords, "params": map[string]any{"RoleArn": hostileWords, "RoleSessionName": hostileWords, "WebIdentityToken": hostileWords}},
		map[string]any{"name": hostileWords + "2", "action": "s3:" + hostileWords, "resource": hostileWords, "params": map[string]any{hostileWords: hostileWords}},
		map[string]any{"name": hostileWords + "3", "action": "sts:AssumeRoleWithSAML", "params": map[string]any{"RoleArn": hostileWords, "PrincipalArn": hostileWords, "SAMLAssertion": hostileWords}},
		map[string]any{"name": hostileWords + "4", "action": "sts:AssumeRoleWithWebIdentity", "params": map[string]any{"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "x", "WebIdentityToken": map[string]any{"unsigned": map[string]any{
			"header": map[string]any{"alg": hostileWords, "kid": hostileWords, hostileWords: hostileWords}, "claims": map[string]any{"iss": hostileWords, "sub": hostileWords, "aud": hostileWords, hostileWords: hostileWords}}}}},
	)
	text, err := json.Marshal(root)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func list(value any) []any {
	all, _ := value.([]any)
	return all
}
