import type { Page } from 'playwright-core'

/** Answers the oldest question from inside the permission window, with the rights that window has. */
export const decide = (window: Page, decision: 'allow' | 'once' | 'deny') =>
  window
    .evaluate(async wanted => {
      const answer = await globalThis.window.gantry.call('GET approvals', {})
      const id = answer.result === 0 ? (answer.approvals[0]?.id ?? '') : ''
      await globalThis.window.gantry.call('PUT approvals/decision', { id, decision: wanted })
    }, decision)
    // The window goes with the last question, often before it could hear the answer to its own call.
    .catch(() => undefined)

/** Where the dashboard can fetch something of weight over the byte channel. */
export const diagnosticsIn = (dashboard: Page): Promise<string> =>
  dashboard.evaluate(async () => {
    const answer = await globalThis.window.gantry.call('GET diagnostics', {})
    if (answer.result !== 0) throw new Error(answer.errorMessage)
    return `app://gantry${answer.bytes}`
  })
