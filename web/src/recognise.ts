// What a pasted text is, as far as it matters for the editor that it belongs
// into. The engine says what is wrong with a text; this finds it its place.

export type Thing = 'token' | 'response' | 'metadata' | 'jwks' | 'world';

/** How often something is taken off a text, and how much of it is looked at. */
const layers = 4;
const enough = 4096;

export function recognise(text: string): Thing | undefined {
  let rest = text.trim();
  if (/^(Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(rest)) return 'token';
  if (/^\{[^]*"keys"\s*:\s*\[/.test(rest) && /"kty"/.test(rest)) return 'jwks';
  if (world(rest)) return 'world';
  if (/\bSAMLResponse\b/.test(rest) && !rest.startsWith('<?xml')) return 'response';
  for (let i = 0; i < layers; i++) {
    if (rest.startsWith('<')) return root(rest);
    const inner = peel(rest);
    if (inner === undefined) return undefined;
    rest = inner.trim();
  }
  return undefined;
}

/** By these members the output of the AWS CLI, a template and a configuration are known. */
const members =
  'Role|Roles|RoleDetailList|User|Users|UserDetailList|Group|Groups|Policy|PolicyVersion|PolicyNames|AttachedPolicies|Url|SAMLMetadataDocument|SAMLProviderUUID|' +
  'RoleName|UserName|GroupName|OpenIDConnectProviderList|SAMLProviderList|VpcEndpoints|UserId|AWSTemplateFormatVersion|Resources|Parameters|Description|format_version|resource|data';

/** Whether a text may be what a world is made of: the engine has the last word. */
function world(text: string): boolean {
  if (/^\$?\s*aws (iam|organizations|s3api|kms|ec2|sts) /.test(text)) return true;
  if (text.startsWith('{')) return new RegExp(`^\\{\\s*"(${members})"\\s*:`).test(text) && !/"accounts"\s*:\s*\{/.test(text);
  return /^(resource|data|variable|provider) "|^(terraform|locals) \{/m.test(text) || new RegExp(`^(${members}):( |$)`, 'm').test(text);
}

function root(xml: string): Thing | undefined {
  const name = /<(?:[\w.-]+:)?([A-Za-z]\w*)[\s/>]/.exec(xml.replace(/<!--[^]*?-->|<\?[^]*?\?>/g, ''))?.[1];
  if (name === 'Response') return 'response';
  return name === 'EntityDescriptor' || name === 'EntitiesDescriptor' ? 'metadata' : undefined;
}

/** The text without its URL encoding or base64; undefined where it has neither. */
function peel(text: string): string | undefined {
  try {
    if (/^[\w+/=-]*%[0-9a-fA-F]{2}/.test(text)) return decodeURIComponent(text.slice(0, enough).replace(/%[^%]{0,1}$/, ''));
    const letters = text.slice(0, enough).replace(/\s/g, '');
    // Base64 of "<" and a question mark or a letter begins so.
    if (/^P[DEFGH][\w+/]+=*$/.test(letters)) return atob(letters.slice(0, letters.length - (letters.length % 4)));
  } catch {
    // It only looked like it.
  }
  return undefined;
}
