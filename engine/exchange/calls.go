package exchange

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
)

// operationsOfSTS are the operations with the parameters that a scenario has a
// place for, as the STS API reference has them.
const operationsOfSTS = `
AssumeRole RoleArn RoleSessionName PolicyArns Policy DurationSeconds Tags TransitiveTagKeys ExternalId SerialNumber TokenCode SourceIdentity ProvidedContexts
AssumeRoleWithSAML RoleArn PrincipalArn SAMLAssertion PolicyArns Policy DurationSeconds
AssumeRoleWithWebIdentity RoleArn RoleSessionName WebIdentityToken ProviderId PolicyArns Policy DurationSeconds
AssumeRoot TargetPrincipal TaskPolicyArn DurationSeconds
DecodeAuthorizationMessage EncodedMessage
GetAccessKeyInfo AccessKeyId
GetCallerIdentity
GetFederationToken Name Policy PolicyArns DurationSeconds Tags
GetSessionToken DurationSeconds SerialNumber TokenCode
GetWebIdentityToken Audience DurationSeconds SigningAlgorithm Tags
`

// operationParameters are the parameters of an operation of STS, none of another.
func operationParameters(operation string) []string {
	for line := range strings.Lines(operationsOfSTS) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == operation {
			return words[1:]
		}
	}
	return nil
}

// operationOf is the operation that a command of the AWS CLI calls by its own
// name; "" for none.
func operationOf(command string) string {
	for line := range strings.Lines(operationsOfSTS) {
		if words := strings.Fields(line); len(words) > 0 && kebab(words[0]) == command {
			return words[0]
		}
	}
	return ""
}

// kebab is a name as the AWS CLI writes it: AssumeRoleWithSAML as
// assume-role-with-saml.
func kebab(name string) string {
	var b strings.Builder
	for i := range len(name) {
		upper := func(i int) bool { return i < len(name) && 'A' <= name[i] && name[i] <= 'Z' }
		if i > 0 && upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1)) {
			b.WriteByte('-')
		}
		b.WriteByte(name[i] | 0x20)
	}
	return b.String()
}

// subcommand is the service and the operation of a command of the AWS CLI,
// whose own options may stand before them.
func subcommand(words []string) (service, operation string) {
	for i := 1; i+1 < len(words); i++ {
		if slices.Contains([]string{"sts", "iam", "s3api", "kms", "sns", "secretsmanager", "ec2", "organizations"}, words[i]) {
			return words[i], words[i+1]
		}
	}
	return "", ""
}

// commandKind is what a command becomes: a call, or an entry of the world.
func commandKind(words []string) kindOfPiece {
	service, operation := subcommand(words)
	switch {
	case service == "sts" && operationOf(operation) != "":
		return aCall
	case service == "iam" && operation == "update-assume-role-policy", kindOfCommand(service+" "+operation) != nil:
		return aWorldCommand
	}
	return unknown
}

// kindOfCommand is what a command makes; those that always have the same
// options are known by their names.
func kindOfCommand(name string) *kind {
	all := kinds()
	for i := range all {
		if command, _, _ := strings.Cut(all[i].in[commands], " --"); command == name {
			return &all[i]
		}
	}
	return nil
}

// takeWorldCommand takes a command that creates something for what it creates.
func (in *intake) takeWorldCommand(p *piece) string {
	service, operation := subcommand(p.command)
	in.what = "the command aws " + service + " " + operation
	k := kindOfCommand(service + " " + operation)
	account := in.home
	properties := object()
	for name, value := range commandOptions(p.command) {
		if given := in.valueOf(name, value); given != nil {
			set(properties, name, given)
		}
	}
	if operation == "update-assume-role-policy" {
		k = partOf("Roles", "")
		set(properties, "assume-role-policy-document", properties.Get("policy-document"))
	}
	in.add(k, account, k.read(commands, properties, account), "")
	return ""
}

// valueOf is the value of an option: a list or an object where it is written
// as one. What stands in a file, or comes of another command, isn't here.
func (in *intake) valueOf(name, value string) *source.Node {
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "file://"), strings.HasPrefix(value, "fileb://"):
		_, file, _ := strings.Cut(value, "://")
		in.note("--", source.Clip(name), " is in the file ", source.Clip(file), "; paste what is in it")
		return nil
	case strings.HasPrefix(value, "$"), strings.HasPrefix(value, "`"), strings.HasPrefix(value, "%"):
		in.note("--", source.Clip(name), " is what the shell has as ", source.Clip(value), "; paste that")
		return nil
	case strings.HasPrefix(value, "{"), strings.HasPrefix(value, "["):
		if root, err := source.ParseJSON(value); err == nil {
			return &root
		}
	case strings.HasPrefix(value, "Key="), strings.HasPrefix(value, "arn="), strings.HasPrefix(value, "ProviderArn="), strings.HasPrefix(value, "key="):
		all := list()
		for _, item := range strings.Fields(value) {
			entry := object()
			for _, pair := range strings.Split(item, ",") {
				if key, value, ok := strings.Cut(pair, "="); ok {
					set(entry, key, str(value))
				}
			}
			add(all, entry)
		}
		return all
	case name == "client-id-list" || name == "thumbprint-list" || name == "transitive-tag-keys" || name == "audience":
		all := list()
		for _, item := range strings.Fields(value) {
			add(all, str(item))
		}
		return all
	}
	return texted(value)
}

// isCall says whether an object has the parameters of a call of STS, as a
// file for --cli-input-json has them.
func isCall(n *source.Node) bool { return callOf(n) != "" }

