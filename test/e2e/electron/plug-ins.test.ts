import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../harness/build.ts'
import { gantry } from '../harness/gantry-cli.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

interface Listed {
  readonly id: string
  readonly state: string
  readonly reason: string
  readonly restarts: number
  readonly services: readonly { readonly id: string }[]
}

let temp: TempDir
let window: GantryWindow

beforeAll(async () => {
  temp = await makeTempDir()
  await cp(join(root, 'examples/plugins'), join(temp.path, 'plugins'), { recursive: true })
  window = await openGantryWindow({ dataDir: temp.path })
})
afterAll(async () => {
  await window?.close()
  await temp?.remove()
})

/** The strangers' plug-ins; the one that brings the printers is Gantry's own. */
const listed = async (...words: string[]): Promise<Listed[]> => {
  const all: Listed[] = JSON.parse(await gantry(temp.path, 'plugins', ...words, '--json'))
  return all.filter(({ id }) => id !== 'printer3d')
}

/** The list as soon as it fits; each look is a process of its own, so this never runs hot. */
async function until(fits: (plugins: readonly Listed[]) => boolean): Promise<readonly Listed[]> {
  for (let plugins = await listed(); ; plugins = await listed()) if (fits(plugins)) return plugins
}

describe('plug-ins of strangers, in Gantry with a window', () => {
  it('run in utility processes and answer from there', async () => {
    const plugins = await until(all => all.every(({ services }) => services.length === 1))
    expect(plugins.map(({ id, state, services }) => [id, state, services[0]?.id])).toEqual([
      ['clock', 'running', 'clock.clock'],
      ['echo', 'running', 'echo.echo'],
    ])
  })

  it('end when they are switched off and come back when they are switched on', async () => {
    expect(await listed('off', 'clock')).toMatchObject([{ state: 'off' }])
    expect(await listed('on', 'clock')).toMatchObject([{ state: 'running' }])
    const plugins = await until(all =>
      all.some(({ id, services }) => id === 'clock' && services.length === 1),
    )
    expect(plugins[0]).toMatchObject({ restarts: 0, reason: '' })
  })
})
