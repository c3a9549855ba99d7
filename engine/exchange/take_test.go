package exchange

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

// emptyPage is the scenario that the page has when it is emptied.
const emptyPage = `{
	"accounts": {"123456789012": {"OpenIDConnectProviders": [], "Roles": [{"RoleName": "my-role"}]}},
	"calls": [{"name": "first call", "action": "sts:AssumeRoleWithWebIdentity", "params": {"RoleArn": "arn:aws:iam::123456789012:role/my-role", "RoleSessionName": "session"}}]
}`

// aPage is a scenario in which somebody else's things are: GitHub is
// registered, and a role trusts one repository.
const aPage = `{
	"now": "2026-04-28T10:30:00Z",
	"issuers": [{"url": "https://token.actions.githubusercontent.com", "signing": [{"kid": "demo", "alg": "RS256"}]}],
	"accounts": {"123456789012": {
		"OpenIDConnectProviders": [{"Url": "https://token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]}],
		"Roles": [{"RoleName": "deploy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
			"Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
			"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}}]}}]}},
	"calls": [{"name": "push", "action": "sts:AssumeRoleWithWebIdentity", "params": {"RoleArn": "arn:aws:iam::123456789012:role/deploy", "RoleSessionName": "ci",
		"WebIdentityToken": {"mint": {"issuer": "https://token.actions.githubusercontent.com", "profile": "github-actions"}}}}]
}`

const (
	roleInView = "/accounts/123456789012/Roles/0"
	clockTime  = "2026-04-28T10:31:00Z"
)

// linkTo is a link to a scenario.
func linkTo(text string) string {
	root, err := source.ParseJSON(text)
	if err != nil {
		panic(err)
	}
	link, problem := share.Encode(&root, share.View{})
	if problem != "" {
		panic(problem)
	}
	return link
}

// jwt is a token as an issuer makes one, with a signature that is none.
func jwt(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte(strings.Repeat("signature", 28)))
}

