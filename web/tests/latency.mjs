// Measures the page in Chromium on loopback, and fails above the limits:
//
//   first verdict     the verdict painted that the page brings along, from navigation
//   keystroke         from the key to the verdict painted, 95th percentile
//   stall             the longest task of the page's own thread while typing
//
// Run by make bench, with nothing else running: these are times, not ratios.

import { editor, launch, open, ready, serve } from './site.mjs';

const limits = { 'first verdict': 800, keystroke: 50, stall: 50 }; // milliseconds
const loads = 5;
const keys = 120;

const site = await serve();
const browser = await launch();
try {
  const first = [];
  const alive = [];
  for (let i = 0; i < loads; i++) {
    const { page, context } = await open(browser, site.url, { alive: false });
    await ready(page);
    first.push(await firstVerdict(page));
    alive.push(await page.evaluate(() => performance.getEntriesByName('answered')[0].startTime));
    await context.close();
  }
  const { strokes, stall } = await typing();
  const figures = { 'first verdict': median(first), keystroke: percentile(strokes, 0.95), stall };
  console.log(`loads: ${first.map(Math.round).join(', ')} ms, then the engine's own first answer: ${alive.map(Math.round).join(', ')} ms; keystrokes: ${keys}, median ${median(strokes).toFixed(1)} ms`);
  for (const [name, figure] of Object.entries(figures)) {
    const over = figure > limits[name];
    console.log(`${over ? 'ABOVE' : 'within'}  ${name.padEnd(14)} ${figure.toFixed(1).padStart(7)} ms, limit ${limits[name]} ms`);
    if (over) process.exitCode = 1;
  }
} finally {
  await browser.close();
  site.stop();
}

/** Milliseconds from navigation to the first paint, which has the verdict that the server's engine came to. */
async function firstVerdict(page) {
  const html = await (await page.request.get(site.url)).text();
  if (!/id="verdict-words"[^>]*>[\s\S]*?STS accepts/.test(html)) throw new Error('the page brings no verdict along');
  return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
}

/** Types into the trust policy as a quick typist does, and watches the report change. */
async function typing() {
  const { page } = await open(browser, site.url);
  await editor(page, 'trust').click();
  await page.evaluate(() => {
    const { view } = document.querySelector('[data-editor="trust"]').shadowRoot.querySelector('.cm-content').cmTile;
    const at = view.state.doc.toString().indexOf('refs/heads/') + 'refs/heads/'.length;
    view.dispatch({ selection: { anchor: at } });
    window.stalls = [];
    new PerformanceObserver((list) => window.stalls.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
    window.strokes = [];
    let pressed = 0; // of the keys that wait for an answer, the first
    view.contentDOM.addEventListener('keydown', () => (pressed ||= performance.now()), true);
    // The task after the frame in which the report changed: it is painted.
    new MutationObserver(() => {
      const from = pressed;
      pressed = 0;
      if (from) requestAnimationFrame(() => setTimeout(() => window.strokes.push(performance.now() - from)));
    }).observe(document.querySelector('#report'), { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'data-wish'] });
  });
  for (let i = 0; i < keys; i++) {
    await page.keyboard.press(i % 12 < 6 ? 'x' : 'Backspace');
    await page.waitForTimeout(70);
  }
  await ready(page);
  const strokes = await page.evaluate(() => window.strokes);
  const stalls = await page.evaluate(() => window.stalls);
  if (strokes.length < keys / 2) throw new Error(`only ${strokes.length} of ${keys} keystrokes changed the report`);
  return { strokes, stall: Math.max(0, ...stalls) };
}

function median(values) {
  return percentile(values, 0.5);
}

function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
