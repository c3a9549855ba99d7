package idp

import "strings"

// The kinds that sign people in, and the workloads of clouds and clusters.

var eksKind = kind{
	owns: func(issuer string) bool {
		return strings.HasPrefix(issuer, "https://oidc.eks.") || strings.HasPrefix(issuer, "https://oidc-eks.")
	}, audience: "sts.amazonaws.com", foreign: "https://kubernetes.default.svc",
	subject: []piece{
		{before: "system:serviceaccount:", name: "namespace", fallback: "default", noun: "namespace", of: "namespace of the cluster", width: widthPlace + 2},
		{before: ":", name: "account", fallback: "app", mine: "app", noun: "service account", of: "service account of the namespace {namespace}", width: widthPlace - 5},
	},
	claims: []string{"aud", `["{aud}"]`, "kubernetes.io", `{"namespace":"{namespace}","pod":{"name":"pod-0","uid":"{uuid:namespace}"},"serviceaccount":{"name":"{account}","uid":"{uuid:account}"}}`},
	who:    "{namespace}/{account}", what: "The service account that the policy is for.",
	variants: []variant{
		{who: "another service account", what: "The service account {new:another}, in the same namespace.", opens: "Every service account of the namespace {namespace}", width: widthPlace, set: []string{"account", "{new:another}"}},
		{who: "a service account that begins alike", what: "{namespace}/{account}-2.", opens: "Every service account of {namespace} whose name begins with {account}", width: widthPlace - 5, set: []string{"account", "{account}-2"}},
		{who: "the default service account", what: "The one that every pod of the namespace has that names none.", opens: "Every pod of the namespace {namespace}", width: widthPlace + 1, set: []string{"account", "default"}},
		{who: "the same name in another namespace", what: "{new:playground}/{account}: whoever may create a namespace can have it.", opens: "Every namespace of the cluster", width: widthAlike, set: []string{"namespace", "{new:playground}"}},
		{who: "a namespace that begins alike", what: "{namespace}-2/{account}.", opens: "Every namespace whose name begins with {namespace}", width: widthPlace + 2, set: []string{"namespace", "{namespace}-2"}},
		{who: "a stranger in the cluster", what: "Any other pod of the cluster, {new:playground}/anything.", opens: "Every pod of the cluster", width: widthAnyone, set: []string{"namespace", "{new:playground}", "account", "anything"}},
		{who: "another cluster", what: "The same names in another cluster, or in this one after it was created anew.", opens: "Every cluster", width: widthAnyone + 1, set: []string{"@iss", "{other:issuer}"}},
	},
}

var cognitoKind = kind{
	owns: is("https://cognito-identity.amazonaws.com"), audience: "us-east-1:11111111-2222-3333-4444-555555555555", foreign: "us-east-1:99999999-0000-0000-0000-000000000000",
	subject: []piece{{name: "identity", fallback: "us-east-1:0f8fad5b-d9cb-469f-a165-70867728950e", noun: "identity", of: "identity of Cognito", width: widthPlace}},
	claims:  []string{"aud", "{aud}", "amr", `["authenticated","graph.facebook.com"]`},
	who:     "somebody who signed in", what: "An identity of the pool that the policy is for.",
	variants: []variant{
		{who: "another person who signed in", what: "Another identity of the same pool.", opens: "Everybody who signs in at the identity pool", width: widthPlace, set: []string{"identity", "us-east-1:7c9e6679-7425-40de-944b-e07fc1f90ae7"}},
		{who: "a person of another provider", what: "The person signed in at accounts.google.com.", opens: "Everybody who signs in at the identity pool, at whichever provider,", width: widthPlace + 1, set: []string{"amr", `["authenticated","accounts.google.com"]`}},
		{who: "a guest", what: "Nobody signed in; an app that knows the pool's id gets such an identity.", opens: "Everybody on the internet, as a guest of the identity pool and without signing in,", width: widthAnyone, set: []string{"identity", "us-east-1:00000000-7425-40de-944b-e07fc1f90ae7", "amr", `["unauthenticated"]`}},
		{who: "another identity pool", what: "A person who signed in at a pool of somebody else's account.", opens: "Every identity pool of whatever AWS account", width: widthAnyone + 2, set: []string{"aud", "us-east-1:99999999-0000-0000-0000-000000000000", "identity", "us-east-1:99999999-7425-40de-944b-e07fc1f90ae7"}},
		{who: "a guest of another pool", what: "Nobody signed in, at a pool of somebody else's account.", opens: "Every identity pool of whatever AWS account, guests too,", width: widthAnyone + 3, set: []string{"aud", "us-east-1:99999999-0000-0000-0000-000000000000", "amr", `["unauthenticated"]`}},
	},
}

