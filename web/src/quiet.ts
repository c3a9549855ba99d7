// When the page does what nobody waits for. Two seconds after the first answer
// its reader has what the page was opened for; sooner, the same work would slow
// down the first click and the first keystroke.

/** How long after the first answer it waits; milliseconds. */
const rest = 2_000;

/** How long it then waits for a moment in which the page has nothing to do; milliseconds. */
const patience = 3_000;

/** Does a task in a quiet moment, and surely within some seconds. */
export function whenQuiet(task: () => void): void {
  window.setTimeout(() => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(task, { timeout: patience });
    else task(); // Safari
  }, rest);
}
