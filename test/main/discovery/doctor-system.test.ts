import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDoctorSystem } from '../../../src/main/discovery/doctor-system.ts'
import { hasPty, openPty } from '../../fakes/pty.ts'

const hold =
  'import os, sys; os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY); print(1, flush=True); sys.stdin.read()'

describe.skipIf(!hasPty)('a serial port', () => {
  it('that another program holds is held by that program, by its name', async () => {
    const { path } = await openPty()
    const { holderOf } = createDoctorSystem()
    expect(await holderOf(path)).toBeUndefined()
    const holder = spawn('python3', ['-c', hold, path], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => {
      holder.kill('SIGKILL')
    })
    await once(holder.stdout, 'data')
    expect(await holderOf(path)).toMatch(/^python/)
  })
})
