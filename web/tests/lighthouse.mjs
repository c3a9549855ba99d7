// Lighthouse's marks of the start page: with its settings for desktops at least
// 95 in each category, and 90 for speed with those for phones, on which it
// counts four times the work and a slow network. Speed is the best of three
// runs, since what else the machine does makes it slower and never quicker.
// Lighthouse is had by npx: in the lock file it would break every install
// whenever one of its own dependencies, which it names as "latest", moves on.

import { spawnSync } from 'node:child_process';
import { quietly, serve } from './site.mjs';

const lighthouse = ['--yes', 'lighthouse@12.8.2'];
const devices = [
  { name: 'desktop', flags: ['--preset=desktop'], least: 95 },
  { name: 'phone', flags: ['--only-categories=performance'], least: 90 },
];

const site = await serve();
try {
  for (const { name, flags, least } of devices) {
    for (const [category, mark] of Object.entries(bestMarks(flags, least))) {
      console.log(`${name.padEnd(9)}${category.padEnd(16)}${mark}`);
      if (mark < least) process.exitCode = 1;
    }
  }
} finally {
  site.stop();
}

/** The marks by category, and on the way what costs those that are too low. */
function bestMarks(flags, least) {
  const best = {};
  for (let run = 0; run < 3 && !(best.performance >= least); run++) {
    const said = spawnSync('npx', [...lighthouse, site.url, ...flags, '--output=json', '--quiet', `--chrome-flags=--headless=new ${quietly.join(' ')}`], {
      encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? '/usr/bin/chromium' },
    });
    if (said.status !== 0) throw new Error(said.stderr);
    const { categories, audits } = JSON.parse(said.stdout);
    for (const { id, score, auditRefs } of Object.values(categories)) {
      best[id] = Math.max(best[id] ?? 0, Math.round(score * 100));
      if (Math.round(score * 100) >= least) continue;
      for (const { id, weight } of auditRefs) {
        const { title, score, displayValue = '' } = audits[id];
        if (weight > 0 && score !== null && score < 0.9) console.log(`  ${title} ${displayValue}`);
      }
    }
  }
  return best;
}
