package sts

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

// GetAccessKeyInfoResponse is the response of GetAccessKeyInfo.
type GetAccessKeyInfoResponse struct {
	Account string
}

var paramAccessKeyID = parameter{name: "accessKeyId", min: 16, max: 128, pattern: `[\w]*`, inPattern: func(r rune) bool { return isNameRune(r) && !strings.ContainsRune("+=,.@-", r) }}

// GetAccessKeyInfo walks one call: parameters, caller, everyone's policies,
// and the account inside the key id. Whether the key exists isn't asked: "This
// operation does not indicate the state of the access key" (STS API reference).
func (world *World) GetAccessKeyInfo(call *scenario.Call, at time.Time) Result {
	f := newFacts(getAccessKeyInfo, call, at)
	w := newSigned(getAccessKeyInfo, call, f, 12)
	var broken violations
	broken.require(paramAccessKeyID, call.Params.AccessKeyID, sent(&call.Params, "AccessKeyId"))
	w.judgeParameters(broken, "AccessKeyId, as the API wants it", "caller's policies")
	known := w.checkAccountCaller(world, f)
	decision := w.mayCall(world, f, known)
	account := w.checkAccessKey(call.Params.AccessKeyID)
	return w.told(world, f, decision, &GetAccessKeyInfoResponse{account}, "The access key "+call.Params.AccessKeyID+" belongs to account "+account+".")
}

// mayCall asks the policies for an operation that knows no resource.
func (w *walk) mayCall(world *World, f *facts, known bool) *iam.Decision {
	if !known {
		w.skipPolicies()
		return nil
	}
	_, d := w.askPolicies(world, f, anyResource(f.caller), noKeys)
	return d
}

// checkAccessKey reads the account out of the key id. That AWS's own answer
// comes from there isn't documented; that the number is in there was found out
// by others, and every key since 2019 bears it out.
func (w *walk) checkAccessKey(id string) (account string) {
	const expected = "AKIA or ASIA, and 16 letters and digits of base 32 with the account's number in them"
	account, problem := accountOfKey(id)
	switch {
	case id == "":
		w.Skip("The request has no AccessKeyId.", ruleAccessKey)
	case account != "":
		kind := "long-term credentials of a user or of root"
		if strings.HasPrefix(id, "ASIA") {
			kind = "temporary credentials"
		}
		w.Pass(ruleAccessKey, expected, account, "The first six bytes after "+id[:4]+", shifted right by seven bits, are the account's number; "+id[:4]+" begins "+kind+".").AsModelled()
	case strings.HasPrefix(id, "AKIA") || strings.HasPrefix(id, "ASIA"):
		w.Fail(ruleAccessKey, trace.Playground("NotModelled", "The playground can't tell the account of "+id+"."), expected, id, problem)
	default:
		w.Fail(ruleAccessKey, validationError(wordingUnknown("The access key id is not valid")), expected, id, "Access key ids begin with AKIA or ASIA; other unique ids, such as AIDA… of a user and AROA… of a role, are no keys.").AsModelled()
	}
	return account
}

// accountOfKey is the account inside an access key id; "" and why in a
// sentence where none is.
func accountOfKey(id string) (account, problem string) {
	if len(id) != 20 || !strings.HasPrefix(id, "AKIA") && !strings.HasPrefix(id, "ASIA") {
		return "", "A key id has 20 characters, and this one has " + count(int64(len(id)), "character") + "; AWS alone knows whose it is."
	}
	raw, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		return "", "What follows " + id[:4] + " is no base 32, as in made-up ids of documentation; there is no account in it."
	}
	number := binary.BigEndian.Uint64(raw[:8]) >> 16
	if number>>47 == 0 {
		return "", "Keys made before 2019 don't have the account's number in them: their fifth character is a letter before Q. AWS knows from its records, and the playground has none."
	}
	return fmt.Sprintf("%012d", number<<17>>24), ""
}
