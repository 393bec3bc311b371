/**
 * Tells Stryker to leave alone what is only read by people: what is logged, and the sentence of an error, whose code is
 * what programs go by.
 *
 * @typedef {{ type: string, name?: string, object?: Node, property?: Node, callee?: Node }} Node The part of Babel's that counts.
 * @typedef {{ node: Node, parent?: Node, listKey?: string, key?: string | number }} Path
 */

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error']

/** @param {Path} path */
export function shouldIgnore({ node, parent, listKey, key }) {
  if (node.type === 'CallExpression' && isLog(node.callee)) return 'what is logged'
  const isSentence = parent?.type === 'NewExpression' && listKey === 'arguments' && key === 1
  if (isSentence && parent.callee?.name === 'GantryError') return 'the sentence of an error'
  return undefined
}

/** @param {Node | undefined} callee */
function isLog(callee) {
  if (callee?.type !== 'MemberExpression' || !LEVELS.includes(callee.property?.name ?? '')) return false
  return (callee.object?.name ?? callee.object?.property?.name) === 'log'
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'words', value: { shouldIgnore } }]
