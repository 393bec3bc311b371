/**
 * Tells Stryker to leave alone what is only read by people: what is logged, and the sentence of an error or a refusal,
 * whose code is what programs go by. And the case that the types rule out, which nothing reaches.
 *
 * @typedef {object} Node The part of Babel's that counts.
 * @property {string} type
 * @property {string} [name]
 * @property {Node} [object]
 * @property {Node} [property]
 * @property {Node} [callee]
 * @property {Node} [body]
 * @property {Node | null} [test]
 * @property {Node[]} [consequent]
 * @property {Node | null} [argument]
 * @property {Node} [typeAnnotation]
 *
 * @typedef {{ node: Node, parent?: Node, listKey?: string, key?: string | number }} Path
 */

const SENTENCES = ['NewExpression GantryError', 'CallExpression refuse']
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'with']

/** @param {Path} path */
export function shouldIgnore({ node, parent, listKey, key }) {
  const called = node.type === 'ArrowFunctionExpression' ? node.body : node
  if (called?.type === 'CallExpression' && isLog(called.callee)) return 'what is logged'
  const maker = listKey === 'arguments' && key === 1 ? `${parent?.type} ${parent?.callee?.name}` : ''
  if (SENTENCES.includes(maker)) return 'the sentence of an error'
  if (node.type === 'SwitchCase' && !node.test && isNever(node.consequent?.[0])) return 'a case that is none'
  return undefined
}

/** @param {Node | undefined} statement `return x satisfies never` */
function isNever(statement) {
  const { argument } = statement ?? {}
  return argument?.type === 'TSSatisfiesExpression' && argument.typeAnnotation?.type === 'TSNeverKeyword'
}

/** @param {Node | undefined} callee */
function isLog(callee) {
  if (callee?.type !== 'MemberExpression' || !LEVELS.includes(callee.property?.name ?? '')) return false
  return (callee.object?.name ?? callee.object?.property?.name) === 'log'
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'words', value: { shouldIgnore } }]
