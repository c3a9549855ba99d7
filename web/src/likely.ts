// What a parameter, or a field of the world that names something, can be as
// far as the scenario itself says: what stands in it, and what earlier calls
// gave. What is nearest comes first.

import { get, isObject, type Json, type JsonObject } from './json';
import { callName } from './scenario';
import type { Suggestion } from './suggestions';

/** Where a value is wanted: the scenario, the calls before this number, and the account in view. */
export interface Wanted {
  scenario: Json;
  call: number;
  account: string;
}

type Find = (all: World) => Json[];

/** A scenario's accounts, the one in view first, and the calls before the one that asks, the last first. */
class World {
  private readonly accounts: [string, Json][];
  private readonly earlier: Json[];

  constructor(private readonly wanted: Wanted) {
    const accounts = get(wanted.scenario, '/accounts');
    const all = isObject(accounts) ? Object.entries(accounts) : [];
    this.accounts = [...all.filter(([id]) => id === wanted.account), ...all.filter(([id]) => id !== wanted.account)];
    this.earlier = list(get(wanted.scenario, '/calls')).slice(0, wanted.call).map((call, i) => (isObject(call) ? { ...call, name: callName(call, i) } : call)).reverse();
  }

  ids(): string[] {
    return this.accounts.map(([id]) => id);
  }

  /** A member of each entry of a list that accounts have. */
  of(kind: string, member: string): Json[] {
    return this.accounts.flatMap(([, account]) => list(get(account, `/${kind}`)).map((each) => get(each, member))).filter(said);
  }

