package sts

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"
)

// Credentials are temporary security credentials, simulated: they open
// nothing, and each of their parts says so or is made from a hash.
type Credentials struct {
	AccessKeyId     string
	SecretAccessKey string
	SessionToken    string
	Expiration      string // RFC 3339, UTC
}

// AssumedRoleUser is the session as the response names it.
type AssumedRoleUser struct {
	AssumedRoleId string
	Arn           string
}

// seed is the hash that a call's simulated ids are made of: the same call of
// the same scenario always gets the same ones.
func seed(parts ...string) [32]byte {
	text := make([]byte, 0, 256)
	for _, p := range parts {
		text = append(binary.BigEndian.AppendUint64(text, uint64(len(p))), p...)
	}
	return sha256.Sum256(text)
}

// simulated are the last letters of every key id and unique id, in the
// alphabet of base 32.
const simulated = "SIM"

// accessKeyID makes a temporary key's id for the account. As in real ones
// the first six of its ten bytes hold the account number, shifted left by
// seven, below a set top bit.
func accessKeyID(account string, seed [32]byte) string {
	number, _ := strconv.ParseUint(account, 10, 64)
	var id [10]byte
	binary.BigEndian.PutUint64(id[:8], 1<<63|number<<23|uint64(seed[0]&0x7f)<<16)
	copy(id[6:], seed[1:5])
	text := base32.StdEncoding.EncodeToString(id[:])
	return "ASIA" + text[:len(text)-len(simulated)] + simulated
}

// uniqueID is the id of a role or user: a prefix of four letters and 17 more.
func uniqueID(prefix, arn string) string {
	s := seed(prefix, arn)
	return prefix + base32.StdEncoding.EncodeToString(s[:10])[:14] + simulated
}

// opensNothing begins every session token.
const opensNothing = "SIMULATED/session/token/that/opens/nothing/"

func credentials(account string, seed [32]byte, expires time.Time) Credentials {
	return Credentials{
		AccessKeyId:     accessKeyID(account, seed),
		SecretAccessKey: ("SIMULATED/opens/nothing/" + base64.StdEncoding.EncodeToString(seed[5:17]))[:40],
		SessionToken:    opensNothing + base64.StdEncoding.EncodeToString(seed[:]),
		Expiration:      timestamp(expires),
	}
}

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
