"""Mints SAML responses with pysaml2, for saml.interop.test.mjs.

Takes the folder that holds key.pem and cert.pem, and prints a JSON object of
three responses: assertion, response and both say what is signed.
"""

import json
import os
import sys

from saml2 import BINDING_HTTP_POST, saml
from saml2.config import IdPConfig
from saml2.server import Server

WORK = sys.argv[1]
ENTITY = "https://idp.example.test/saml"
ENDPOINT = "https://signin.aws.amazon.com/saml"
SP = "urn:amazon:webservices"
ACCOUNT = "arn:aws:iam::123456789012:"

SP_METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<AssertionConsumerService index="1" Binding="%s" Location="%s"/></SPSSODescriptor></EntityDescriptor>""" % (SP, BINDING_HTTP_POST, ENDPOINT)

MAP = """MAP = {
    "identifier": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
    "fro": {"https://aws.amazon.com/SAML/Attributes/Role": "role", "https://aws.amazon.com/SAML/Attributes/RoleSessionName": "name"},
    "to": {"role": "https://aws.amazon.com/SAML/Attributes/Role", "name": "https://aws.amazon.com/SAML/Attributes/RoleSessionName"},
}
"""


def main():
    maps = os.path.join(WORK, "maps")
    os.makedirs(maps, exist_ok=True)
    with open(os.path.join(maps, "aws.py"), "w") as f:
        f.write(MAP)
    config = IdPConfig().load({
        "entityid": ENTITY,
        "key_file": os.path.join(WORK, "key.pem"),
        "cert_file": os.path.join(WORK, "cert.pem"),
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "attribute_map_dir": maps,
        "metadata": {"inline": [SP_METADATA]},
        "service": {"idp": {
            "endpoints": {"single_sign_on_service": [("https://idp.example.test/sso", BINDING_HTTP_POST)]},
            "policy": {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None, "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}},
        }},
    })
    server = Server(config=config)
    identity = {"role": [ACCOUNT + "role/reader," + ACCOUNT + "saml-provider/IdP"], "name": ["dana@example.test"]}
    made = {}
    for name, assertion, response in (("assertion", True, False), ("response", False, True), ("both", True, True)):
        made[name] = str(server.create_authn_response(
            identity=identity, in_response_to=None, destination=ENDPOINT, sp_entity_id=SP,
            name_id=saml.NameID(text="dana@example.test", format=saml.NAMEID_FORMAT_PERSISTENT),
            authn={"class_ref": saml.AUTHN_PASSWORD, "authn_auth": ENTITY},
            sign_assertion=assertion, sign_response=response, sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            digest_alg="http://www.w3.org/2001/04/xmlenc#sha256"))
    print(json.dumps(made))


main()
