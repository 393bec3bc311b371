import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../src/main/cli/client.ts'
import { signInText } from '../../../src/main/engine/index.ts'
import { readLockHolder } from '../../../src/main/engine/lock-holder.ts'
import { createTestEngine } from '../../fakes/engine.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

/** Ports below 1024 are for administrators on some systems, and another program may have it. */
const isFree = await new Promise<boolean>(resolve => {
  const server = createServer().once('error', () => resolve(false))
  server.listen(80, '127.0.0.1', () => server.close(() => resolve(true)))
})

describe.runIf(isFree)('an engine on port 80', () => {
  it('has an address without a port, in its link and in the lock file, by which the command line comes in', async () => {
    const dataDir = makeTempDir()
    const engine = createTestEngine(dataDir, { config: { port: 80 } })
    await engine.start()
    expect(engine.url).toBe('http://127.0.0.1')
    expect(signInText(engine)).toMatch(/^ {2}http:\/\/127\.0\.0\.1\/#invitation=[\w-]{20,}$/m)
    const holder = readLockHolder(dataDir)
    expect(holder).toMatchObject({ url: 'http://127.0.0.1', port: 80 })
    if (!holder) throw new Error('Nobody holds the folder.')
    const client = await connect(holder, fetch)
    expect(await client.call('POST link', {})).toMatchObject({
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1\/#invitation=/),
    })
  })
})
