package idp

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// like is StringLike's comparison, by another way than the engine's.
func like(pattern, value string) bool {
	expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("(?s)^" + expression + "$").MatchString(value)
}

// issuers are a provider of each kind, by its title in population.txt.
var issuers = map[string]string{
	"GitHub Actions": "https://token.actions.githubusercontent.com", "GitLab": "https://gitlab.com",
	"EKS service accounts":   "https://oidc.eks.eu-west-1.amazonaws.com/id/D0123456789ABCDEF0123456789ABCDE",
	"Cognito identity pools": "https://cognito-identity.amazonaws.com", "Cognito user pools": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool",
	"Google": "https://accounts.google.com", "CircleCI": "https://oidc.circleci.com/org/1", "Buildkite": "https://agent.buildkite.com",
	"HCP Terraform": "https://app.terraform.io", "Bitbucket Pipelines": "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
	"Keycloak": "https://keycloak.example.com/realms/demo", "Auth0": "https://acme.eu.auth0.com/", "Microsoft Entra ID": "https://login.microsoftonline.com/1/v2.0",
	"CircleCI, without the change in the subject": "https://oidc.circleci.com/org/1", "Kubernetes service accounts": "https://oidc.cluster.example.com",
	"Microsoft Entra ID, v1.0": "https://sts.windows.net/1/", "Okta": "https://acme.okta.com/oauth2/default",
	"Login with Amazon": "www.amazon.com", "Facebook": "graph.facebook.com", "SAML": "https://idp.example.com/saml",
	"every other provider of OpenID Connect": "https://idp.example.com",
}

// forms are the subjects that tell the kind where the issuer doesn't.
var forms = map[string]string{"CircleCI": "org/1/project/2/user/3/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main", "Kubernetes service accounts": "system:serviceaccount:shop:api"}

func census(title string) Census {
	c := Census{Issuer: issuers[title], SAML: title == "SAML", Like: like}
	if sub := forms[title]; sub != "" {
		c.Wanted = []Wanted{{Claim: "sub", Value: sub}}
	}
	return c
}

// titles are the kinds of population.txt.
func titles() (all []string) {
	for _, section := range strings.Split("\n"+populationText, "\n= ")[1:] {
		title, _, _ := strings.Cut(section, "\n")
		all = append(all, title)
	}
	return all
}

func TestEveryKindHasAPopulation(t *testing.T) {
	if len(titles()) != len(issuers) {
		t.Errorf("got the kinds %q, want %d", titles(), len(issuers))
	}
	for _, title := range titles() {
		c := census(title)
		k := kindOf(&c)
		if k.one("who") == "" || k.one("what") == "" || len(k.subject) == 0 || len(k.variants) == 0 {
			t.Errorf("%s: got the kind %+v, want one that is whole", title, k)
		}
		for _, p := range k.subject {
			if p.name == "" || p.fallback == "" || p.noun == "" || p.of == "" || p.width < WidthOwn {
				t.Errorf("%s: got the piece %+v, want one that is whole", title, p)
			}
		}
		for _, v := range append(k.variants, k.common()...) {
			if v.who == "" || v.what == "" || len(v.set) == 0 || v.width < WidthOwn || !strings.HasSuffix(v.what, ".") {
				t.Errorf("%s: got the identity %+v, want one that is whole", title, v)
			}
		}
		all := Population(c)
		if len(all) < 3 {
			t.Errorf("%s: got %d identities, want more", title, len(all))
		}
		for i, id := range all {
			if (id.Mint == nil) == (id.ProviderID == "") || id.Who == "" || id.What == "" || strings.Contains(id.Who+id.What+id.Opens, " |") || strings.Contains(id.Who+id.What+id.Opens, "{new:") {
				t.Errorf("%s: got %+v", title, id)
			}
			if i == 0 && (id.Width != WidthOwn || len(id.Differs) > 0) {
				t.Errorf("%s: the first is %+v, want the one that the policy describes", title, id)
			}
			if i > 0 && len(id.Differs) == 0 && (id.Mint == nil || id.Mint.Attack == "" && id.Mint.Issuer == c.Issuer) {
				t.Errorf("%s: %s differs from the first in nothing", title, id.Who)
			}
		}
	}
}

// Every line of the table is read: a word that nobody knows is a slip.
func TestThePopulationIsReadWhole(t *testing.T) {
	known := []string{"issuer", "wants", "real", "protocol", "profile", "audience", "foreign", "at", "who", "what", "also", "fills", "claim", "word", "pinned", "read", "usual", "piece"}
	for i, line := range strings.Split(populationText, "\n") {
		name, _, _ := strings.Cut(line, ": ")
		_, variant := readVariant(line)
		if line != "" && !variant && !strings.HasPrefix(line, "= ") && !strings.HasPrefix(line, "+ ") && !slices.Contains(known, name) {
			t.Errorf("line %d isn't read: %s", i+1, line)
		}
		if strings.TrimSpace(line) != line {
			t.Errorf("line %d has white space around it: %q", i+1, line)
		}
	}
}

