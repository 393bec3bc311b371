import { onTestFinished } from 'vitest'
import type { Caller } from '../../../src/main/handlers/caller.ts'
import { failureOf } from '../../../src/main/handlers/failure.ts'
import type { Outcome } from '../../../src/main/handlers/outcome.ts'
import {
  type BuiltInPlugin,
  createPluginHost,
  type PluginHostDeps,
  type ServiceCall,
} from '../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

export const alice: Caller = { id: 'a', origin: 'http://alice.example.test', name: 'Alice', isOwner: false }
export const bob: Caller = { id: 'b', origin: 'http://bob.example.test', name: 'Bob', isOwner: false }
export const owner: Caller = { id: 'o', origin: 'app://gantry', name: 'Gantry', isOwner: true }

export function callOf(profile: string, more: Partial<ServiceCall> = {}): ServiceCall {
  return { action: 'GET', caller: alice, serviceId: `one.${profile}`, profile, params: {}, ...more }
}

/** As an application is told it. */
export const answered = (outcome: Outcome) =>
  outcome.result === 0 ? outcome : { result: 1, ...failureOf(outcome) }

/** A host with these plug-ins in this process, on a clock the test owns. */
export async function startHost(builtIns: readonly BuiltInPlugin[], more: Partial<PluginHostDeps> = {}) {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const off = new Set<string>()
  let codes = 0
  const host = createPluginHost({
    clock,
    log,
    uuid() {
      codes += 1
      return `00000000-0000-4000-8000-${String(codes).padStart(12, '0')}`
    },
    chance: () => 0.5,
    processes: {
      fork() {
        throw new Error('this test starts no process')
      },
    },
    runner: '',
    childEnv: {},
    dir: '/nowhere',
    builtIns,
    switches: {
      isEnabled: id => !off.has(id),
      setEnabled: (id, enabled) => void (enabled ? off.delete(id) : off.add(id)),
    },
    ownProfiles: ['settings'],
    sender: { product: 'Gantry', version: '0.0.0' },
    ...more,
  })
  // The front door guards in its place where there is one.
  const unguard = host.guard(() => undefined)
  await host.start()
  onTestFinished(() => host.stop())
  return { host, clock, log, lines, off, unguard }
}
