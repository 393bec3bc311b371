import type { Engine } from './engine.ts'

const LINK_LIFE_MS = 15 * 60_000

/** What a start without a window tells the person at the terminal. Only there: the code in it is the owner's right. */
export function signInText({ gateway, url }: Engine): string {
  const code = gateway.invite({ about: '', scopes: ['all'], lifeMs: LINK_LIFE_MS })
  return `Gantry runs without a window. This link opens its dashboard and signs one browser of this computer in, once:\n\n  ${url}/#invitation=${code}\n`
}
