/**
 * Tells the person in front of the terminal what is going on: a step that takes over a second names itself and
 * what it waits for, and then how long it took. Short steps stay silent.
 *
 * @typedef {object} Say
 * @property {(sentence: string) => void} note
 * @property {<T>(title: string, waitsFor: string, work: () => Promise<T>) => Promise<T>} step
 */

const QUIET_MS = 1_000
const REPEAT_MS = 15_000

/**
 * @param {{ write: (text: string) => unknown, now?: () => number }} out
 * @returns {Say}
 */
export function createSay({ write, now = Date.now }) {
  /** @param {string} sentence */
  const note = sentence => {
    write(`gantry: ${sentence}\n`)
  }
  return {
    note,
    async step(title, waitsFor, work) {
      const startedAt = now()
      const seconds = () => Math.max(1, Math.round((now() - startedAt) / 1_000))
      let shown = false
      /** @type {NodeJS.Timeout} */
      let timer
      const show = () => {
        note(
          shown
            ? `${title}: ${seconds()} s so far, still waiting for ${waitsFor}`
            : `${title} (${waitsFor}) …`,
        )
        shown = true
        timer = setTimeout(show, REPEAT_MS)
      }
      timer = setTimeout(show, QUIET_MS)
      try {
        const result = await work()
        if (shown) note(`${title}: done in ${seconds()} s`)
        return result
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
