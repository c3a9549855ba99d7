// Lessons: scenarios with something to mend. What a lesson says is drawn by
// the tools, its boxes by the engine with each report; here it is followed
// which lesson is in view, whether it is done, and which ones were.

import { inWorkshop, workshop } from './address';
import { json } from './fetched';
import { equal, escape, get, isObject, type Json, mergePatch, type Operation, parse, patch, put, tokens } from './json';
import { element, hide } from './says';
import { typed, untyped } from './scenario';
import { store, stored } from './stored';
import { showTab } from './tabs';
import { reportHTML } from './trusted';

/** What the page does for lessons. */
export interface Page {
  scenario(): Json;
  /** What a reset brings back. */
  origin(): Json;
  /** Puts a scenario in the place of this one, which can be undone. */
  change(next: Json): void;
  /** Opens a lesson as what a reset brings back. */
  open(lesson: Json, query: string): void;
  choose(call: number): void;
  draw(scenario: string): Promise<string[]>;
  speak(words: string): void;
}

/** A lesson as the page was given it, and its place in its course. */
interface Entry {
  slug: string;
  title: string;
  course: string;
  scenario: Json;
  number: number;
  of: number;
  before: string;
  after: string;
}

/** Where the slugs of the lessons that are done are kept, those of a workshop by themselves: in this browser, and nowhere else. */
const storage = workshop === '' ? 'lessons-done' : `lessons-done ${workshop}`;

export class Lessons {
  private readonly part = element('pane-lesson');
  private entries: Entry[] = [];
  private drawn: Json | undefined; // the lesson that is in view
  private done = new Set<string>(read());
  private met = false;
  private fresh = false; // the lesson is in view, and hasn't been played yet

  constructor(private readonly page: Page) {
    element('forget-progress').addEventListener('click', () => {
      this.done.clear();
      write(this.done);
      this.mark();
      element('lessons').querySelector('summary')?.focus();
    });
    if (this.part.hidden) return;
    this.drawn = get(page.scenario(), '/lesson'); // it was served with its texts
    this.fresh = true;
    showTab('lesson');
  }

  /** Fetches the courses, with which the page was served. */
  async load(url: string): Promise<void> {
    if (url === '') return;
    try {
      this.take(list(await json(url)));
    } catch {
      // The overview's links still lead to the lessons, by way of the server.
    }
  }

  private take(courses: Json[]): void {
    this.entries = courses.flatMap((course) => {
      const lessons = list(get(course, '/lessons'));
      const slug = (i: number): string => text(get(lessons[i], '/slug'));
      return lessons.map((lesson, i) => ({
        slug: slug(i),
        title: text(get(lesson, '/title')),
        course: text(get(course, '/title')),
        scenario: typed(get(lesson, '/scenario') ?? null),
        number: i + 1,
        of: lessons.length,
        before: slug(i - 1),
        after: slug(i + 1),
      }));
    });
    this.mark();
    if (this.drawn !== undefined) this.introduce(this.page.scenario());
  }

  /** Opens a lesson; false where it isn't here. */
  open(slug: string): boolean {
    const entry = this.entries.find((candidate) => candidate.slug === slug);
    if (!entry) return false;
    element('lessons').removeAttribute('open');
    this.page.open(entry.scenario, `?lesson=${encodeURIComponent(slug)}`);
    element('lesson-title').focus();
    return true;
  }

  /** Shows the lesson of the scenario, if it has one. */
  follow(): void {
    const scenario = this.page.scenario();
    const lesson = get(scenario, '/lesson');
    document.documentElement.toggleAttribute('data-teaches', isObject(lesson));
    hide(this.part, !isObject(lesson));
    if (!isObject(lesson)) {
      this.drawn = undefined;
      return;
    }
    const same = this.drawn !== undefined && equal(this.drawn, lesson);
    this.judge(same && this.met);
    if (same) return;
    this.drawn = lesson;
    this.fresh = true;
    showTab('lesson');
    this.introduce(scenario);
    void this.draw(scenario, lesson);
  }

  /** Takes what a report says of the task. A lesson begins at its first empty box. */
  report(met: boolean): void {
    this.judge(met);
    const box = this.part.querySelector<HTMLElement>('#tasks li:not(.is-passed) [data-call]');
    if (this.fresh && box && !this.part.hidden) this.page.choose(Number(box.dataset['call']));
    this.fresh = false;
  }

  /** Follows whether everything that the task wants holds. */
  private judge(met = this.met): void {
    this.met = met;
    const entry = this.entry();
    const elsewhere = this.elsewhere();
    hide(element('lesson-elsewhere'), !elsewhere);
    const done = met && !elsewhere;
    const before = this.part.hasAttribute('data-done');
    this.part.toggleAttribute('data-done', done);
    if (!done) return;
    if (!before) this.page.speak('The task is done.');
    if (!entry || this.done.has(entry.slug)) return;
    this.done.add(entry.slug);
    write(this.done);
    this.mark();
  }