// callOf is the operation whose parameters an object has.
func callOf(n *source.Node) string {
	if first(n, "RoleArn", "WebIdentityToken", "SAMLAssertion", "TargetPrincipal", "EncodedMessage") == nil {
		return ""
	}
	for line := range strings.Lines(operationsOfSTS) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		all := slices.ContainsFunc(n.Members, func(m source.Member) bool { return !slices.Contains(words[1:], m.Name) })
		switch {
		case all:
		case words[0] == "AssumeRole" && n.Get("RoleSessionName") == nil:
		case words[0] == withResponse && n.Get("SAMLAssertion") == nil, words[0] == withToken && n.Get("WebIdentityToken") == nil:
		default:
			return words[0]
		}
	}
	return ""
}

// takeCall takes a command or its input for the call that it makes.
func (in *intake) takeCall(p *piece) string {
	params := object()
	operation := ""
	if p.node != nil {
		operation = callOf(p.node)
		in.what = "the parameters of sts:" + operation
		for i := range p.node.Members {
			set(params, p.node.Members[i].Name, &p.node.Members[i].Value)
		}
	} else {
		_, command := subcommand(p.command)
		operation = operationOf(command)
		in.what = "the command aws sts " + command
		options := commandOptions(p.command)
		for _, name := range operationParameters(operation) {
			value, ok := options[kebab(name)]
			if !ok {
				continue
			}
			n := in.valueOf(kebab(name), value)
			switch {
			case n == nil:
			case name == "DurationSeconds" && wholeNumber(n) != nil:
				n = wholeNumber(n)
			case name == "PolicyArns" && is(n, source.Array), name == "Tags":
			case name == "TaskPolicyArn" && is(n, source.Array) && len(n.Items) == 1:
				n = &n.Items[0]
			case name == "Policy" && n.Kind == source.Object:
				n = str(value)
			}
			set(params, name, n)
		}
	}
	in.makeCall(operation, params)
	if token := params.Get("WebIdentityToken"); is(token, source.String) {
		if t, ok := readToken(token.Text); ok && t.claims != nil {
			in.keysWanted(t.header, t.claims)
			in.propose(t.claims)
			in.clock(t.claims)
		}
	}
	if arn := word(params.Get("RoleArn")); !in.asks && arn != "" {
		in.askFor(arn)
	}
	in.asks = true
	return ""
}

// wholeNumber is a value as a number; nil where it is none.
func wholeNumber(n *source.Node) *source.Node {
	if len(word(n)) > 9 {
		return nil
	}
	return (&field{form: number}).read(n, nil, "")
}

// makeCall puts a call in: in the place of the one in view where that asks for
// the same with a token or a response, or presents nothing yet; else as one
// more.
func (in *intake) makeCall(operation string, params *source.Node) {
	calls := in.list("calls")
	action := "sts:" + operation
	in.look("result")
	if in.call < len(calls) {
		call := calls[in.call]
		old := call.Get("params")
		if said(call, "action") == action && operation == withToken || tokenless(call) && len(calls) == 1 {
			kept := object()
			for _, name := range operationParameters(operation) {
				set(kept, name, old.Get(name))
			}
			for i := range params.Members {
				set(kept, params.Members[i].Name, &params.Members[i].Value)
			}
			if said(call, "action") != action {
				in.write(str(action), "calls", itoa(in.call), "action")
			}
			in.write(kept, "calls", itoa(in.call), "params")
			in.signedBy(operation)
			return
		}
	}
	in.call = len(calls)
	in.write(object("name", str(in.freeName(operation)), "action", str(action), "params", params), "calls", "-")
	in.signedBy(operation)
}

// signedBy gives a call that has to be signed a caller: the session of an
// earlier call, or a user of the account.
func (in *intake) signedBy(operation string) {
	calls := in.list("calls")
	if operation == withToken || operation == withResponse || given(calls[in.call].Get("caller")) != nil {
		return
	}
	caller := ""
	for i := in.call - 1; i >= 0 && caller == ""; i-- {
		if strings.HasPrefix(said(calls[i], "action"), "sts:AssumeRole") {
			caller = said(calls[i], "name")
		}
	}
	for _, user := range in.entriesOf(in.home, "Users") {
		if caller == "" {
			caller = arnOf(partOf("Users", ""), in.home, user)
		}
	}
	if caller == "" {
		caller = "arn:aws:iam::" + in.home + ":root"
		in.note("nothing says who calls; root of account ", in.home, " stands for it")
	} else {
		in.note("nothing says who calls; ", source.Clip(caller), " stands for it")
	}
	in.write(str(caller), "calls", itoa(in.call), "caller")
}

// takeSettings takes what a program or a workflow is told for a call.
func (in *intake) takeSettings(n *source.Node) string {
	arn := said(n, "RoleArn")
	if n.Get("secret") != nil {
		in.note("the access keys in it are left out: keep them to yourself")
	}
	file := said(n, "file")
	if arn == "" && file == "" && n.Get("RoleSessionName") == nil {
		if n.Get("secret") != nil {
			return "these are credentials of AWS, which are secrets; a scenario needs none"
		}
		return ""
	}
	in.what = "the configuration of a call"
	if account, _ := roleOf(arn); account != "" {
		in.askFor(arn)
	} else if arn != "" {
		in.note(source.Quote(arn), " is no ARN of a role")
	}
	if in.call >= len(in.list("calls")) {
		in.asking(withToken)
	}
	if name := said(n, "RoleSessionName"); name != "" {
		in.write(str(name), "calls", itoa(in.call), "params", "RoleSessionName")
	}
	if seconds := n.Get("DurationSeconds"); wholeNumber(seconds) != nil {
		in.write(wholeNumber(seconds), "calls", itoa(in.call), "params", "DurationSeconds")
	}
	if file != "" {
		in.note("the token is in the file ", source.Clip(file), "; paste what is in it")
	}
	in.look("result")
	return ""
}
