/**
 * The flags of `npm start`. Names are checked here so that a slip is told before anything is installed; what the
 * values mean is the program's to say (src/main/engine).
 *
 * @typedef {object} Flags
 * @property {boolean} headless
 * @property {'help' | 'version' | undefined} asks
 * @property {string[]} forwarded What the program gets, one argument per flag.
 */

/** @type {Readonly<Record<string, { readonly value?: string, readonly help: string }>>} */
const known = {
  '--headless': { help: 'no window: the same program with its dashboard in the browser' },
  '--demo': { help: 'adds simulated printers' },
  '--data-dir': { value: 'FOLDER', help: 'keeps everything in this folder' },
  '--port': { value: 'NUMBER', help: 'listens here for programs of this computer' },
  '--https-port': { value: 'NUMBER', help: 'listens here for other devices, once you let them in' },
  '--discovery': { help: 'looks for printers on the network (--no-discovery: does not)' },
  '--log-level': { value: 'LEVEL', help: 'how much the log tells' },
  '--check-results': { help: 'logs answers that are not as documented, for work on Gantry' },
  '--help': { help: 'shows this' },
  '--version': { help: 'shows the version' },
}

export const flagNames = Object.keys(known)

/**
 * @param {readonly string[]} argv
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Flags | { refusal: string }}
 */
export function parseFlags(argv, env = {}) {
  /** @type {Flags} */
  const flags = {
    headless: ['true', '1'].includes(env.GANTRY_HEADLESS ?? ''),
    asks: undefined,
    forwarded: [],
  }
  for (let at = 0; at < argv.length; at += 1) {
    const [name = '', ...rest] = (argv[at] ?? '').split('=')
    const isOff = name.startsWith('--no-') && isSwitch(name.replace('--no-', '--'))
    const flag = isOff ? known[name.replace('--no-', '--')] : Object.hasOwn(known, name) && known[name]
    if (!flag) return { refusal: `${argv[at]} is not a flag of Gantry: it knows ${flagNames.join(', ')}.` }
    if (flag.value === undefined) {
      if (rest.length > 0) return { refusal: `${name} takes no value: write it alone.` }
      if (name === '--help' || name === '--version') flags.asks = name === '--help' ? 'help' : 'version'
      else if (name === '--headless' || name === '--no-headless') flags.headless = !isOff
      else flags.forwarded.push(name)
      continue
    }
    if (rest.length === 0) at += 1
    const value = rest.length > 0 ? rest.join('=') : argv[at]
    if (!value || value.startsWith('--')) return { refusal: `${name} needs a value: ${name} ${flag.value}.` }
    flags.forwarded.push(`${name}=${value}`)
  }
  return flags
}

/** @param {string} name */
function isSwitch(name) {
  return (
    Object.hasOwn(known, name) &&
    known[name]?.value === undefined &&
    name !== '--help' &&
    name !== '--version'
  )
}

export function helpText() {
  const lines = Object.entries(known).map(
    ([name, { value, help }]) => `  ${[name, value].filter(Boolean).join(' ').padEnd(22)}${help}`,
  )
  return ['Usage: npm start -- [flags]', '', ...lines].join('\n')
}
