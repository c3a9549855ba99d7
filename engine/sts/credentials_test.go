package sts

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
)

// accountOf decodes a key id as aws-cli users do: the first six of its ten
// bytes, without the top bit, shifted right by seven.
func accountOf(t *testing.T, keyID string) string {
	t.Helper()
	raw, err := base32.StdEncoding.DecodeString(keyID[4:])
	if err != nil {
		t.Fatal(err)
	}
	first := binary.BigEndian.Uint64(append([]byte{0, 0}, raw[:6]...))
	return fmt.Sprintf("%012d", first&0x7fffffffff80>>7)
}

func TestAKeyIDDecodesToTheAccount(t *testing.T) {
	if got := accountOf(t, "ASIAQNZGKIQY56JQ7WML"); got != "029608264753" {
		t.Fatalf("a real key id decodes to %s, want 029608264753", got)
	}
	for i, account := range []string{"000000000000", "000000000001", "029608264753", "111122223333", "123456789012", "999999999999"} {
		id := accessKeyID(account, seed(fmt.Sprint(i)))
		if len(id) != 20 || !strings.HasPrefix(id, "ASIA") || !strings.HasSuffix(id, simulated) {
			t.Errorf("got %s, want 20 characters, ASIA first, %s last", id, simulated)
		}
		if got := accountOf(t, id); got != account {
			t.Errorf("%s decodes to %s, want %s", id, got, account)
		}
	}
	if id := accessKeyID("123456789012", seed("x")); !strings.HasPrefix(id, "ASIARZPUZDIK") {
		t.Errorf("got %s, want the letters that account 123456789012 has, ASIARZPUZDIK", id)
	}
}

func TestCredentialsSayThatTheyAreSimulated(t *testing.T) {
	c := credentials("123456789012", seed("a"), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if len(c.SecretAccessKey) != 40 || !strings.HasPrefix(c.SecretAccessKey, "SIMULATED") || !strings.HasPrefix(c.SessionToken, "SIMULATED") {
		t.Errorf("got %+v", c)
	}
	if c.Expiration != "2026-01-02T03:04:05Z" {
		t.Errorf("got %s", c.Expiration)
	}
	if again := credentials("123456789012", seed("a"), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); again != c {
		t.Errorf("the same call gets %+v and %+v", c, again)
	}
	if other := credentials("123456789012", seed("b"), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); other.AccessKeyId == c.AccessKeyId {
		t.Error("two calls get one key id")
	}
}
