package sts

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// DecodeAuthorizationMessageResponse is the response of DecodeAuthorizationMessage.
type DecodeAuthorizationMessageResponse struct {
	DecodedMessage string
}

var paramEncodedMessage = parameter{name: "encodedMessage", min: 1, max: 10240, sensitive: true}

// simulatedMessage begins the encoded messages of the playground.
const simulatedMessage = "SIMULATED-authorization-failure-message-"

// refuseAction is AWS's answer to an action that the policies refuse. EC2 has
// a code of its own, and seals what was decided into an encoded message, but
// for what only describes (seen in real answers). The message is returned as
// well, for DecodeAuthorizationMessage.
func (world *World) refuseAction(f *actionFacts, d *iam.Decision) (err *trace.Error, message string) {
	text := d.AccessDenied(f.caller.ARN, f.call.Action, f.target.arn)
	service, name, _ := strings.Cut(f.call.Action, ":")
	if !strings.EqualFold(service, "ec2") || d.Effect == iam.Allow || f.caller.Account == "" {
		return trace.Sender("AccessDenied", 403, text), ""
	}
	text = "You are not authorized to perform this operation. " + text
	if !strings.HasPrefix(name, "Describe") && !strings.HasPrefix(name, "Get") {
		hash := seed("authorization message", f.call.Name, timestamp(f.at), text)
		message = simulatedMessage + base64.RawURLEncoding.EncodeToString(hash[:])
		world.messages[message] = decodedMessage(world, f, d)
		text = strings.TrimSuffix(text, ".") + ". Encoded authorization failure message: " + message
	}
	return trace.Sender("UnauthorizedOperation", 403, text), message
}

// DecodeAuthorizationMessage walks one call: parameters, caller, everyone's
// policies, and the message, where it is one of the playground's own.
func (world *World) DecodeAuthorizationMessage(call *scenario.Call, message string, at time.Time) Result {
	f := newFacts(decodeAuthorizationMessage, call, at)
	w := newSigned(decodeAuthorizationMessage, call, f, 12)
	var broken violations
	if from := call.Params.EncodedMessage.From; from == "" || message != "" {
		broken.require(paramEncodedMessage, message, call.Params.EncodedMessage.Given)
	}
	w.judgeParameters(broken, "EncodedMessage, as the API wants it", "caller's policies")
	known := w.checkAccountCaller(world, f)
	decision := w.mayCall(world, f, known)
	decoded := w.checkMessage(world, message, call.Params.EncodedMessage.From)
	return w.told(world, f, decision, &DecodeAuthorizationMessageResponse{decoded}, "The message says why the call was refused, and with which condition keys.")
}

func (w *walk) checkMessage(world *World, message, from string) (decoded string) {
	const expected = "the message of a call that was refused, whole and unchanged"
	decoded = world.messages[message]
	invalid := trace.Sender("InvalidAuthorizationMessageException", 400, wordingUnknown("The encoded message is not valid"))
	stray := strings.IndexFunc(message, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '=')
	})
	const shortest = 200 // real ones have several hundred characters
	switch {
	case message == "" && from != "":
		w.Fail(ruleMessage, invalid, expected, "none", "The call "+quote(from)+" wasn't refused with an encoded message: of the services here EC2 alone gives one, and not for what only describes.").AsModelled()
	case message == "":
		w.Skip("The request has no EncodedMessage.", ruleMessage)
	case decoded != "":
		world.room.Take(len(decoded))
		if world.room.Spent() {
			decoded = "{}"
		}
		w.Pass(ruleMessage, expected, shorten(message), "The playground sealed it, and opens it; the decoded message has the form that real ones have.").AsModelled()
	case stray >= 0:
		w.Fail(ruleMessage, invalid, expected, shorten(message), "The message has a character that no encoded message has, at place "+strconv.Itoa(stray+1)+": line breaks and quotation marks come in where it is copied.").AsModelled()
	case strings.HasPrefix(message, simulatedMessage) || len(message) < shortest:
		w.Fail(ruleMessage, invalid, expected, shorten(message), "No call of this scenario gave this message; it may be cut short or changed.").AsModelled()
	default:
		w.Fail(ruleMessage, trace.Playground("NotModelled", "Only AWS can decode this message."), expected, shorten(message),
			"The message is sealed with a key that only AWS has. To read it: aws sts decode-authorization-message --encoded-message …, with the permission sts:DecodeAuthorizationMessage.")
	}
	return decoded
}

