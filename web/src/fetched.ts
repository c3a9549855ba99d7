// What the page fetches: each thing once, by an address that it was served with.

let script: Promise<string> | undefined; // URL of the worker's Blob

/** The worker's script as a Blob's URL, so that the page's security policy governs it. */
export function workerScript(url: string): Promise<string> {
  script ??= bytes(url).then((text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  script.catch(() => (script = undefined)); // to be tried again
  return script;
}

export async function bytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}
