package sts

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
)

// checkMFA looks at the device and code that the call passes. A code can be
// checked where the scenario has the device's seed, and is taken on trust
// elsewhere.
func (w *walk) checkMFA(world *World, f *facts) {
	p := &f.call.Params
	const expected = "SerialNumber of one of the caller's MFA devices and the TokenCode that it shows, if MFA is to count"
	switch {
	case p.SerialNumber == "" && p.TokenCode == "":
		w.Pass(ruleMFA, expected, "none passed", "")
		return
	case p.SerialNumber == "" || p.TokenCode == "":
		w.Fail(ruleMFA, errMFAPair, expected, mfaFound(p), "SerialNumber and TokenCode go together.")
		return
	case f.caller.user == nil || !slices.Contains(f.caller.user.MFADevices, p.SerialNumber):
		w.Fail(ruleMFA, errMFADevice, expected, mfaFound(p), "The device "+p.SerialNumber+" is none of the caller's MFADevices.")
		return
	}
	seed := world.seedOf(f.caller.Account, p.SerialNumber)
	if seed == nil {
		w.Assume(ruleMFA, "Whether the code is the one that the device shows can't be told here; what follows holds if it is.")
		f.mfa = true
		return
	}
	shown := codeAt(seed, f.at)
	// RFC 6238 §5.2 recommends one time step of grace; AWS documents none.
	f.mfa = slices.Contains([]string{codeAt(seed, f.at.Add(-timeStep)), shown, codeAt(seed, f.at.Add(timeStep))}, p.TokenCode)
	if !f.mfa {
		w.Fail(ruleMFA, errMFACode, "TokenCode "+shown, mfaFound(p), "At "+timestamp(f.at)+" the device shows "+shown+"; a code is good for half a minute.")
		return
	}
	w.Pass(ruleMFA, expected, mfaFound(p), "The code is the one that follows from the device's seed (RFC 6238).")
}

func mfaFound(p *scenario.Params) string {
	return "SerialNumber " + cmp.Or(p.SerialNumber, "missing") + ", TokenCode " + cmp.Or(p.TokenCode, "missing")
}

// seedOf is the seed of a virtual MFA device; nil where the scenario has none
// that can be read.
func (world *World) seedOf(account, serial string) []byte {
	a := world.accounts[account]
	if a == nil {
		return nil
	}
	for _, device := range a.VirtualMFADevices {
		if device.SerialNumber == serial && device.Base32StringSeed != "" {
			text := strings.ToUpper(strings.TrimRight(device.Base32StringSeed, "="))
			if seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text); err == nil {
				return seed
			}
		}
	}
	return nil
}

const timeStep = 30 * time.Second

// codeAt is the code of six digits that a device with the seed shows at a
// moment (RFC 6238 §4, RFC 4226 §5.3).
func codeAt(seed []byte, at time.Time) string {
	mac := hmac.New(sha1.New, seed)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/int64(timeStep/time.Second))))
	sum := mac.Sum(nil)
	number := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) &^ (1 << 31)
	return fmt.Sprintf("%06d", number%1_000_000)
}