// What a decoded message has at most: it is told as often as it is asked for.
const (
	mostConditions = 60
	mostItems      = 20
	mostItem       = 300 // bytes of one text
)

// decodedMessage is what the message says, in the form of decoded ones that
// people have shown.
func decodedMessage(world *World, f *actionFacts, d *iam.Decision) string {
	c := f.caller
	var matched []source.Node
	if d.Effect == iam.ExplicitDeny {
		matched = append(matched, matchedStatement(c, denyingOf(d)))
	}
	ctx := world.actionContext(f)
	var conditions []source.Node
	for _, key := range ctx.Keys() {
		value, _ := ctx.Lookup(key)
		if len(conditions) == mostConditions {
			break
		}
		conditions = append(conditions, jsonObject("key", jsonText(key), "values", jsonItems(value.Values)))
	}
	name := c.value("aws:username")
	if name == "" {
		name = lastSegment(c.ARN)
	}
	n := jsonObject(
		"allowed", jsonBool(false), "explicitDeny", jsonBool(d.Effect == iam.ExplicitDeny),
		"matchedStatements", jsonObject("items", source.Node{Kind: source.Array, Items: matched}),
		"failures", jsonObject("items", source.Node{Kind: source.Array}),
		"context", jsonObject(
			"principal", jsonObject("id", jsonText(c.value("aws:userid")), "name", jsonText(name), "arn", jsonText(c.ARN)),
			"action", jsonText(f.call.Action), "resource", jsonText(f.target.arn),
			"conditions", jsonObject("items", source.Node{Kind: source.Array, Items: conditions})))
	return string(source.AppendJSON(nil, &n))
}

// matchedStatement is the statement that denied.
func matchedStatement(c *Caller, s *iam.StatementDecision) source.Node {
	var conditions []source.Node
	for i := range s.Conditions[:min(len(s.Conditions), mostConditions)] {
		conditions = append(conditions, jsonObject("key", jsonText(s.Conditions[i].Key), "values", jsonItems(s.Conditions[i].Wanted)))
	}
	return jsonObject("statementId", jsonText(s.Sid), "effect", jsonText("DENY"),
		"principals", jsonItems([]string{c.value("aws:userid")}), "principalGroups", jsonItems(nil),
		"actions", jsonItems(s.Action.Wanted), "resources", jsonItems(s.Resource.Wanted),
		"conditions", jsonObject("items", source.Node{Kind: source.Array, Items: conditions}))
}

// jsonItems is a list as decoded messages write them.
func jsonItems(values []string) source.Node {
	list := source.Node{Kind: source.Array}
	for _, v := range values[:min(len(values), mostItems)] {
		list.Items = append(list.Items, jsonObject("value", jsonText(strings.ToValidUTF8(v[:min(len(v), mostItem)], ""))))
	}
	return jsonObject("items", list)
}

// jsonObject is a JSON object of names and nodes in turn.
func jsonObject(members ...any) source.Node {
	n := source.Node{Kind: source.Object}
	for i := 0; i < len(members); i += 2 {
		n.Members = append(n.Members, source.Member{Name: members[i].(string), Value: members[i+1].(source.Node)})
	}
	return n
}

func jsonText(s string) source.Node { return source.Node{Kind: source.String, Text: s} }

func jsonBool(b bool) source.Node { return source.Node{Kind: source.Bool, Text: strconv.FormatBool(b)} }
