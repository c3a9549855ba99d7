// Where the value at a JSON Pointer stands in a JSON text.

import { ensureSyntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';
import { parse, tokens } from './json';

/** The offset of the value at a pointer, or of the nearest value above it that the text has. */
export function placeOf(state: EditorState, pointer: string): number {
  const tree = ensureSyntaxTree(state, state.doc.length, 20);
  let node: SyntaxNode | null | undefined = tree?.topNode.firstChild;
  for (const token of tokens(pointer)) {
    const next = node && inside(state, node, token);
    if (!next) break;
    node = next;
  }
  return node?.from ?? 0;
}

function inside(state: EditorState, node: SyntaxNode, token: string): SyntaxNode | undefined {
  if (node.name === 'Array') {
    return values(node)[Number(token)];
  }
  if (node.name !== 'Object') return undefined;
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    if (name && parse(state.sliceDoc(name.from, name.to)) === token) return property.lastChild ?? undefined;
  }
  return undefined;
}

function values(array: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling) {
    if (/^(Object|Array|String|Number|True|False|Null)$/.test(child.name)) found.push(child);
  }
  return found;
}
