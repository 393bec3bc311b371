import { gotapi } from './gotapi.mjs'

/**
 * Turns a test run into the tables of `docs/conformance.md`. A test proves the lines its name begins with:
 * `gotapi 56: the server closes …` or `gotapi 51, 53: …`.
 *
 * @typedef {object} Standard
 * @property {string} id What the names of its tests begin with.
 * @property {string} title
 * @property {readonly string[]} asks
 * @property {ReadonlyMap<number, string>} notApplicable Why, by number.
 *
 * @typedef {{ title: string, status: string }} TestResult
 * @typedef {{ name: string, assertionResults: readonly TestResult[] }} TestFile
 */

/** @type {readonly Standard[]} */
export const standards = [
  { id: 'gotapi', title: 'GotAPI and its 3D-printer plug-in', asks: gotapi, notApplicable: new Map() },
]

const HEAD = `# Conformance

What the standards ask, line by line, and the tests that prove it. Written by \`npm test\`; do not edit.
`

/**
 * @param {readonly Standard[]} list
 * @param {readonly TestFile[]} files Their names are relative to the project.
 */
export function conformanceTables(list, files) {
  return `${HEAD}${list.map(standard => table(standard, files)).join('')}`
}

/**
 * @param {Standard} standard
 * @param {readonly TestFile[]} files
 */
function table({ id, title, asks, notApplicable }, files) {
  const proofs = proofsOf(id, files)
  const rows = asks.map((ask, at) => {
    const number = at + 1
    const why = notApplicable.get(number)
    const { statuses = [], names = [] } = proofs.get(number) ?? {}
    const status = why === undefined ? statusOf(statuses) : `not applicable: ${why}`
    return { status, line: `| ${id} ${number} | ${ask} | ${status} | ${names.join('<br>')} |` }
  })
  const passed = rows.filter(row => row.status === 'pass').length
  const strange = [...proofs.keys()].filter(number => number > asks.length || number < 1)
  return `
## ${title}

${passed} of ${asks.length} lines pass.${strange.length > 0 ? ` Tests name lines that do not exist: ${strange.join(', ')}.` : ''}

| line | what it asks | status | test file |
|---|---|---|---|
${rows.map(row => row.line).join('\n')}
`
}

/**
 * @param {string} id
 * @param {readonly TestFile[]} files
 */
function proofsOf(id, files) {
  const pattern = new RegExp(`^${id} (\\d+(?:, ?\\d+)*):`)
  /** @type {Map<number, { statuses: string[], names: string[] }>} */
  const proofs = new Map()
  for (const { name, assertionResults } of files.toSorted((a, b) => a.name.localeCompare(b.name, 'en')))
    for (const { title, status } of assertionResults)
      for (const number of pattern.exec(title)?.[1]?.split(',').map(Number) ?? []) {
        const proof = proofs.get(number) ?? { statuses: [], names: [] }
        proof.statuses.push(status)
        if (!proof.names.includes(name)) proof.names.push(name)
        proofs.set(number, proof)
      }
  return proofs
}

/** @param {readonly string[]} statuses */
function statusOf(statuses) {
  if (statuses.includes('failed')) return 'fail'
  return statuses.includes('passed') ? 'pass' : 'untested'
}
