import { resolve } from 'node:path'
import { isProblem } from './problem.mjs'
import { createSay } from './progress.mjs'

/** What `npm start` and `npm test` have in common: where the project is, how to tell, how to stop. */

export const root = resolve(import.meta.dirname, '../..')

/**
 * Runs the work with a signal that Ctrl+C ends, and turns its outcome into the exit code.
 *
 * @param {(tools: { say: import('./progress.mjs').Say, signal: AbortSignal, release: () => void }) => Promise<number>} work
 *   `release` gives the signals back once the work takes care of them itself.
 */
export async function runEntry(work) {
  const say = createSay({ write: text => process.stderr.write(text) })
  const cancelling = new AbortController()
  const cancel = () => cancelling.abort()
  /** @type {NodeJS.Signals[]} */
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of names) process.on(name, cancel)
  const release = () => {
    for (const name of names) process.off(name, cancel)
  }
  try {
    process.exitCode = await work({ say, signal: cancelling.signal, release })
  } catch (error) {
    if (cancelling.signal.aborted) {
      say.note('Cancelled. Nothing is left half done; run the command again to go on.')
      process.exitCode = 130
    } else if (isProblem(error)) {
      say.note(error.message)
      process.exitCode = 1
    } else throw error
  } finally {
    release()
  }
}
