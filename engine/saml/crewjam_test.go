package saml

import (
	"os"
	"path/filepath"
	"testing"
)

// TestResponsesOfCrewjam plays every response of the module's test data: real
// ones of Okta, OneLogin, Shibboleth and others, and the wrapping attacks on
// them. Each is listed with what has to come of it.
func TestResponsesOfCrewjam(t *testing.T) {
	dir := filepath.Join(crewjamDir(t), "testdata")
	content := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const (
		oneLogin    = "TestSPCanHandleOneloginResponse_IDPMetadata"
		signedA     = "TestServiceProviderCanHandleSignedAssertionsResponse_IDPMetadata"
		secureworks = "TestSPRealWorldKeyInfoHasRSAPublicKeyNotX509Cert_idp_metadata"
		okta        = "TestSPCanHandleOktaResponseEncryptedAssertionBothSigned_IDPMetadata"
	)
	for _, c := range []struct {
		name, metadata, privateKey string
		reason                     Reason // 0: genuine
		why                        string
	}{
		{"SP_SamlResponse", "SP_IDPMetadata", "sp_key.pem", 0, "Shibboleth, encrypted"},
		{"TestSPResponseWithNoIssuer_response", "SP_IDPMetadata", "sp_key.pem", 0, "the same, without an Issuer on the Response"},
		{"TestSPCanHandleOneloginResponse_response", oneLogin, "", 0, "OneLogin, the Response signed"},
		{"TestServiceProviderCanHandleSignedAssertionsResponse_response", signedA, "", 0, "OneLogin, the Assertion signed"},
		{"TestSPCanHandlePlaintextResponse_response", "TestSPCanHandlePlaintextResponse_IDPMetadata", "", 0, "Google, the Response signed"},
		{"TestSPRejectsInjectedComment_response", "TestSPRejectsInjectedComment_IDPMetadata", "", 0, "the same; the test puts a comment into it"},
		{"TestSPRejectsMalformedResponse_response", "TestSPRejectsMalformedResponse_IDPMetadata", "", 0, "the same; the test breaks it"},
		{"TestSPRealWorldKeyInfoHasRSAPublicKeyNotX509Cert_response", secureworks, "", 0, "SHA-1, a KeyValue, an ID that begins with a digit"},
		{"TestSPRealWorldAssertionSignedNotResponse_response", "TestSPRealWorldAssertionSignedNotResponse_idp_metadata", "", 0, "the same provider, the Assertion signed"},
		{"TestSPCanHandleOktaSignedResponseEncryptedAssertion_response", okta, "sp_key.pem", 0, "Okta, encrypted, the Response signed"},
		{"TestSPCanHandleOktaResponseEncryptedSignedAssertion_response", okta, "sp_key.pem", 0, "Okta, encrypted, the Assertion signed"},
		{"TestSPCanHandleOktaResponseEncryptedAssertionBothSigned_response", okta, "sp_key.pem", 0, "Okta, encrypted, both signed"},
		{"TestIDPCanHandleUnencryptedResponse_response", "idp_cert.pem", "", BadSignature, "indented after it was signed"},
		{"TestIDPMakeResponse_response.xml", "idp_cert.pem", "", WrongShape, "no assertion"},
		{"TestSPMultipleAssertions", secureworks, "", WrongShape, "two assertions"},
		{"TestXswPermutationOneIsRejected_response", oneLogin, "", WrongShape, "the signed Response inside the signature of another"},
		{"TestXswPermutationTwoIsRejected_response", oneLogin, "", WrongShape, "the signed Response before the signature of another"},
		{"TestXswPermutationThreeIsRejected_response", signedA, "", WrongShape, "an assertion before the signed one"},
		{"TestXswPermutationFourIsRejected_response", signedA, "", WrongShape, "the signed assertion inside another"},
		{"TestXswPermutationFiveIsRejected_response", signedA, "", WrongShape, "the signed assertion behind another with its signature"},
		{"TestXswPermutationSixIsRejected_response", signedA, "", WrongShape, "the signed assertion in the signature of another"},
		{"TestXswPermutationSevenIsRejected_response", signedA, "", WrongShape, "an assertion in Extensions"},
		{"TestXswPermutationEightIsRejected_response", signedA, "", WrongShape, "the signed assertion in an Object"},
		{"TestXswPermutationNineIsRejected_response", signedA, "", WrongShape, "a variation of that"},
		{"TestParseXMLArtifactResponse_response", "", "", OtherRoot, "a SOAP envelope"},
		{"TestParseXMLArtifactResponse_assertion", "", "", OtherRoot, "a bare assertion"},
		{"TestSPCanProduceRedirectLogoutResponse_decodedResponse", "", "", OtherRoot, "a LogoutResponse"},
		{"TestIDPMarshalAssertion_encrypted_assertion", "", "", IllFormed, "a piece without its namespaces"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refusal := func() *Refusal {
				d, refusal := Read(content(c.name))
				if refusal != nil {
					return refusal
				}
				r, refusal := Open(d)
				if refusal != nil {
					return refusal
				}
				if r.Encrypted {
					keys := ReadPrivateKeys(content(c.privateKey))
					if keys[0].Problem != "" {
						t.Fatal(keys[0].Problem)
					}
					if refusal := r.Decrypt(Usable(keys)); refusal != nil {
						return refusal
					}
				}
				var keys []Key
				if c.metadata != "" {
					keys = keysOf(t, content(c.metadata))
				}
				_, refusal = r.Verify(keys)
				return refusal
			}()
			switch {
			case refusal == nil && c.reason != 0, refusal != nil && refusal.Reason != c.reason:
				t.Errorf("got %s want %v", describeRefusal(refusal), c.reason)
			case refusal != nil:
				checkRefusal(t, refusal)
			}
		})
	}
}
