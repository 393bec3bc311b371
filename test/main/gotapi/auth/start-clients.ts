import { GantryError } from '../../../../src/main/contract/error.ts'
import { createAccessStore } from '../../../../src/main/gotapi/auth/access-store.ts'
import type { Member } from '../../../../src/main/gotapi/auth/client.ts'
import { createClients } from '../../../../src/main/gotapi/auth/clients.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createLogRecorder } from '../../../fakes/log.ts'
import { type DiskOfTest, openTestStore, refusable } from '../../../fakes/store.ts'

export const full = () => new GantryError('data.full', 'The disk is full, so nothing can be saved.')
const secrets = { protect: (text: string) => text, reveal: (text: string) => text }
export const lamp = { pluginId: 'lamp', name: 'Lamp', identity: 'lamp 1', since: 0, isOnce: false }

/** Clients on a real database, whose disk the test may fill. */
export async function startClients() {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const disk: DiskOfTest = { fault: undefined }
  const store = createAccessStore(refusable(await openTestStore(clock), disk), secrets)
  let next = 0
  const random = (sizeBytes: number) => {
    next += 1
    return new Uint8Array(sizeBytes).fill(next)
  }
  const open = () => createClients({ clock, log, random, store, isLive: () => false })
  const clients = open()
  clients.start()
  const told: string[] = []
  clients.on('ended', ({ member, reason }) => told.push(`ended ${member.client.origin}: ${reason}`))
  clients.on('pluginEnded', ({ member, pluginId }) => told.push(`${pluginId} of ${member.client.origin}`))
  clients.on('changed', () => told.push('changed'))
  const asker = (name: string) => ({ origin: `http://${name}.test`, via: 'loopback' }) as const
  const ask = (name: string) => {
    const { id } = clients.create(asker(name), '')
    const member = clients.byId(id)
    if (!member) throw new Error('it is not there')
    return member
  }
  const letIn = (member: Member, isVisit = false) =>
    clients.issue(member, {
      name: member.client.origin,
      scopes: new Map([['system', clock.now() + 1_000]]),
      isVisit,
      isInvited: false,
      answerKey: undefined,
    })
  /** As after a restart. */
  const kept = () => {
    const later = open()
    later.start()
    const found = later.list().map(({ client, plugins, keepsLine }) => ({
      origin: client.origin,
      plugins: [...plugins.keys()],
      keepsLine,
    }))
    later.stop()
    return found
  }
  return { clients, store, clock, disk, lines, told, asker, ask, letIn, kept }
}