  /** Does what a button of the lesson is for. */
  press(what: string): void {
    const original = this.original();
    if (what === 'solve') this.solve();
    else if (what === 'mend') this.page.change(this.mended());
    else if (what === 'restart' && original !== undefined) this.page.change(original);
  }

  /** Writes the solution, which is a JSON Patch or a JSON Merge Patch, into the lesson as it was written. */
  private solve(): void {
    const original = untyped(this.original() ?? this.page.scenario());
    const solution = get(original, '/lesson/solution');
    try {
      const solved = Array.isArray(solution) ? patch(original, solution as unknown as Operation[]) : (mergePatch(original, solution ?? {}) ?? null);
      this.page.change(this.taken(typed(solved)));
    } catch (error) {
      this.page.speak(`The solution doesn’t fit: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  private introduce(scenario: Json): void {
    const entry = this.entry();
    const course = text(get(scenario, '/lesson/course'));
    element('lesson-title').textContent = text(get(scenario, '/title'));
    element('lesson-place').textContent = entry ? `${entry.course} · ${entry.number} of ${entry.of}` : course;
    for (const [id, slug] of [['lesson-before', entry?.before], ['lesson-after', entry?.after]] as const) {
      const link = element(id) as HTMLAnchorElement;
      hide(link, !slug);
      if (!slug) continue;
      link.href = `./${inWorkshop(`?lesson=${encodeURIComponent(slug)}`)}`;
      link.dataset['take'] = slug;
    }
    for (const link of document.querySelectorAll<HTMLElement>('#lessons [data-take]')) {
      if (link.dataset['take'] === entry?.slug) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  private async draw(scenario: Json, lesson: Json): Promise<void> {
    const drawn = await this.page.draw(JSON.stringify({ title: get(scenario, '/title') ?? '', lesson })).catch(() => []);
    if (this.drawn !== lesson) return; // another came meanwhile
    for (const [i, id] of ['lesson-says', 'lesson-helps'].entries()) {
      const holder = element(id);
      const html = drawn[i];
      if (html === undefined) holder.textContent = i === 0 ? text(get(lesson, '/task')) : '';
      else holder.replaceChildren(reportHTML(html)); // nothing of the lesson before stays open
    }
  }

  /** The lesson as it was written: the one that the page was served with, else what was opened. */
  private original(): Json | undefined {
    const origin = this.page.origin();
    return this.entry()?.scenario ?? (equal(get(origin, '/lesson'), get(this.page.scenario(), '/lesson')) ? origin : undefined);
  }

  private entry(): Entry | undefined {
    const scenario = this.page.scenario();
    return this.entries.find((entry) => equal(get(entry.scenario, '/lesson'), get(scenario, '/lesson')) && entry.title === get(scenario, '/title'));
  }

  /** Whether something is changed that the task isn't about. Calls may be added. */
  private elsewhere(): boolean {
    if (this.original() === undefined) return false;
    const scenario = this.page.scenario();
    const mended = this.mended();
    // A document may stand as an object or as its text.
    return !equal(untyped(shortened(scenario, list(get(mended, '/calls')).length)), untyped(mended));
  }

  /** The lesson as it was written, with what was done at the places that the task is about. */
  private mended(): Json {
    return this.taken(this.page.scenario());
  }

  /** The lesson as it was written, with what a scenario has at the places that the task is about. */
  private taken(scenario: Json): Json {
    const original = this.original() ?? scenario;
    let taken = original;
    for (const pointer of list(get(original, '/lesson/editable'))) {
      if (typeof pointer !== 'string') continue;
      const place = within(scenario, pointer);
      taken = put(taken, place, get(scenario, place)) ?? null;
    }
    return taken;
  }

  /** Shows which lessons are done. */
  private mark(): void {
    let count = 0;
    for (const link of document.querySelectorAll<HTMLElement>('#lessons .courses [data-take]')) {
      const done = this.done.has(link.dataset['take'] ?? '');
      if (done) count++;
      const word = link.querySelector<HTMLElement>('.done');
      if (word) hide(word, !done);
    }
    element('lessons-done').textContent = count === 0 ? '' : `${count} of ${this.entries.length} done.`;
    hide(element('forget-progress'), this.done.size === 0);
  }
}

/** A pointer, or where it leads into a document that is text, that of the text. */
function within(scenario: Json, pointer: string): string {
  let at = '';
  for (const token of tokens(pointer)) {
    if (typeof get(scenario, at) === 'string') break;
    at += `/${escape(token)}`;
  }
  return at;
}

function shortened(scenario: Json, calls: number): Json {
  const all = list(get(scenario, '/calls'));
  return all.length > calls ? (put(scenario, '/calls', all.slice(0, calls)) ?? null) : scenario;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function read(): string[] {
  const slugs = parse(stored('localStorage', storage) ?? '');
  return list(slugs).filter((slug) => typeof slug === 'string');
}

function write(done: Set<string>): void {
  store('localStorage', storage, done.size === 0 ? null : JSON.stringify([...done]));
}
