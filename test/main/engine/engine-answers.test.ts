import { expect, it, onTestFinished } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { createEngine } from '../../../src/main/engine/index.ts'
import { createTestConfig } from '../../fakes/config.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
import { createTestPlatform } from '../../fakes/platform.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

it('every answer of the running engine to a plain GET is of the form its route tells', async () => {
  const dir = makeTempDir()
  const engine = createEngine(createTestPlatform(dir), createTestConfig(dir))
  onTestFinished(() => engine.stop())
  await engine.start()
  const owner = createTestApp(
    { gotapi: engine } as Parameters<typeof createTestApp>[0],
    'app://gantry',
    'inside',
  )
  await owner.enter('all')
  const checked: string[] = []
  for (const [name, spec] of Object.entries(routes)) {
    const isPlain = name.startsWith('GET ') && !('service' in spec) && spec.params.safeParse({}).success
    if (!isPlain || name.startsWith('GET authorization/')) continue
    const answer = await owner.call(name)
    expect(answer, name).toMatchObject({ result: 0 })
    expect(spec.result.safeParse(answer).error, name).toBeUndefined()
    checked.push(name)
  }
  expect(checked.length).toBeGreaterThan(8)
})
