import type { SimPrinter } from './sim-printer.ts'
import type { SimReply, SimRequest } from './sim-server.ts'

/** What lies on the card stands among the simulated printer's files under this. */
export const onCard = /^sdcard:/

export interface OctoPrintCard {
  lay(name: string, content: string): void
  /** As OctoPrint knows it: from when it read the card last. */
  list(): readonly object[]
  answer(request: SimRequest): SimReply
  stop(): void
}

/** Every command to a card goes through the serial line and is answered when the printer gets to it. */
const cardMs = 2_000

/** The card of a printer behind OctoPrint: what is asked of it is accepted at once and done later. */
export function createOctoPrintCard(sim: SimPrinter, onRead: () => void): OctoPrintCard {
  const { clock } = sim
  const timers = new Set<() => void>()
  let known: readonly object[] = []

  const later = (run: () => void) => {
    const cancel = clock.after(cardMs, 'sim octoprint card', () => {
      timers.delete(cancel)
      run()
    })
    timers.add(cancel)
  }
  const read = () =>
    later(() => {
      known = sim.state().files.flatMap(({ path, sizeBytes }) => {
        const name = path.replace(onCard, '')
        return path === name
          ? []
          : [{ name, display: name, path: name, origin: 'sdcard', type: 'machinecode', size: sizeBytes }]
      })
      onRead()
    })
  return {
    lay(name, content) {
      sim.addFile(`sdcard:${name}`, content)
      read()
    },
    list: () => known,
    answer({ method, path: asked }) {
      const path = `sdcard:${asked.slice('/api/files/sdcard/'.length)}`
      const { files, job, machine } = sim.state()
      if (!files.some(each => each.path === path)) return { status: 404 }
      if (method === 'DELETE') {
        if (job?.file.path === path && machine === 'printing') return { status: 409 }
        later(() => {
          sim.act({ kind: 'delete-file', path })
          read()
        })
        return { status: 204 }
      }
      if (method !== 'POST') return { status: 404 }
      // M23, and with its answer M24.
      later(() => sim.act({ kind: 'start', path }))
      return { status: 204 }
    },
    stop() {
      for (const cancel of timers) cancel()
    },
  }
}
