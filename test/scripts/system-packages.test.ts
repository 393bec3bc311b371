import { describe, expect, it } from 'vitest'
import { ensureSystemPackages } from '../../scripts/testing/system-packages.mjs'
import { listener } from './project.ts'

const answered =
  'Package: xvfb\nStatus: install ok installed\n\nPackage: xauth\nStatus: deinstall ok config-files\n'

function machine(install = { code: 0, output: '' }) {
  const commands: string[] = []
  const run = async (command: string, args: readonly string[]) => {
    commands.push([command, ...args].join(' '))
    if (command === 'dpkg-query') return { code: 1, output: answered, outOfTime: false }
    return { ...install, outOfTime: false }
  }
  return { commands, run }
}

describe('system packages for the tests', () => {
  it('are installed where they are missing, on Debian as root', async () => {
    const { commands, run } = machine()
    await ensureSystemPackages(['xvfb', 'xauth'], { say: listener().say, run, isDebian: true, isRoot: true })
    expect(commands.slice(1)).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends xauth'])
  })

  it('become one line to type for anybody else', async () => {
    const { commands, run } = machine()
    const { say, notes } = listener()
    await ensureSystemPackages(['xvfb', 'xauth'], { say, run, isDebian: true, isRoot: false })
    expect(notes).toEqual([expect.stringContaining('Type: sudo apt-get install -y xauth')])
    expect(commands).toHaveLength(1)
  })

  it('are nothing to ask about when all are there', async () => {
    const { commands, run } = machine()
    await ensureSystemPackages(['xvfb'], { say: listener().say, run, isDebian: true, isRoot: true })
    expect(commands).toHaveLength(1)
  })

  it('say what apt-get said when it fails', async () => {
    const { run } = machine({ code: 100, output: 'E: Unable to locate package xauth' })
    const options = { say: listener().say, run, isDebian: true, isRoot: true }
    await expect(ensureSystemPackages(['xauth'], options)).rejects.toMatchObject({
      problem: 'machine',
      message: expect.stringContaining('Unable to locate package xauth'),
    })
  })
})