  arns(kind: string, type: string, member: string): Json[] {
    return this.accounts.flatMap(([id, account]) => list(get(account, `/${kind}`)).map((each) => {
      const name = text(get(each, member)).replace(/^https:\/\//, '');
      return name === '' ? undefined : `arn:aws:iam::${id}:${type}${text(get(each, '/Path')) || '/'}${name}`;
    })).filter(said);
  }

  center(kind: string, member: string): Json[] {
    return list(get(this.wanted.scenario, `/identityCenter/${kind}`)).map((each) => get(each, member)).filter(said);
  }

  /** What earlier calls of the operations gave. */
  from(actions: RegExp): Json[] {
    return this.earlier.filter((call) => actions.test(text(get(call, '/action')))).map((call) => ({ from: text(get(call, '/name')) }));
  }

  /** A parameter of earlier calls of an operation. */
  said(action: string, param: string): Json[] {
    return this.earlier.filter((call) => get(call, '/action') === action).map((call) => get(call, `/params/${param}`)).filter(said);
  }

  issuers(member: string): Json[] {
    return list(get(this.wanted.scenario, '/issuers')).map((each) => get(each, member)).filter(said);
  }

  /** The accounts' own issuers of tokens for outside services. */
  outbound(): Json[] {
    return this.accounts.map(([, account]) => get(account, '/OutboundWebIdentityFederation/IssuerIdentifier')).filter(said);
  }
}

const found: Record<string, Find> = {
  roleArn: (all) => all.arns('Roles', 'role', '/RoleName'),
  principalArn: (all) => all.arns('SAMLProviders', 'saml-provider', '/Name'),
  openIDConnectProviderArn: (all) => all.arns('OpenIDConnectProviders', 'oidc-provider', '/Url'),
  serialNumber: (all) => [...all.of('Users', '/MFADevices').flat(), ...all.of('VirtualMFADevices', '/SerialNumber')].filter((each) => typeof each === 'string'),
  instanceId: (all) => all.of('Instances', '/InstanceId'),
  cluster: (all) => all.of('Clusters', '/name'),
  namespace: (all) => pods(all).map((pod) => get(pod, '/namespace')).filter(said),
  pod: (all) => pods(all).map((pod) => get(pod, '/name')).filter(said),
  serviceAccount: (all) => all.of('Clusters', '/serviceAccounts').flat().map((each) => get(each, '/name')).filter(said),
  podToken: (all) => all.of('Clusters', '').flatMap((cluster) => list(get(cluster, '/pods')).map((pod) => podToken(cluster, pod))).filter(said),
  trustAnchorArn: (all) => all.of('TrustAnchors', '/trustAnchorArn'),
  profileArn: (all) => all.of('RolesAnywhereProfiles', '/profileArn'),
  profileRole: (all) => [...all.of('RolesAnywhereProfiles', '/roleArns').flat(), ...all.arns('Roles', 'role', '/RoleName')],
  certificate: (all) => all.of('TrustAnchors', '/authority').map((authority) => ({ mint: { authority, subject: 'CN=machine-1' } })),
  identityPoolId: (all) => all.of('IdentityPools', '/IdentityPoolId'),
  identityId: (all) => all.from(/^cognito-identity:GetId$|^cognito-identity:GetOpenIdTokenForDeveloperIdentity$/),
  permissionSet: (all) => all.center('PermissionSets', '/Name'),
  assignedAccount: (all) => [...all.center('assignments', '/TargetId'), ...all.ids()],
  person: (all) => all.center('Users', '/UserName'),
  personOrGroup: (all) => [...all.center('Users', '/UserName'), ...all.center('Groups', '/DisplayName')],
  accessToken: (all) => all.from(/^sso-oidc:CreateToken$/),
  outsideToken: (all) => all.from(/^sts:GetWebIdentityToken$/),
  outsideIssuer: (all) => all.outbound(),
  outsideAudience: (all) => all.said('sts:GetWebIdentityToken', 'Audience').flat(),
  signinToken: (all) => all.from(/^signin:GetSigninToken$/),
  response: (all) => all.issuers('/entityId').map((issuer) => ({ mint: { issuer } })),
  encodedMessage: (all) => all.from(/^(?!sts:|iam:|cognito|sso|signin|imds|workload|eks-auth|rolesanywhere|relying)/),
  accessKeyId: (all) => all.ids().filter((id) => /^\d{12}$/.test(id)).map(accessKey),
  account: (all) => all.ids(),
  otherAccount: (all) => all.ids().slice(1),
};

/** What is found for a name: a parameter's, with its operation before it where the name alone isn't enough, or a member's of the world. */
const names: Record<string, string> = {
  RoleArn: 'roleArn', roleArn: 'roleArn', CustomRoleArn: 'roleArn', targetRoleArn: 'roleArn', authenticated: 'roleArn', unauthenticated: 'roleArn',
  'rolesanywhere:CreateSession roleArn': 'profileRole', trustAnchorArn: 'trustAnchorArn', profileArn: 'profileArn', certificate: 'certificate',
  PrincipalArn: 'principalArn', SAMLProviderArn: 'principalArn', OpenIDConnectProviderArn: 'openIDConnectProviderArn', SerialNumber: 'serialNumber',
  InstanceId: 'instanceId', node: 'instanceId', cluster: 'cluster', clusterName: 'cluster', namespace: 'namespace', pod: 'pod', serviceAccount: 'serviceAccount',
  'eks-auth:AssumeRoleForPodIdentity token': 'podToken', IdentityPoolId: 'identityPoolId', IdentityId: 'identityId',
  'sso:GetRoleCredentials roleName': 'permissionSet', permissionSet: 'permissionSet', accountId: 'assignedAccount', TargetId: 'account',
  signedInAs: 'person', principal: 'personOrGroup', accessToken: 'accessToken', TargetPrincipal: 'otherAccount',
  'relying-party:Verify Token': 'outsideToken', 'relying-party:Verify Issuer': 'outsideIssuer', 'relying-party:Verify Audience': 'outsideAudience',
  SigninToken: 'signinToken', SAMLResponse: 'response', EncodedMessage: 'encodedMessage', AccessKeyId: 'accessKeyId',
  'cognito-identity:GetOpenIdTokenForDeveloperIdentity IdentityId': '', // without one it makes one
};

/** What a new call begins with where the scenario has it; the others are the caller's choice. */
const first = /^(roleArn|trustAnchorArn|profileArn|certificate|InstanceId|cluster|clusterName|namespace|pod|token|IdentityPoolId|IdentityId|roleName|accountId|signedInAs|accessToken|TargetPrincipal|Token|Issuer|Audience|SigninToken|SAMLResponse|EncodedMessage|AccessKeyId|OpenIDConnectProviderArn|SAMLProviderArn)$/;

/** All that a parameter of the operation, or a member of the world, can be. */
export function likely(wanted: Wanted, action: string, name: string): Json[] {
  const find = found[names[`${action} ${name}`] ?? names[name] ?? ''];
  return find ? find(new World(wanted)) : [];
}

/** What a field may be completed to, by the operation of its call and the end of its pointer. */
export function completed(wanted: Wanted, action: string, bind: string): Suggestion[] {
  const all = likely(wanted, action, bind.replace(/^.*\//, '')).filter((each) => typeof each === 'string');
  return [...new Set(all)].map((value) => ({ value, type: '', about: '' }));
}

/** What those parameters of a new call begin with that say whom or what the call is about. */
export function begins(wanted: Wanted, action: string, params: string[]): JsonObject {
  const begun = params.filter((name) => first.test(name)).map((name): [string, Json | undefined] => [name, likely(wanted, action, name)[0]]);
  const values = Object.fromEntries(begun.filter((each): each is [string, Json] => each[1] !== undefined));
  if (values['SigninToken'] !== undefined) delete values['SAMLResponse']; // a form has one or the other
  return values;
}

function pods(all: World): Json[] {
  return all.of('Clusters', '/pods').flat();
}

/** An access key with the account's number inside: 40 bits of the first 48 behind AKIA, in base 32. */
function accessKey(account: string): string {
  let bits = ((1n << 47n) | (BigInt(account) << 7n)) << 2n;
  let text = '';
  for (let i = 0; i < 10; i++, bits >>= 5n) text = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number(bits & 31n)] + text;
  return `AKIA${text}SAMPLE`;
}

/** The token that the agent finds in a pod: of its service account, for the Pod Identity Agent. */
function podToken(cluster: Json, pod: Json): Json | undefined {
  const issuer = get(cluster, '/identity/oidc/issuer');
  if (typeof issuer !== 'string') return undefined;
  const sub = `system:serviceaccount:${text(get(pod, '/namespace'))}:${text(get(pod, '/serviceAccount'))}`;
  return { mint: { issuer, profile: 'eks-service-account', claims: { sub, aud: ['pods.eks.amazonaws.com'] } } };
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function said<T extends Json>(value: T | undefined): value is T {
  return value !== undefined && value !== '' && value !== null;
}