func TestTheFirstIdentityIsTheOneThatThePolicyMeans(t *testing.T) {
	tests := map[string]struct {
		kind     string
		sub      string
		wild     bool
		want     string
		exploits []string // subjects that are in the population because of a wildcard
	}{
		"as it is written":                  {"GitHub Actions", "repo:acme/app:environment:production", false, "repo:acme/app:environment:production", nil},
		"the repository left open":          {"GitHub Actions", "repo:acme/*", true, "repo:acme/octo-repo:ref:refs/heads/main", nil},
		"everything left open":              {"GitHub Actions", "*", true, "repo:octo-org/octo-repo:ref:refs/heads/main", nil},
		"a name with a star behind it":      {"GitHub Actions", "repo:acme*", true, "repo:acme/octo-repo:ref:refs/heads/main", []string{"repo:acmeevil/octo-repo:ref:refs/heads/main"}},
		"an environment with a star":        {"GitHub Actions", "repo:acme/app:environment:prod*", true, "repo:acme/app:environment:prod", []string{"repo:acme/app:environment:prod-anyone"}},
		"a star over several parts":         {"GitHub Actions", "repo:*:ref:refs/heads/main", true, "repo:octo-org/octo-repo:ref:refs/heads/main", []string{"repo:mallory/anything:ref:refs/heads/main"}},
		"a repository that begins alike":    {"GitHub Actions", "repo:acme/app-*:*", true, "repo:acme/app-main:ref:refs/heads/main", []string{"repo:acme/app-anyone:ref:refs/heads/main"}},
		"a ref that GitHub doesn't write":   {"GitHub Actions", "repo:acme/app:ref:main", false, "repo:acme/app:ref:refs/heads/main", nil},
		"without repo: in front":            {"GitHub Actions", "acme/app:ref:refs/heads/dev", false, "repo:acme/app:ref:refs/heads/dev", nil},
		"an organization's own subjects":    {"GitHub Actions", "repository_owner:acme", false, "repository_owner:acme", nil},
		"a star that is taken literally":    {"GitHub Actions", "repo:acme/app:*", false, "repo:acme/app:ref:refs/heads/main", nil},
		"a namespace":                       {"EKS service accounts", "system:serviceaccount:shop:*", true, "system:serviceaccount:shop:app", nil},
		"a namespace with a star behind it": {"EKS service accounts", "system:serviceaccount:team-*:api", true, "system:serviceaccount:team-main:api", []string{"system:serviceaccount:team-anyone:api"}},
		"a group in a subject":              {"every other provider of OpenID Connect", "group:developers:*", true, "group:developers:dana", []string{"group:developers:anyone"}},
		"characters left open":              {"every other provider of OpenID Connect", "user-???", true, "user-xxx", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := census(tt.kind)
			c.Wanted = []Wanted{{Claim: "sub", Value: tt.sub, Wild: tt.wild}}
			all := Population(c)
			if all[0].Subject != tt.want {
				t.Errorf("got %s first, want %s", all[0].Subject, tt.want)
			}
			var subjects []string
			for _, id := range all {
				subjects = append(subjects, id.Subject)
			}
			for _, want := range tt.exploits {
				if !slices.Contains(subjects, want) {
					t.Errorf("got %q, want %s among them", subjects, want)
				}
			}
		})
	}
}

func TestWhatTheScenarioKnowsComesBeforeWhatIsUsual(t *testing.T) {
	c := census("GitHub Actions")
	known := object{{"sub", `"repo:acme/web:pull_request"`}, {"https://aws.amazon.com/source_identity", `"dana"`}, {"actor", `"lee"`}}
	node := objectDocument(known).Node
	c.Known = &node
	c.Wanted = []Wanted{{Claim: "sub", Value: "repo:acme/*", Wild: true}}
	first := Population(c)[0]
	if first.Subject != "repo:acme/web:pull_request" {
		t.Errorf("got %s, want the scenario's own", first.Subject)
	}
	claims := first.Mint.Claims.Node
	if claims.Get("https://aws.amazon.com/source_identity") == nil || claims.Get("actor") != nil {
		t.Errorf("got %s, want what is for AWS and nothing else", claims.JSON(""))
	}
}

func FuzzPopulation(f *testing.F) {
	f.Add("https://token.actions.githubusercontent.com", "sub", "repo:acme/*", true, false)
	f.Add("https://idp.example.com", "custom", "{new:x}{", true, true)
	f.Fuzz(func(t *testing.T, issuer, claim, value string, wild, not bool) {
		c := Census{Issuer: issuer, Wanted: []Wanted{{Claim: claim, Value: value, Wild: wild, Not: not}}, Like: func(p, v string) bool { return p == v || p == "*" }}
		all := Population(c)
		if len(all) == 0 || len(all) > 60 {
			t.Errorf("got %d identities", len(all))
		}
	})
}
