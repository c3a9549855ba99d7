// The page's one Trusted Types policy. Two sinks need it: the report's HTML,
// which the engine escaped, and the worker's URL, which has to be a Blob.

interface Policy {
  createHTML(text: string): string;
  createScriptURL(url: string): string;
}

const rules: Policy = {
  createHTML: (text) => text,
  createScriptURL: (url) => {
    if (!url.startsWith('blob:')) throw new TypeError(`${url} is no Blob`);
    return url;
  },
};

declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

const policy = window.trustedTypes?.createPolicy('sts', rules) ?? rules;

/** The element that a part of the report is, of a document without a window, in which no script runs. */
export function reportHTML(text: string): Element {
  const inert = document.createElement('template');
  inert.innerHTML = policy.createHTML(text);
  return inert.content.firstElementChild ?? inert.content.ownerDocument.createElement('div');
}

export function workerURL(url: string): string {
  return policy.createScriptURL(url);
}
