import { expect, it, onTestFinished } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { createEngine } from '../../../src/main/engine/index.ts'
import { createTestConfig } from '../../fakes/config.ts'
import { createTestPlatform } from '../../fakes/platform.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

it('every answer of the running engine to a plain GET is of the form its route tells', async () => {
  const dir = makeTempDir()
  const engine = createEngine(createTestPlatform(dir), createTestConfig(dir))
  onTestFinished(() => engine.stop())
  await engine.start()
  const { door } = engine
  const call = async (route: string, params: Record<string, string> = {}) => {
    const [method = '', path = ''] = route.split(' ')
    const origin = { origin: 'app://gantry' }
    return (await door.handle({ method, path: `/gotapi/${path}`, params, origin, peer: 'inside' })).body
  }
  const { clientId } = await call('GET authorization/grant')
  const invitation = door.invite({ about: 'a test', scopes: ['all'], lifeMs: 60_000 })
  const asked = { clientId: String(clientId), scope: 'all', invitation }
  const { accessToken } = await call('GET authorization/accesstoken', asked)

  const checked: string[] = []
  for (const [name, spec] of Object.entries(routes)) {
    const isPlain = name.startsWith('GET ') && !('service' in spec) && spec.params.safeParse({}).success
    if (!isPlain || name.startsWith('GET authorization/')) continue
    const answer = await call(name, { accessToken: String(accessToken) })
    expect(answer, name).toMatchObject({ result: 0 })
    expect(spec.result.safeParse(answer).error, name).toBeUndefined()
    checked.push(name)
  }
  expect(checked.length).toBeGreaterThan(8)
})