const (
	rs256        = `{"alg":"RS256","kid":"cc413527-173f-5a05-976e-9c52b1d7b431","typ":"JWT"}`
	gitHubClaims = `{"iss":"https://token.actions.githubusercontent.com","aud":"sts.amazonaws.com","sub":"repo:octo-org/octo-repo:ref:refs/heads/main","ref":"refs/heads/main","repository":"octo-org/octo-repo","iat":1777372200,"nbf":1777371900,"exp":1777372500}`
	gitLabClaims = `{"iss":"https://gitlab.com","aud":"https://gitlab.com","sub":"project_path:group/project:ref_type:branch:ref:main","iat":1777372200,"nbf":1777372195,"exp":1777375800}`
	eksClaims    = `{"iss":"https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE","aud":["sts.amazonaws.com"],"sub":"system:serviceaccount:default:web","iat":1777372200,"exp":1777458600,"kubernetes.io":{"namespace":"default"}}`
	keycloak     = `{"iss":"https://sso.example.com/realms/staff","aud":["account"],"azp":"aws","sub":"f3b1","iat":1777372200,"exp":1777375800}`
	googleClaims = `{"iss":"https://accounts.google.com","aud":"1234.apps.googleusercontent.com","azp":"5678.apps.googleusercontent.com","sub":"110169484474386276334","iat":1777372200,"exp":1777375800}`
	cognitoPool  = `{"iss":"https://cognito-identity.amazonaws.com","aud":"eu-west-1:0f1a2b3c-1111-2222-3333-444455556666","amr":["authenticated"],"sub":"eu-west-1:9a8b7c6d-1111-2222-3333-444455556666","iat":1777372200,"exp":1777372800}`
	entraV1      = `{"iss":"https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/","aud":"api://aws","sub":"AAAA","iat":1777372200,"nbf":1777372200,"exp":1777376100}`
	tagged       = `{"iss":"https://idp.example.com","aud":"aws-access-client","sub":"user-123","iat":1777372200,"exp":1777375800,"https://aws.amazon.com/tags":{"principal_tags":{"team":["web"]}}}`
	aTrust       = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"}}}]}`
	someKeys     = `{"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "cc413527-173f-5a05-976e-9c52b1d7b431", "n": "u1W_", "e": "AQAB"}, {"kty": "RSA", "kid": "other", "n": "u2W_", "e": "AQAB"}]}`
	aResponseXML = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example.com/saml</saml:Issuer><saml:Assertion><saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/Okta</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`
	someMeta     = `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1abc"><md:IDPSSODescriptor></md:IDPSSODescriptor></md:EntityDescriptor>`
	recordBad    = `{"eventVersion":"1.08","userIdentity":{"type":"WebIdentityUser","principalId":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:octo-org/octo-repo:pull_request","userName":"repo:octo-org/octo-repo:pull_request","identityProvider":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"eventTime":"2026-04-28T10:30:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","awsRegion":"us-east-1","errorCode":"AccessDenied","errorMessage":"An unknown error occurred","requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/ci/deploy","roleSessionName":"run-1","durationSeconds":900},"responseElements":null}`
	recordGood   = `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::123456789012:user/ops/alice","accountId":"123456789012","userName":"alice"},"eventTime":"2026-04-28T10:30:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"eu-west-1","requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/my-role","roleSessionName":"alice","tags":[{"key":"team","value":"web"}]},"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE"}}}`
	anAnswer     = `{"Credentials": {"AccessKeyId": "ASIARZPUZDIKAAAAAAAA", "SecretAccessKey": "realsecret", "SessionToken": "IQoJb3JpZ2luX2VjrealToken", "Expiration": "2026-04-28T11:30:00+00:00"}, "SubjectFromWebIdentityToken": "repo:octo-org/octo-repo:ref:refs/heads/main", "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLE:ci", "Arn": "arn:aws:sts::123456789012:assumed-role/deploy/ci"}, "Provider": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", "Audience": "sts.amazonaws.com"}`
	anErrorLine  = "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity"
	scenarioYAML = "title: mine\naccounts:\n  \"123456789012\":\n    Roles: [{RoleName: r}]\ncalls:\n- {name: who, action: sts:GetCallerIdentity, caller: arn:aws:iam::123456789012:root}\n"
	aWorkflowYML = "name: deploy\non: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: aws-actions/configure-aws-credentials@v4\n      with:\n        role-to-assume: arn:aws:iam::123456789012:role/ship\n        aws-region: eu-west-1\n"
	discoveryDoc = `{"issuer": "https://sso.example.com/realms/staff", "authorization_endpoint": "https://sso.example.com/realms/staff/protocol/openid-connect/auth", "jwks_uri": "https://sso.example.com/realms/staff/protocol/openid-connect/certs"}`
)

// wrapped is a text in lines of 64 characters.
func wrapped(text string) string {
	var b strings.Builder
	for len(text) > 64 {
		b.WriteString(text[:64] + "\n")
		text = text[64:]
	}
	return b.String() + text + "\n"
}

// outcomes of the call in view, as the engine plays it afterwards.
const (
	accepted = "success"
	trusted  = "assumed" // accepted, if the signature is good
	refused  = "failure"
	unplayed = "" // not looked at
)

