// Asks an independent evaluator, @cloud-copilot/iam-simulate, about requests:
// a JSON list of its Simulation objects on standard input, a list of answers
// on standard output. Its licence is the AGPL-3.0: it is run here as a program
// of its own, for tests, and is no part of what is built.
//
// usage: node iam-simulate.mjs FOLDER, which has node_modules in it

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.argv[2], 'package.json'));
const { runSimulation } = require('@cloud-copilot/iam-simulate');

const answers = [];
for (const simulation of JSON.parse(readFileSync(0, 'utf8'))) {
  const result = await runSimulation(simulation, {});
  answers.push(result.resultType === 'error' ? `error: ${JSON.stringify(result.errors)}` : result.overallResult);
}
process.stdout.write(JSON.stringify(answers));
