import type { Dispose } from '../lib/dispose.ts'
import { fedPrinters } from './fed.ts'
import type { Printers } from './printers.ts'

/** A print that is fed from this machine dies when the machine sleeps: while there is one, sleep is held off. */
export function holdOffSleep(
  printers: Pick<Printers, 'list' | 'on'>,
  keepAwake: (reason: string) => Dispose,
): Dispose {
  let letSleep: Dispose | undefined

  const look = () => {
    const fed = fedPrinters(printers.list())
    if (fed.length > 0) letSleep ??= keepAwake(`${fed.map(({ name }) => name).join(', ')}: printing`)
    else {
      letSleep?.()
      letSleep = undefined
    }
  }
  const stops = [printers.on('changed', look), printers.on('removed', look)]
  look()
  return () => {
    for (const stop of stops) stop()
    letSleep?.()
    letSleep = undefined
  }
}
