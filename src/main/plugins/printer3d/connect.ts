import { GantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Printers, PrinterView } from '../../printers/index.ts'

/** Of the 60 s a plug-in has for an answer (gotapi 15) the command itself needs the rest. */
const waitMs = 25_000
/** An application may ask many times a second; a printer that just did not answer is left in peace this long. */
const peaceMs = 5_000

/** The same printer, or why it cannot be asked now. */
export function online(view: PrinterView): PrinterView {
  const { link } = view.snapshot
  if (link.state === 'online') return view
  throw new GantryError('printer.offline', link.text ?? 'The printer does not answer.')
}

/** gotapi 113: a call for a printer without a connection makes the plug-in connect. */
export function createConnect({ printers, clock }: { readonly printers: Printers; readonly clock: Clock }) {
  const isWaiting = ({ snapshot: { link } }: PrinterView) =>
    // A wrong key does not become right by trying, and some printers lock who tries too often.
    link.state === 'offline' && link.cause !== 'key'

  return {
    /** For what is answered at once: the result comes later. */
    wake(id: string): PrinterView {
      const view = printers.get(id)
      if (isWaiting(view) && clock.now() - view.snapshot.link.since >= peaceMs) printers.tryNow(id)
      return view
    },
    /** For a command: resolves when the printer is there, rejects with why it is not. */
    async reach(id: string): Promise<PrinterView> {
      if (isWaiting(printers.get(id))) printers.tryNow(id)
      const isSettled = () => printers.get(id).snapshot.link.state !== 'connecting'
      if (!isSettled()) {
        await new Promise<void>(resolve => {
          const done = () => {
            stopTimer()
            stopListening()
            resolve()
          }
          const stopTimer = clock.after(waitMs, 'printer3d connect', done)
          const stopListening = printers.on('changed', changed => {
            if (changed === id && isSettled()) done()
          })
        })
      }
      return online(printers.get(id))
    },
  }
}