func TestTake(t *testing.T) {
	gitHub, gitLab, eks := jwt(rs256, gitHubClaims), jwt(rs256, gitLabClaims), jwt(rs256, eksClaims)
	b64 := base64.StdEncoding.EncodeToString
	for _, test := range []struct {
		name, page, text string
		what             string // the sentence begins so, after "This is " or "These are "
		outcome          string
		has              string // stands in the scenario afterwards
		note             string // stands in a note, or a command
	}{
		// Tokens, in whatever they come.
		{"a token of GitHub", emptyPage, gitHub, "an OIDC token of GitHub Actions for repo:octo-org/octo-repo", trusted, `"token.actions.githubusercontent.com:sub":"repo:octo-org/octo-repo:ref:refs/heads/main"`, "key cc413527-173f-5a05-976e-9c52b1d7b431 (RS256)"},
		{"a token says where its keys are", emptyPage, gitHub, "an OIDC token", trusted, "", `curl -s "$(curl -s https://token.actions.githubusercontent.com/.well-known/openid-configuration | jq -r .jwks_uri)"`},
		{"a token of GitLab", emptyPage, gitLab, "an OIDC token of GitLab", trusted, `"ClientIDList":["https://gitlab.com"]`, "proposed: an OIDC provider"},
		{"a token of EKS, whose aud is a list", emptyPage, eks, "an OIDC token of an Amazon EKS cluster", trusted, `EXAMPLED539D4633E53DE1B71EXAMPLE:aud":"sts.amazonaws.com"`, ""},
		{"a token with azp, which AWS compares", emptyPage, jwt(rs256, keycloak), "an OIDC token of Keycloak", trusted, `"sso.example.com/realms/staff:aud":"aws"`, "with the client ID aws, account"},
		{"a token of Google, which needs no provider", emptyPage, jwt(rs256, googleClaims), "an OIDC token of Google", trusted, `"Federated":"accounts.google.com"`, ""},
		{"a token of an identity pool", emptyPage, jwt(rs256, cognitoPool), "an OIDC token of Amazon Cognito", trusted, `"Federated":"cognito-identity.amazonaws.com"`, ""},
		{"a token of Entra ID with a slash at the end", emptyPage, jwt(rs256, entraV1), "an OIDC token of Microsoft Entra ID", trusted, `47/:sub":"AAAA"`, ""},
		{"a token with session tags, which need a permission", emptyPage, jwt(rs256, tagged), "an OIDC token of https://idp.example.com", trusted, `"sts:TagSession"`, ""},
		{"a token of an issuer without https", emptyPage, jwt(rs256, strings.Replace(tagged, "https://idp", "http://idp", 1)), "an OIDC token", refused, "", "begins with https://"},
		{"a token with a line break at the end", emptyPage, gitHub + "\r\n", "an OIDC token", trusted, "", ""},
		{"a token in lines", emptyPage, wrapped(gitHub), "an OIDC token", trusted, gitHub, ""},
		{"a token in lines that a shell goes on with", emptyPage, strings.ReplaceAll(strings.TrimSpace(wrapped(gitHub)), "\n", "\\\n"), "an OIDC token", trusted, gitHub, ""},
		{"a token in the lines of a mail that was answered", emptyPage, "> " + strings.ReplaceAll(strings.TrimSpace(wrapped(gitHub)), "\n", "\n> "), "an OIDC token", trusted, gitHub, ""},
		{"a token with what a chat puts in unseen", emptyPage, gitHub[:90] + "\u200b" + gitHub[90:], "an OIDC token", trusted, gitHub, ""},
		{"the address that a browser was sent back to", emptyPage, "https://app.example.com/callback#state=x&id_token=" + gitHub + "&expires_in=3600", "an OIDC token", trusted, gitHub, ""},
		{"a token in lines, after other words and before more", emptyPage, "The token:\n" + wrapped(gitHub) + "That was it.", "an OIDC token", trusted, gitHub, ""},
		{"a token and a word in the line below", emptyPage, "The token:\n" + gitHub + "\ndone\n", "an OIDC token", trusted, gitHub + `"`, ""},
		{"a token at the end of a sentence", emptyPage, "We were given " + gitHub + ".", "an OIDC token", trusted, gitHub + `"`, ""},
		{"a token in quotation marks", emptyPage, `"` + gitHub + `"`, "an OIDC token", trusted, gitHub, ""},
		{"a token in base64 once more", emptyPage, b64([]byte(gitHub)), "an OIDC token of GitHub", trusted, gitHub + `"`, "it stood in base64 once more"},
		{"a token in base64url, in lines and with a line break in it", emptyPage, wrapped(base64.RawURLEncoding.EncodeToString([]byte(gitHub + "\n"))), "an OIDC token of GitHub", trusted, gitHub + `"`, "it stood in base64 once more"},
		{"a secret of Kubernetes", emptyPage, `{"kind": "Secret", "data": {"token": "` + b64([]byte(gitHub)) + `"}}`, "an OIDC token of GitHub", trusted, gitHub + `"`, "it stood in base64 once more"},
		{"a secret of Kubernetes as YAML", emptyPage, "apiVersion: v1\nkind: Secret\ndata:\n  token: " + b64([]byte(gitHub)) + "\n", "an OIDC token of GitHub", trusted, gitHub + `"`, "it stood in base64 once more"},
		{"a token in base64 among other words", emptyPage, "This is what the job printed: " + b64([]byte(gitHub)) + " and no more.", "an OIDC token of GitHub", trusted, gitHub + `"`, "it stood in base64 once more"},
		{"a token with Bearer", emptyPage, "Bearer " + gitHub, "an OIDC token", trusted, gitHub, ""},
		{"a header of a request", emptyPage, "Authorization: Bearer " + gitHub, "an OIDC token", trusted, gitHub, ""},
		{"a curl line", emptyPage, "curl -H 'Authorization: Bearer " + gitHub + "' https://sts.amazonaws.com/", "an OIDC token", trusted, gitHub, ""},
		{"a request to STS", emptyPage, "https://sts.amazonaws.com/?Action=AssumeRoleWithWebIdentity&WebIdentityToken=" + gitHub + "&Version=2011-06-15", "an OIDC token", trusted, gitHub + `"`, ""},
		{"an environment variable", emptyPage, "export AWS_WEB_IDENTITY_TOKEN=" + gitHub, "an OIDC token", trusted, gitHub, ""},
		{"what GitHub's token endpoint answers", emptyPage, `{"count":1234,"value":"` + gitHub + `"}`, "an OIDC token", trusted, gitHub, ""},
		{"what a token endpoint answers has the ID token", emptyPage, `{"access_token":"` + gitLab + `","token_type":"Bearer","expires_in":300,"id_token":"` + gitHub + `"}`, "an OIDC token of GitHub", trusted, gitHub, ""},
		{"what kubectl prints for a token request", emptyPage, `{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","status":{"token":"` + eks + `","expirationTimestamp":"2026-04-28T11:30:00Z"}}`, "an OIDC token of an Amazon EKS", trusted, eks, ""},
		{"a token without its signature", emptyPage, gitHub[:strings.LastIndexByte(gitHub, '.')], "an OIDC token", unplayed, "", "signature, is missing"},
		{"a token where the issuer is known goes in alone", aPage, strings.Replace(gitHub, ".", ".", 1), "an OIDC token", refused, gitHub, "playground's own keys for its issuer"},
		{"a token of an issuer that is not known gets a role beside the one there", aPage, gitLab, "an OIDC token of GitLab", trusted, `"RoleName":"gitlab-ci"`, "role deploy doesn't trust it, and stays as it is"},

		// Several things at once.
		{"a token, its key set and a policy", emptyPage, gitHub + "\n\n" + someKeys + "\n\n" + aTrust, "3 things: a trust policy; an OIDC token", refused, `"jwks":"{`, "they are the keys of https://token.actions.githubusercontent.com"},
		{"a role and a token", emptyPage, `{"Role": {"RoleName": "deploy", "Arn": "arn:aws:iam::123456789012:role/deploy", "AssumeRolePolicyDocument": ` + aTrust + `}}` + "\n" + gitHub, "2 things: the output of aws iam get-role: role deploy of account 123456789012, and an OIDC token", trusted, "", "the call asks for arn:aws:iam::123456789012:role/deploy"},
		{"the log of a job with a token and an error", emptyPage, "2026-04-28T10:30:00.1234567Z ##[group]Run aws-actions/configure-aws-credentials@v4\n2026-04-28T10:30:00.2Z with:\n2026-04-28T10:30:00.2Z   role-to-assume: arn:aws:iam::123456789012:role/deploy\n2026-04-28T10:30:00.2Z   audience: sts.amazonaws.com\n2026-04-28T10:30:00.2Z ##[endgroup]\n2026-04-28T10:30:01.1Z token: " + gitHub + "\n2026-04-28T10:30:01.5Z ##[error]Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n", "3 things: the configuration of a call; an OIDC token of GitHub Actions", trusted, `"RoleArn":"arn:aws:iam::123456789012:role/deploy"`, ""},
		{"a file of variables", emptyPage, "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/deploy\nAWS_ROLE_SESSION_NAME=ci\nAWS_WEB_IDENTITY_TOKEN=" + gitHub + "\n", "2 things: the configuration of a call, and an OIDC token", trusted, `"RoleSessionName":"ci"`, ""},

		// Claims.
		{"the claims that the OIDC debugger prints", emptyPage, gitHubClaims, "what an OIDC token of GitHub Actions", trusted, `"unsigned":{"claims"`, "taken on trust"},
		{"claims behind words", emptyPage, "OIDC Token Claims:\n" + strings.ReplaceAll(gitHubClaims, ",", ",\n  ") + "\nDone.", "what an OIDC token of GitHub Actions", trusted, `"unsigned"`, ""},
		{"a header and claims, as jq prints them", emptyPage, rs256 + "\n" + gitLabClaims, "what an OIDC token of GitLab", trusted, `"kid":"cc413527`, ""},
		{"a list of a header and claims", emptyPage, "[" + rs256 + "," + gitLabClaims + "]", "what an OIDC token of GitLab", trusted, `"kid":"cc413527`, ""},
		{"a decoded token with a payload", emptyPage, `{"header":` + rs256 + `,"payload":` + eksClaims + `,"signature":"x"}`, "what an OIDC token of an Amazon EKS cluster", trusted, `"unsigned"`, ""},
		{"claims as Python prints them", emptyPage, strings.ReplaceAll(gitHubClaims, `"`, `'`), "what an OIDC token of GitHub Actions", trusted, "", ""},
		{"claims without their times are minted", emptyPage, `{"iss": "https://gitlab.com", "sub": "project_path:a/b:ref_type:branch:ref:main", "aud": "aws"}`, "what an OIDC token of GitLab", accepted, `"mint"`, "minted here"},
		{"claims as YAML", emptyPage, "iss: https://gitlab.com\nsub: project_path:a/b:ref_type:branch:ref:main\naud: aws\n", "what an OIDC token of GitLab", accepted, `"mint"`, ""},

		// Keys and issuers.
		{"a key set for the issuer of the token in view", aPage, someKeys, "a key set of 2 keys", refused, `"jwks":"{`, "they are the keys of https://token.actions.githubusercontent.com"},
		{"a single key", aPage, `{"kty": "RSA", "kid": "x", "n": "u1W_", "e": "AQAB"}`, "a key set of 1 key", refused, `"jwks"`, ""},
		{"a discovery document", emptyPage, discoveryDoc, "the discovery document of Keycloak", unplayed, `"Url":"https://sso.example.com/realms/staff"`, "curl -s https://sso.example.com/realms/staff/protocol/openid-connect/certs"},
		{"the URL of a discovery document", emptyPage, "https://gitlab.com/.well-known/openid-configuration", "the URL of the discovery document of GitLab", unplayed, `"Url":"https://gitlab.com"`, "nothing is fetched"},
		{"the URL of an issuer", emptyPage, "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE", "the URL of an issuer, an Amazon EKS cluster", unplayed, `"ClientIDList":["sts.amazonaws.com"]`, ""},
		{"what describe-cluster prints", emptyPage, `{"cluster": {"name": "prod", "identity": {"oidc": {"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"}}}}`, "the URL of an issuer", unplayed, `"Url":"https://oidc.eks`, ""},
		{"the ARN of a role", emptyPage, "arn:aws:iam::210987654321:role/ci/deploy", "the ARN of a role", unplayed, `"Path":"/ci/"`, "paste what aws iam get-role"},
		{"the ARN of a provider", emptyPage, "arn:aws:iam::210987654321:oidc-provider/gitlab.com", "the ARN of an OIDC provider", unplayed, `"Url":"https://gitlab.com"`, ""},

		// SAML.
		{"a SAML response as XML", emptyPage, aResponseXML, "a SAML response of https://idp.example.com/saml", unplayed, `"PrincipalArn":"arn:aws:iam::123456789012:saml-provider/Okta"`, "proposed: role Admin"},
		{"a SAML response in base64", emptyPage, b64([]byte(aResponseXML)), "a SAML response", unplayed, `"RoleArn":"arn:aws:iam::123456789012:role/Admin"`, ""},
		{"a form's body", emptyPage, "SAMLResponse=" + strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(b64([]byte(aResponseXML))) + "&RelayState=", "a SAML response", unplayed, `"RoleArn":"arn:aws:iam::123456789012:role/Admin"`, ""},
		{"a page with a form", emptyPage, `<html><body><form action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="` + b64([]byte(aResponseXML)) + `"/></form></body></html>`, "a SAML response", unplayed, `role/Admin`, ""},
		{"a HAR file", emptyPage, `{"log": {"entries": [{"request": {"method": "POST", "url": "https://signin.aws.amazon.com/saml", "postData": {"params": [{"name": "SAMLResponse", "value": "` + b64([]byte(aResponseXML)) + `"}]}}}]}}`, "a SAML response", unplayed, `"SAMLAssertion":"{`, ""},
		{"a response where a role is in view keeps it", aPage, aResponseXML, "a SAML response", unplayed, `"RoleArn":"arn:aws:iam::123456789012:role/deploy"`, ""},
		{"metadata", emptyPage, someMeta, "the metadata of a SAML identity provider, http://www.okta.com/exk1abc", unplayed, `"Name":"SAML-www.okta.com"`, "registered with SAML provider"},

		// Policies by themselves.
		{"a trust policy", emptyPage, aTrust, "a trust policy", unplayed, `"repo:octo-org/*"`, "trust policy of role my-role"},
		{"a trust policy of another account", aPage, strings.ReplaceAll(aTrust, "123456789012", "210987654321"), "a trust policy", unplayed, `"RoleArn":"arn:aws:iam::210987654321:role/deploy"`, "its provider is of account 210987654321, and so is the role"},
		{"a trust policy as IAM returns it, encoded", emptyPage, strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22", " ", "%20").Replace(aTrust), "a trust policy", unplayed, `"repo:octo-org/*"`, ""},
		{"permissions", emptyPage, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}`, "an identity-based policy", unplayed, `"PolicyName":"pasted"`, "permissions of role my-role"},
		{"a bucket's policy", emptyPage, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/my-role"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}`, "a resource-based policy", unplayed, `"Arn":"arn:aws:s3:::bucket"`, ""},
		{"a guardrail is a service control policy", emptyPage, `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}]}`, "a service control policy", unplayed, `"ServiceControlPolicies"`, "put onto account 123456789012"},
		{"a resource control policy", emptyPage, `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}]}`, "a resource control policy", unplayed, `"ResourceControlPolicies"`, ""},

		// The AWS CLI.
		{"what get-caller-identity prints", emptyPage, `{"UserId": "AROAEXAMPLE:ci", "Account": "210987654321", "Arn": "arn:aws:sts::210987654321:assumed-role/deploy/ci"}`, "the output of aws sts get-caller-identity", unplayed, `"210987654321"`, ""},
		{"what assume-role-with-web-identity prints", emptyPage, anAnswer, "the output of aws sts assume-role-with-web-identity, which AWS accepted", unplayed, `"RoleSessionName":"ci"`, "credentials in it are left out"},
		{"a command that assumes a role with a token", emptyPage, "$ aws sts assume-role-with-web-identity \\\n    --role-arn arn:aws:iam::123456789012:role/deploy \\\n    --role-session-name ci --duration-seconds 900 \\\n    --web-identity-token " + gitHub, "the command aws sts assume-role-with-web-identity", trusted, `"DurationSeconds":900`, ""},
		{"a command whose token is in a file", emptyPage, "aws sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/deploy --role-session-name ci --web-identity-token file:///var/run/secrets/token", "the command", unplayed, `role/deploy"`, "in the file /var/run/secrets/token"},
		{"a command that assumes a role", aPage, "aws sts assume-role --role-arn arn:aws:iam::123456789012:role/deploy --role-session-name me --external-id 'a b' --tags Key=team,Value=web Key=env,Value=test", "the command aws sts assume-role", unplayed, `"ExternalId":"a b"`, "stands for it"},
		{"the input of a call", emptyPage, `{"RoleArn": "arn:aws:iam::123456789012:role/deploy", "RoleSessionName": "ci", "WebIdentityToken": "` + gitHub + `"}`, "the parameters of sts:AssumeRoleWithWebIdentity", trusted, `"RoleSessionName":"ci"`, ""},
		{"a command that creates a provider", emptyPage, "aws iam create-open-id-connect-provider --url https://gitlab.com --client-id-list aws sts.amazonaws.com", "the command aws iam create-open-id-connect-provider: OIDC provider https://gitlab.com", unplayed, `["aws","sts.amazonaws.com"]`, ""},
		{"a command that creates a role", emptyPage, "aws iam create-role --role-name ship --assume-role-policy-document '" + aTrust + "'", "the command aws iam create-role: role ship", unplayed, `"RoleName":"ship"`, ""},

		// Records.
		{"a record of a refused call", emptyPage, recordBad, "a CloudTrail record of sts:AssumeRoleWithWebIdentity, which AWS refused with AccessDenied", refused, `"sub":"repo:octo-org/octo-repo:pull_request"`, "only its issuer, sub and aud"},
		{"a record of an accepted call", emptyPage, recordGood, "a CloudTrail record of sts:AssumeRole, which AWS accepted", unplayed, `"caller":"arn:aws:iam::123456789012:user/ops/alice"`, "who called, is put in without any policies"},
		{"a file of a trail", emptyPage, `{"Records": [` + recordBad + `,` + recordGood + `]}`, "2 things: a CloudTrail record", unplayed, `"outcome":"failure"`, ""},
		{"what lookup-events prints", emptyPage, `{"Events": [{"EventId": "1", "CloudTrailEvent": ` + quoted(recordBad) + `}]}`, "a CloudTrail record of sts:AssumeRoleWithWebIdentity", refused, "", ""},
		{"an event of EventBridge", emptyPage, `{"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": ` + recordBad + `}`, "a CloudTrail record", refused, "", ""},

		// Scenarios and the rest.
		{"a scenario in JSON", aPage, emptyPage, "a scenario", unplayed, "", "takes the place of the one that was here"},
		{"a scenario in YAML", aPage, scenarioYAML, `a scenario, "mine"`, unplayed, "", "it has 1 call"},
		{"a link", aPage, "Look at <https://sts.example.com/" + linkTo(emptyPage) + ">", "a link to a scenario", unplayed, "", "takes the place of the one that was here"},
		{"a workflow", emptyPage, aWorkflowYML, "a workflow of GitHub Actions, job ship", unplayed, `role/ship"`, "lacks permissions: id-token: write"},
		{"the manifest of a service account", emptyPage, "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/web\n", "the configuration of a call", unplayed, `role/web"`, ""},
		{"a profile of the AWS CLI", emptyPage, "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nweb_identity_token_file = /var/run/token\n", "the configuration of a call", unplayed, `role/deploy"`, "in the file /var/run/token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			taken, refusal := Take([]Input{{Text: test.text}}, node(t, test.page), View{Role: roleInView, Now: clockTime})
			if refusal != "" {
				t.Fatalf("got the refusal %q", refusal)
			}
			if !strings.HasPrefix(taken.What, "This is "+test.what) && !strings.HasPrefix(taken.What, "These are "+test.what) {
				t.Errorf("got %q, want it to say %q", taken.What, test.what)
			}
			world := taken.Scenario
			if world == "" {
				world = apply(t, test.page, taken.Patch)
				mustDecode(t, world)
			}
			if !strings.Contains(world, test.has) {
				t.Errorf("got %s, want %s in it", world, test.has)
			}
			notes := strings.Join(taken.Notes, "\n")
			for _, command := range taken.Commands {
				notes += "\n" + command.Line
			}
			if !strings.Contains(notes, test.note) {
				t.Errorf("got the notes\n%s\nwant %q in them", notes, test.note)
			}
			if strings.Contains(world+notes, "realsecret") || strings.Contains(world+notes, "realToken") {
				t.Error("a secret went in")
			}
			if test.outcome != unplayed {
				if got, why := outcomeOf(t, world, taken.Call); got != test.outcome {
					t.Errorf("got %s (%s), want %s in %s\n%s", got, why, test.outcome, world, notes)
				}
			}
		})
	}
}

// quoted is a text as a string of JSON.
func quoted(text string) string {
	return (&source.Node{Kind: source.String, Text: text}).JSON("")
}

// outcomeOf plays a scenario, at the reader's time where it says none.
func outcomeOf(t *testing.T, world string, call int) (outcome, verdict string) {
	t.Helper()
	s, _ := engine.Decode(world, scenario.LimitCheck)
	if s.Now.IsZero() {
		s.Now, _ = time.Parse(time.RFC3339, clockTime)
	}
	calls := engine.Run(s).Calls
	if call >= len(calls) {
		t.Fatalf("there is no call %d", call)
	}
	c := calls[call]
	if c.Outcome == "success" && len(c.Assumed) > 0 {
		return trusted, c.Verdict
	}
	return c.Outcome, c.Verdict
}
