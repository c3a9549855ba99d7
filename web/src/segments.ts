// The three segments of a compact token, each in its own hue, which they keep
// wherever they appear.

import type { Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const hues = ['seg-h', 'seg-p', 'seg-s'].map((name) => Decoration.mark({ class: name }));

export const compactToken: Extension = ViewPlugin.define(
  (view) => ({
    hues: segments(view),
    update(update: ViewUpdate) {
      if (update.docChanged) this.hues = segments(update.view);
    },
  }),
  { decorations: (plugin: { hues: DecorationSet }) => plugin.hues },
);

function segments(view: EditorView): DecorationSet {
  const text = view.state.doc.toString();
  const ranges = [];
  let from = 0;
  for (const hue of hues) {
    const dot = hue === hues[2] ? -1 : text.indexOf('.', from);
    const to = dot < 0 ? text.length : dot;
    if (to > from) ranges.push(hue.range(from, to));
    if (dot < 0) break;
    from = dot + 1;
  }
  return Decoration.set(ranges);
}
