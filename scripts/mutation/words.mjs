/**
 * Tells Stryker to leave alone what is only read by people: what is logged, the sentence of an error or a refusal, whose
 * code is what programs go by, and the name of a timer. And the case that the types rule out, which nothing reaches.
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
const TIMERS = ['after', 'every']
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'with']

/** @param {Path} path */
export function shouldIgnore({ node, parent, listKey, key }) {
  const called = node.type === 'ArrowFunctionExpression' ? node.body : node
  if (called?.type === 'CallExpression' && isLog(called.callee)) return 'what is logged'
  const user = listKey === 'arguments' && key === 1 ? parent : undefined
  if (SENTENCES.includes(`${user?.type} ${user?.callee?.name}`)) return 'the sentence of an error'
  if (isOf('clock', TIMERS, user?.callee)) return 'the name of a timer'
  if (node.type === 'SwitchCase' && !node.test && isNever(node.consequent?.[0])) return 'a case that is none'
  return undefined
}

/** @param {Node | undefined} statement `return x satisfies never` */
function isNever(statement) {
  const { argument } = statement ?? {}
  return argument?.type === 'TSSatisfiesExpression' && argument.typeAnnotation?.type === 'TSNeverKeyword'
}

/** @param {Node | undefined} callee */
const isLog = callee => isOf('log', LEVELS, callee)

/**
 * @param {string} owner
 * @param {readonly string[]} verbs
 * @param {Node | undefined} callee
 */
function isOf(owner, verbs, callee) {
  if (callee?.type !== 'MemberExpression' || !verbs.includes(callee.property?.name ?? '')) return false
  return (callee.object?.name ?? callee.object?.property?.name) === owner
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'words', value: { shouldIgnore } }]
