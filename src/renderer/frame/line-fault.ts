/**
 * Why nothing is heard of Gantry, as far as a page can tell. `nobody`: nothing is there. `mute`: something is, and says
 * nothing. `half`: it answers calls, and only the line for events is down. `inside`: Gantry's own window is left alone.
 */
export type LineFault = 'offline' | 'nobody' | 'mute' | 'half' | 'inside'

const patienceMs = 4_000
const ownNames = ['localhost', '127.0.0.1', '[::1]']

type Told = { readonly result: 0 } | { readonly result: 1; readonly errorCode: number }

export async function findLineFault(
  ask: () => Promise<Told>,
  page: { readonly isInside: boolean; readonly isOnline: boolean; readonly host: string },
): Promise<LineFault> {
  const { isInside, isOnline, host } = page
  if (!isInside && !isOnline && !ownNames.includes(host)) return 'offline'
  const told = await Promise.race([ask(), after(patienceMs)])
  if (told && isFromGantry(told)) return 'half'
  if (isInside) return 'inside'
  return told ? 'nobody' : 'mute'
}

/** A refusal is an answer, too; numbers below 1 are the page's own for what nobody answered. */
const isFromGantry = (told: Told) => told.result === 0 || told.errorCode > 0

const after = (ms: number) => new Promise<undefined>(resolve => setTimeout(resolve, ms))