var userPoolKind = kind{
	owns: begins("https://cognito-idp."), audience: "3n4b5urk1ft4fl3mg5e62d9ado", foreign: "another-client",
	subject: people1("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "the user pool"),
	claims:  []string{"aud", "{aud}", "cognito:username", "dana", "cognito:groups", `["developers"]`, "token_use", "id"},
	who:     "dana", what: "The person that the policy is for.",
	variants: append([]variant{
		{who: "somebody of another group", what: "The claim cognito:groups is no condition key in AWS.", opens: "Everybody in whichever group of the user pool", width: widthPlace, set: []string{"subject", "99999999-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups", `["guests"]`}},
		{who: "another user pool", what: "Its tokens come from an issuer of its own.", opens: "Every user pool", width: widthAnyone + 1, set: []string{"@iss", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Mallory01"}},
	}, anybody("the user pool")...),
}

var googleKind = kind{
	owns: is("https://accounts.google.com", "accounts.google.com"), audience: "111111111111-app.apps.googleusercontent.com", foreign: "999999999999-other.apps.googleusercontent.com",
	subject: people1("110169484474386276334", "Google"),
	claims:  []string{"aud", "{aud}", "azp", "{aud}", "email", "dana@example.com", "email_verified", "true", "hd", "example.com"},
	who:     "dana's Google account", what: "The account that the policy is for.",
	variants: append([]variant{
		{who: "another Google account", what: "Anybody's, without an organization.", opens: "Everybody with a Google account", width: widthAnyone, set: []string{"subject", "999999999999999999999", "email", "mallory@gmail.com", "hd", "null", "google:organization_number", "null"}},
		{who: "an account of another organization", what: "Somebody at another company.", opens: "Every organization at Google", width: widthAlike, set: []string{"subject", "888888888888888888888", "email", "mallory@evil.example", "hd", "evil.example", "google:organization_number", "999999999999"}},
		{who: "a service account", what: "A service account of some project, which asks for a token for whatever audience it likes.", opens: "Every service account of Google Cloud", width: widthAnyone + 1, set: []string{"subject", "777777777777777777777", "azp", "777777777777777777777", "email", "robot@mallory.iam.gserviceaccount.com", "hd", "null", "google:organization_number", "null"}},
	}, anybody("Google")...),
}

var keycloakKind = kind{
	owns: has("/realms/"), audience: "aws-access-client", foreign: "another-client", profile: "keycloak",
	subject: people1("f:11111111-2222-3333-4444-555555555555:dana", "the realm"),
	claims:  []string{"aud", "account", "azp", "{aud}", "groups", `["developers"]`},
	who:     "{subject}", what: "The person that the policy is for.",
	variants: append([]variant{
		{who: "somebody of another group", what: "The claim groups is no condition key in AWS.", opens: "Everybody in whichever group of the realm", width: widthPlace, set: []string{"subject", "f:99999999-2222-3333-4444-555555555555:lee", "groups", `["guests"]`}},
		{who: "another realm", what: "Its tokens come from an issuer of its own.", opens: "Every realm", width: widthAnyone + 1, set: []string{"@iss", "{dir:issuer}/{new:another}"}},
	}, anybody("the realm")...),
}

var auth0Kind = kind{
	owns: has(".auth0."), audience: "aws-access-client", foreign: "another-client",
	subject: people1("auth0|507f1f77bcf86cd799439020", "the tenant"),
	claims:  []string{"aud", "{aud}", "email", "dana@example.com", "email_verified", "true"},
	who:     "{subject}", what: "The person that the policy is for.",
	variants: append([]variant{
		{who: "somebody of another connection", what: "The person signed up with a Google account.", opens: "Everybody who may sign up at the tenant", width: widthAlike, set: []string{"subject", "google-oauth2|103547991597142817347", "email", "mallory@gmail.com"}},
		{who: "a machine", what: "A machine-to-machine application, whose subject ends in @clients.", opens: "Every application of the tenant", width: widthPlace, set: []string{"subject", "another-client@clients", "email", "null", "email_verified", "null"}},
	}, anybody("the tenant")...),
}

var entraKind = kind{
	owns: func(issuer string) bool {
		return strings.HasPrefix(issuer, "https://login.microsoftonline.com/") || strings.HasPrefix(issuer, "https://sts.windows.net/")
	}, audience: "api://aws", foreign: "https://graph.microsoft.com",
	subject: people1("11111111-aaaa-bbbb-cccc-222222222222", "the tenant"),
	claims:  []string{"aud", "{aud}", "oid", "{subject}", "ver", "2.0"},
	who:     "{subject}", what: "The person or application that the policy is for.",
	variants: append([]variant{
		{who: "another application", what: "Another application of the tenant asked for the token, as azp says.", opens: "Every application of the tenant", width: widthPlace, set: []string{"azp", "99999999-aaaa-bbbb-cccc-222222222222"}},
		{who: "another tenant", what: "Its tokens come from an issuer of its own.", opens: "Every tenant", width: widthAnyone + 1, set: []string{"@iss", "https://sts.windows.net/99999999-0000-cccc-1111-dddd2222eeee/"}},
	}, anybody("the tenant")...),
}

// anyKind is every other provider of OpenID Connect.
var anyKind = kind{
	owns: func(string) bool { return true }, audience: "aws-access-client", foreign: "another-client",
	subject:  people1("user-123", "the provider"),
	claims:   []string{"aud", "{aud}"},
	who:      "{subject}",
	what:     "The identity that the policy is for.",
	variants: anybody("the provider"),
}

// people1 is a subject of one piece.
func people1(fallback, at string) []piece {
	return []piece{{name: "subject", fallback: fallback, mine: "dana", noun: "subject", of: "subject at " + at, width: widthAlike}}
}

// anybody are the identities beside one whose subject is an opaque name.
func anybody(at string) []variant {
	return []variant{
		{who: "somebody else", what: "Another subject at " + at + ".", opens: "Everybody at " + at, width: widthAnyone - 2, set: []string{"subject", "{new:somebody-else}"}},
		{who: "a subject that begins alike", what: "{subject}-2.", opens: "Every subject at " + at + " that begins with {subject}", width: widthPlace, set: []string{"subject", "{subject}-2"}},
		{who: "the subject in another letter case", what: "{case:subject}.", width: widthDetail, set: []string{"subject", "{case:subject}"}},
	}
}

var amazonKind = kind{
	owns: is("www.amazon.com"), oauth: true,
	subject: people1("amzn1.account.DANA", "Amazon"),
	claims:  []string{"app_id", "amzn1.application.example", "user_id", "{subject}"},
	who:     "dana, signed in with Amazon", what: "A person at the app that the policy is for.",
	reads: []reading{{"user_id", "subject", func(v string) string { return v }}},
	variants: []variant{
		{who: "another person", what: "Somebody else who signed in at the same app.", opens: "Everybody who signs in at the app with Amazon", width: widthPlace, set: []string{"subject", "amzn1.account.MALLORY"}},
		{who: "another app", what: "A person who signed in at an app of somebody else's.", opens: "Every app that signs people in with Amazon", width: widthAnyone, set: []string{"subject", "amzn1.account.MALLORY", "app_id", "amzn1.application.mallory"}},
	},
}

var facebookKind = kind{
	owns: is("graph.facebook.com"), oauth: true,
	subject: people1("100000000000001", "Facebook"),
	claims:  []string{"app_id", "111222333444555", "id", "{subject}"},
	who:     "dana, signed in with Facebook", what: "A person at the app that the policy is for.",
	reads: []reading{{"id", "subject", func(v string) string { return v }}},
	variants: []variant{
		{who: "another person", what: "Somebody else who signed in at the same app.", opens: "Everybody who signs in at the app with Facebook", width: widthPlace, set: []string{"subject", "100000000000002"}},
		{who: "another app", what: "A person who signed in at an app of somebody else's.", opens: "Every app that signs people in with Facebook", width: widthAnyone, set: []string{"subject", "100000000000002", "app_id", "999888777666555"}},
	},
}

// samlKind is every provider of SAML. Its population differs in names and in
// the attributes that the policy asks for; who is in which group is the
// provider's to say.
var samlKind = kind{
	owns: func(string) bool { return true }, saml: true,
	subject: people1("dana@example.com", "the identity provider"),
	who:     "{subject}", what: "The person that the policy is for.",
	variants: []variant{
		{who: "somebody else", what: "Another person whom the identity provider lets use the app.", opens: "Everybody whom the identity provider lets use the app", width: widthAnyone - 2, set: []string{"subject", "{new:lee}@example.com"}},
		{who: "a name that begins alike", what: "{subject}.evil.example.", opens: "Every name that begins with {subject}", width: widthPlace, set: []string{"subject", "{subject}.evil.example"}},
		{who: "the name in another letter case", what: "{case:subject}.", width: widthDetail, set: []string{"subject", "{case:subject}"}},
	},
}
