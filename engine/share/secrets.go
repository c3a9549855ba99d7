package share

import (
	"regexp"
	"strings"

	"stsplayground/engine/source"
)

// A private key as text has it: PEM (RFC 7468), OpenPGP's and OpenSSH's forms
// of it, that of SSH2 (RFC 4716 §3.2), PuTTY's file, .NET's XML.
var aKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----\n?|$)` +
	`|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----.*?(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----\n?|$)` +
	`|PuTTY-User-Key-File-\d+:.*?(?:Private-MAC: *[0-9a-f]+|$)` +
	`|(?:<|&lt;)RSAKeyValue(?:>|&gt;)[^.]*?(?:<|&lt;)(?:D|P|Q|DP|DQ|InverseQ)(?:>|&gt;).*?(?:(?:<|&lt;)/RSAKeyValue(?:>|&gt;)|$)`)

// aPrivateMember is one of a JSON Web Key in text that isn't JSON as a whole.
var aPrivateMember = regexp.MustCompile(`(\\*["']?\b(?:d|p|q|dp|dq|qi|k)\\*["']?\s*:\s*\\*["']?)([\w-]{20,}=*)`)

// privateMembers are those of a JSON Web Key (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
var privateMembers = words("d p q dp dq qi oth k")

// secretNames are members that hold a secret, without what joins their words.
// What a client keeps from everybody (RFC 6749 §2.3.1, RFC 7636 §4.1) is among
// them.
var secretNames = words(`secretaccesskey sessiontoken securitytoken awssecretaccesskey awssessiontoken awssecuritytoken xamzsecuritytoken
	clientsecret codeverifier devicecode password passwd passphrase refreshtoken apikey xapikey privatekey secretkey sharedsecret
	base32stringseed qrcodepng mfaseed totpsecret cookie setcookie authorization proxyauthorization`)

var joints = strings.NewReplacer("_", "", "-", "", " ", "", ".", "")

// isSecretName says whether a member of that name holds a secret. A name of
// environment variables may begin with whose they are.
func isSecretName(name string) bool {
	return len(name) < 64 && secretNames[joints.Replace(strings.ToLower(name))]
}

// named says what an object calls its value, where it is one of a list of
// pairs: a tag's Key, a header's or a variable's name.
func named(n *source.Node) string {
	for _, m := range n.Members {
		switch m.Name {
		case "Key", "key", "Name", "name":
			if m.Value.Kind == source.String {
				return m.Value.Text
			}
		}
	}
	return ""
}

var (
	// What follows a name that says what it is, in JSON, YAML, a shell, a form, XML.
	aSecret = regexp.MustCompile(`(?i)((?:secret[ _-]?access[ _-]?key|session[ _-]?token|security[_-]?token|client[ _-]?secret|refresh[ _-]?token|access_token|secret[_-]?key|api[_-]?key|code[_-]?verifier|device[_-]?code|qrcodepng|base32stringseed|\bseed|\bsecret|_authtoken|pass(?:word|wd|phrase)|x-amz-signature|\b(?:proxy-)?authorization)` +
		`(?: *\[[^\]]*\])?(?:\\*["'],?\s*\\*["']?value)?\\*["']?\s*(?:[:=]|=>|>|&gt;|%3D|\bvalue[:=])\s*\\*["']?(?:(?:basic|bearer|digest|token)\s+)?)([^\s"'<>&\\,;]{16,}|\b[A-Za-z2-7]{4}(?: [A-Za-z2-7]{4}){3,})`)
	aPassword = regexp.MustCompile(`(?i)((?:pass(?:word|wd|phrase))\\*["']?\s*(?:[:=]|%3D)\s*\\*["']?)([^\s"'<>&\\,;]{6,})`)
	aBearer   = regexp.MustCompile(`(?i)(\b(?:bearer|authorization\\*["']?\s*:\s*\\*["']?basic)\s+)([\w.~+/=-]{16,})`)
	aCookie   = regexp.MustCompile(`(?i)(\b(?:set-)?cookie2?\\*["']?\s*:\s*\\*["']?)([^\r\n"'\\]*=[^\r\n"'\\]*)`)
	aCurl     = regexp.MustCompile(`(\s(?:-b|--cookie|-u|--user)\s+\\*["']?)([^\s"'\\]+[=:][^"'\\\r\n]+)`)
	anOTP     = regexp.MustCompile(`(?i)(otpauth(?:://|%3A%2F%2F)[^\s"'<>]*?secret(?:=|%3D))([A-Z2-7]+)`)
	aLogin    = regexp.MustCompile(`(\w://[^\s/:@"'<>]+:)([^\s/@"'<>]{3,})(?:@)`)
	aSigV4    = regexp.MustCompile(`(?i)(\bsignature\\*["']?\s*=\s*\\*["']?)([0-9a-f]{64})\b`)

	// Tokens that tell by their beginning what they are: AWS's session tokens,
	// those of source forges, package registries, chat and clouds.
	aShape = regexp.MustCompile(`\b(?:(?:[A-Za-z]QoJb3JpZ2lu|F[Qw]o(?:G|D)[Z\w]Xdz|F[Qw]oGZXIvYXdz|[A-Z]QoDYXdz)[\w/+=%-]{16,}` +
		`|gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|cbt|ptt|dt|rt|soat|ft)-[\w-]{16,}|xox[a-z]-[\w-]{10,}|npm_\w{30,}|hv[sb]\.[\w-]{20,}` +
		`|[sr]k_live_\w{10,}|ya29\.[\w-]{20,}|1//0[\w-]{20,}|AIza[\w-]{35}|GOCSPX-[\w-]{20,}|\w{14}\.atlasv1\.[\w-]{40,}|dapi[0-9a-f]{32}|bkua_[0-9a-f]{40}|k8s-aws-v1\.[\w-]{20,})`)
	aLoginWithAmazon = regexp.MustCompile(`\bAtz[ar]\|[\w+/=-]{16,}`)

	// The secret of an access key has forty characters of base64, an MFA device's
	// seed 64 of base 32.
	aRandom   = regexp.MustCompile(`[A-Za-z0-9/+=_.-]{40,}`)
	aSeed     = regexp.MustCompile(`\b[A-Z2-7]{52,}\b`)
	keyNearby = regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b|(?i:secret|credential|access key)`)
)

// withoutSecrets is a text without private keys and secrets.
func (r *redaction) withoutSecrets(in string, p place) (out string, found bool) {
	if len(in) < 6 {
		return in, false
	}
	take := func(what *regexp.Regexp, kind Kind, skip func(string) bool) {
		in = replaced(what, in, func(m []string) string {
			before, secret := "", m[0]
			if len(m) > 2 {
				before, secret = m[1], m[2]
			}
			if strings.HasPrefix(secret, leftOut) || skip != nil && skip(secret) {
				return m[0]
			}
			r.note(kind, p)
			found = true
			switch {
			case kind == PrivateKey:
				return before
			case what == aLogin:
				return before + leftOut + "@"
			}
			return before + leftOut
		})
	}
	if strings.Contains(in, "PRIVATE KEY") || strings.Contains(in, "PuTTY-User-Key-File") || strings.Contains(in, "RSAKeyValue") {
		take(aKey, PrivateKey, nil)
	}
	if strings.Contains(in, "kty") {
		take(aPrivateMember, PrivateKey, nil)
	}
	take(anOTP, Secret, nil)
	take(aSecret, Secret, isToken)
	take(aPassword, Secret, isToken)
	take(aBearer, Secret, isToken)
	if strings.Contains(in, "=") {
		take(aCookie, Secret, nil)
		take(aSigV4, Secret, nil)
	}
	take(aCurl, Secret, isToken)
	if strings.Contains(in, "://") && strings.Contains(in, "@") {
		take(aLogin, Secret, nil)
	}
	take(aShape, Secret, nil)
	if !r.options.Signatures {
		take(aLoginWithAmazon, Opaque, nil)
	}
	if len(in) >= 40 {
		alone := strings.TrimSpace(in)
		near := keyNearby.MatchString(in)
		take(aRandom, Secret, func(run string) bool { return !(near || run == alone) || !isSecretKey(run) })
		take(aSeed, Secret, func(run string) bool { return !strings.ContainsAny(run, "234567") })
	}
	return in, found
}

// isToken says whether a text is a token in compact form, of which the claims
// may stay.
func isToken(s string) bool {
	_, kind := withoutSignature(strings.Trim(s, `.`))
	return kind != "" || aToken.MatchString(s) && strings.HasPrefix(s, "eyJ")
}

// isSecretKey says whether forty characters look like the secret of an access
// key: no words, which keep to one kind of letters for longer.
func isSecretKey(run string) bool {
	if len(run) != 40 || strings.ContainsAny(run, "=_.-") {
		return false
	}
	kind := func(c byte) int {
		switch {
		case c >= 'a' && c <= 'z':
			return 0
		case c >= 'A' && c <= 'Z':
			return 1
		case c >= '0' && c <= '9':
			return 2
		}
		return 3
	}
	changes, kinds := 0, [4]bool{}
	for i := range len(run) {
		kinds[kind(run[i])] = true
		if i > 0 && kind(run[i]) != kind(run[i-1]) {
			changes++
		}
	}
	const fewest = 16 // of 39; chance makes about 25
	return kinds[0] && kinds[1] && kinds[2] && changes >= fewest
}

// replaced puts what a function makes of a match and its groups in the place of
// each match.
func replaced(what *regexp.Regexp, in string, with func([]string) string) string {
	var out strings.Builder
	end := 0
	for _, at := range what.FindAllStringSubmatchIndex(in, -1) {
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = in[at[2*i]:at[2*i+1]]
			}
		}
		out.WriteString(in[end:at[0]])
		out.WriteString(with(m))
		end = at[1]
	}
	if end == 0 {
		return in
	}
	return out.String() + in[end:]
}
