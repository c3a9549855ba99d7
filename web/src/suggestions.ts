// What a field may be completed to, as far as the scenario itself says.

import { get, isObject, type Json, parse } from './json';
import { callName, givesSession, isOperation } from './scenario';

export interface Suggestion {
  value: string;
  /** What kind of thing it is, in a word or two; empty where that is plain. */
  type: string;
  /** One sentence about it; empty for none. */
  about: string;
}

/** What a field holds, as its data-complete says. */
export type Subject = 'caller' | 'action' | 'resource' | 'key' | 'policy' | 'parameter';

/** Everything that the scenario has for a subject, what is nearest first. A caller is one of the call with that number. */
export function suggest(subject: Exclude<Subject, 'parameter'>, scenario: Json, call: number): Suggestion[] {
  const found = subject === 'caller' ? callers(scenario, call) : subject === 'policy' ? managedPolicies(scenario) : fromPolicies(subject, scenario);
  const seen = new Set<string>();
  return found.filter(({ value }) => !seen.has(value) && seen.add(value));
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function accounts(scenario: Json): [string, Json][] {
  const all = get(scenario, '/accounts');
  return isObject(all) ? Object.entries(all) : [];
}

/** Who can sign a call: the sessions of the calls before it, users, roles, root, and services of AWS. */
function callers(scenario: Json, before: number): Suggestion[] {
  const sessions = list(get(scenario, '/calls')).slice(0, before).flatMap((call, i) => {
    const action = text(get(call, '/action'));
    return isOperation(call) && givesSession(action) ? [{ value: callName(call, i), type: 'session', about: text(get(call, '/params/RoleArn')) || action }] : [];
  });
  return [...sessions, ...principals(scenario), ...services.map((name) => ({ value: `service/${name}.amazonaws.com`, type: 'service', about: '' }))];
}

/** Services that assume roles for their users. */
const services = ['ec2', 'lambda', 'ecs-tasks', 'pods.eks', 'rolesanywhere', 'codebuild', 'cloudformation', 'states', 'events', 's3'];

/** Users, roles and root of the scenario's accounts. */
export function principals(scenario: Json): Suggestion[] {
  return accounts(scenario).flatMap(([id, account]) => {
    const arn = (kind: string, path: Json | undefined, name: Json | undefined): string => `arn:aws:iam::${id}:${kind}${text(path) || '/'}${text(name)}`;
    return [
      ...list(get(account, '/Users')).map((user) => ({ value: arn('user', get(user, '/Path'), get(user, '/UserName')), type: 'user', about: '' })),
      ...list(get(account, '/Roles')).map((role) => ({ value: arn('role', get(role, '/Path'), get(role, '/RoleName')), type: 'role', about: 'A session of it, without what STS would put into it.' })),
      { value: `arn:aws:iam::${id}:root`, type: 'root user', about: '' },
    ];
  });
}

/** A policy document of the scenario, and what it is called. */
interface Written {
  name: string;
  document: Json;
}

function written(scenario: Json): Written[] {
  const all: Written[] = [];
  const add = (name: string, document: Json | undefined): void => {
    const read = typeof document === 'string' ? parse(document) : document;
    if (isObject(read)) all.push({ name, document: read });
  };
  for (const [, account] of accounts(scenario)) {
    for (const kind of ['Roles', 'Users', 'Groups']) {
      for (const owner of list(get(account, `/${kind}`))) {
        for (const policy of list(get(owner, '/Policies'))) add(text(get(policy, '/PolicyName')), get(policy, '/PolicyDocument'));
        add('permissions boundary', get(owner, '/PermissionsBoundary'));
      }
    }
    for (const policy of list(get(account, '/Policies'))) add(text(get(policy, '/PolicyName')), get(policy, '/PolicyDocument'));
    for (const resource of list(get(account, '/Resources'))) add(text(get(resource, '/Arn')), get(resource, '/Policy'));
    for (const endpoint of list(get(account, '/VpcEndpoints'))) add(text(get(endpoint, '/VpcEndpointId')), get(endpoint, '/PolicyDocument'));
    for (const kind of ['ServiceControlPolicies', 'ResourceControlPolicies']) {
      for (const level of list(get(account, `/${kind}`))) for (const policy of list(level)) add(kind === 'ServiceControlPolicies' ? 'SCP' : 'RCP', policy);
    }
  }
  for (const call of list(get(scenario, '/calls'))) add('session policy', get(call, '/params/Policy'));
  return all;
}

function fromPolicies(subject: 'action' | 'resource' | 'key', scenario: Json): Suggestion[] {
  const found: Suggestion[] = [];
  if (subject === 'resource') {
    for (const [id, account] of accounts(scenario)) {
      for (const resource of list(get(account, '/Resources'))) found.push({ value: text(get(resource, '/Arn')), type: `in account ${id}`, about: '' });
    }
  }
  for (const { name, statement } of statements(scenario)) found.push(...fromStatement(subject, statement, name));
  for (const call of list(get(scenario, '/calls'))) {
    if (!isOperation(call) && subject !== 'key') found.push({ value: text(get(call, `/${subject}`)), type: '', about: 'Asked about before.' });
  }
  return found.filter(({ value }) => value !== '');
}

function statements(scenario: Json): { name: string; statement: Json }[] {
  return written(scenario).flatMap(({ name, document }) => [get(document, '/Statement')].flat().flatMap((statement) => (isObject(statement) ? [{ name, statement }] : [])));
}

/** An action that a statement allows, and a resource that it allows it on; of those that were asked about none, where there are others. */
export function askable(scenario: Json): { action: string; resource: string } {
  const asked = new Set(list(get(scenario, '/calls')).map((call) => get(call, '/action')));
  const allowed = statements(scenario).filter(({ statement }) => get(statement, '/Effect') === 'Allow').flatMap(({ statement }) => {
    const resource = fromStatement('resource', statement, '').at(-1)?.value ?? '*';
    return fromStatement('action', statement, '').map(({ value }) => ({ action: value, resource }));
  });
  return allowed.find(({ action }) => !asked.has(action)) ?? allowed[0] ?? { action: 's3:GetObject', resource: 'arn:aws:s3:::example-bucket/example' };
}

function fromStatement(subject: 'action' | 'resource' | 'key', statement: Json, name: string): Suggestion[] {
  const about = name === '' ? '' : `Named in ${name}.`;
  const named = (member: string): string[] => [get(statement, `/${member}`)].flat().map(text);
  switch (subject) {
    case 'action':
      return [...named('Action'), ...named('NotAction')].filter((action) => /^[a-z0-9-]+:[A-Za-z0-9]+$/i.test(action) && !/^sts:/i.test(action)).map((value) => ({ value, type: '', about }));
    case 'resource':
      return [...named('Resource'), ...named('NotResource')].filter((arn) => arn.startsWith('arn:')).map((arn) => ({ value: concrete(arn), type: '', about: concrete(arn) === arn ? about : `Matches ${arn}${name === '' ? '' : ` of ${name}`}.` }));
    case 'key':
      return Object.values(object(get(statement, '/Condition'))).flatMap((keys) => Object.keys(object(keys))).map((value) => ({ value, type: '', about }));
  }
}

/** One resource that a pattern means: its variables and wildcards stand for something. */
function concrete(pattern: string): string {
  return pattern.replace(/\$\{[^}]*\/([^}/]*)\}/g, '$1').replace(/\$\{([^}]*)\}/g, '$1').replace(/[*?]+/g, 'example');
}

function object(value: Json | undefined): Record<string, Json> {
  return isObject(value) ? value : {};
}

function managedPolicies(scenario: Json): Suggestion[] {
  return accounts(scenario).flatMap(([id, account]) => [
    ...list(get(account, '/Policies')).map((policy) => ({ value: `arn:aws:iam::${id}:policy${text(get(policy, '/Path')) || '/'}${text(get(policy, '/PolicyName'))}`, type: 'customer managed', about: '' })),
    ...['Roles', 'Users', 'Groups'].flatMap((kind) => list(get(account, `/${kind}`)).flatMap((owner) => list(get(owner, '/AttachedPolicies')).map((policy) => ({ value: text(get(policy, '/PolicyArn')), type: '', about: 'Attached elsewhere.' })))),
  ]).filter(({ value }) => value !== '');
}
