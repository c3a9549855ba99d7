// The gallery's scenarios, which arrive with the page so that choosing one
// needs no network.

import { get, isObject, type Json } from './json';

export class Examples {
  private entries: Json[] = [];

  constructor(url: string) {
    if (url !== '') void this.load(url);
  }

  private async load(url: string): Promise<void> {
    try {
      const response = await fetch(url);
      const entries: unknown = response.ok ? await response.json() : [];
      if (Array.isArray(entries)) this.entries = entries as Json[];
    } catch {
      // The gallery's links still lead to the examples, by way of the server.
    }
  }

  /** The scenario of an example; undefined where it isn't here. */
  find(slug: string): Json | undefined {
    const scenario = get(this.entries.find((entry) => get(entry, '/slug') === slug), '/scenario');
    return isObject(scenario) ? scenario : undefined;
  }
}
