import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ThirdPartyPlugin } from '../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { answerEverything, createTestApp, createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'

const origins = ['http://one.example.test', 'http://two.example.test'] as const
const ids = ['lamp', 'scale'] as const
const thirdParty = ids.map(
  (id): ThirdPartyPlugin => ({ id, name: id, manufacturer: '', profiles: [id], identity: `${id} 1` }),
)

const origin = fc.constantFrom(...origins)
const id = fc.constantFrom(...ids)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('call' as const), origin, id }) },
  fc.record({ kind: fc.constant('revoke' as const), origin, id }),
  fc.record({ kind: fc.constant('switch off and on' as const), id }),
  fc.record({ kind: fc.constant('new token' as const), origin }),
  fc.record({ kind: fc.constant('new grant' as const), origin }),
  fc.record({ kind: fc.constant('restart' as const) }),
)
const decision = fc.constantFrom('allow' as const, 'once' as const, 'deny' as const)

const runs = 60
const betweenMs = 61_000

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Decision = typeof decision extends fc.Arbitrary<infer T> ? T : never
type App = ReturnType<typeof createTestApp>

/** A Gantry, its applications, and what its owner said, as they would remember it. */
interface World {
  door: TestDoor
  readonly apps: Map<string, App>
  readonly said: Map<string, 'allow' | 'once'>
}

const keyOf = (app: string, plugin: string) => `${app} ${plugin}`

function forget({ said }: World, matches: (key: string, how: 'allow' | 'once') => boolean): void {
  for (const [key, how] of [...said]) if (matches(key, how)) said.delete(key)
}

async function letIn(door: TestDoor, app: string): Promise<App> {
  const test = createTestApp(door, app)
  await test.beAllowed(ids.join(','))
  return test
}

function appOf({ apps }: World, app: string): App {
  const found = apps.get(app)
  if (!found) throw new Error(`${app} was never let in.`)
  return found
}

async function ownerOf({ door }: World) {
  const owner = createTestApp(door, 'http://owner.example.test')
  await owner.enter('all')
  const { apps } = (await owner.call('GET apps')) as { apps: { clientId: string; origin: string }[] }
  return { owner, clientIdOf: (app: string) => apps.find(each => each.origin === app)?.clientId ?? '' }
}

async function call(world: World, app: string, plugin: string, answer: Decision): Promise<void> {
  const { said } = world
  const { services, gotapi } = world.door
  const key = keyOf(app, plugin)
  const before = services.calls.length
  let asked = 0
  const stop = gotapi.desk.onChange(pending => {
    asked += pending.length
    for (const question of pending) gotapi.desk.decide(question.id, answer)
  })
  const outcome = await appOf(world, app).call(`GET ${plugin}/level`, { serviceId: `x1.${plugin}` })
  stop()
  expect(asked).toBe(said.has(key) ? 0 : 1)
  if (asked > 0 && answer !== 'deny') said.set(key, answer)
  expect(outcome.result).toBe(said.has(key) ? 0 : 1)
  expect(services.calls.length - before).toBe(said.has(key) ? 1 : 0)
}

async function revoke(world: World, app: string, plugin: string): Promise<void> {
  const { owner, clientIdOf } = await ownerOf(world)
  const { result } = await owner.call('DELETE apps/plugin', { clientId: clientIdOf(app), pluginId: plugin })
  expect(result).toBe(world.said.delete(keyOf(app, plugin)) ? 0 : 1)
}

async function renew(world: World, app: string): Promise<void> {
  const { clientIdOf } = await ownerOf(world)
  const stop = answerEverything(world.door, 'allow')
  const params = { clientId: clientIdOf(app), scope: ids.join(',') }
  const renewed = await appOf(world, app).call('GET authorization/accesstoken', params)
  stop()
  appOf(world, app).token = String(renewed.accessToken)
  forget(world, (key, how) => key.startsWith(`${app} `) && how === 'once')
}

async function restart(world: World): Promise<void> {
  world.door = await world.door.again()
  for (const [app, { token }] of [...world.apps]) {
    const back = createTestApp(world.door, app)
    back.token = token
    world.apps.set(app, back)
  }
  forget(world, (_key, how) => how === 'once')
}

function switchOffAndOn(world: World, plugin: string): void {
  world.door.services.lose(plugin)
  world.door.services.foreign.push(...thirdParty.filter(each => each.id === plugin))
  forget(world, key => key.endsWith(` ${plugin}`))
}

async function play(world: World, what: Step, answer: Decision): Promise<void> {
  switch (what.kind) {
    case 'call':
      return call(world, what.origin, what.id, answer)
    case 'revoke':
      return revoke(world, what.origin, what.id)
    case 'switch off and on':
      return switchOffAndOn(world, what.id)
    case 'new token':
      return renew(world, what.origin)
    case 'new grant':
      world.apps.set(what.origin, await letIn(world.door, what.origin))
      return forget(world, key => key.startsWith(`${what.origin} `))
    case 'restart':
      return restart(world)
    default:
      return what satisfies never
  }
}

it('gotapi 7.4: nothing reaches a third-party plug-in but what its owner’s last word allows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, decision), { minLength: 8, maxLength: 24 }), async steps => {
      const clock = createFakeClock()
      const door = await createTestDoor({ clock, foreign: thirdParty })
      const world: World = { door, apps: new Map(), said: new Map() }
      for (const app of origins) world.apps.set(app, await letIn(door, app))
      for (const [what, answer] of steps) {
        // The owner may be asked ten times a minute; that is another test's.
        await clock.advance(betweenMs)
        await play(world, what, answer)
      }
      await world.door.close()
    }),
    { numRuns: runs },
  )
}, 120_000)
