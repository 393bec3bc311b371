/**
 * Why nothing is heard of Gantry, as far as a page can tell. `nobody`: nothing is there. `mute`: something is, and says
 * nothing. `half`: it answers calls, and only the line for events is down. `inside`: Gantry's own window is left alone.
 */
export type LineFault = 'offline' | 'nobody' | 'mute' | 'half' | 'inside'

const patienceMs = 4_000
const ownNames = ['localhost', '127.0.0.1', '[::1]']

export async function findLineFault(
  ask: () => Promise<{ readonly result: 0 | 1 }>,
  page: { readonly isInside: boolean; readonly isOnline: boolean; readonly host: string },
): Promise<LineFault> {
  const { isInside, isOnline, host } = page
  if (!isInside && !isOnline && !ownNames.includes(host)) return 'offline'
  const answer = await Promise.race([ask(), after(patienceMs)])
  if (answer?.result === 0) return 'half'
  if (isInside) return 'inside'
  return answer ? 'nobody' : 'mute'
}

const after = (ms: number) => new Promise<undefined>(resolve => setTimeout(resolve, ms))
