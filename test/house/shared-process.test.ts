import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import config from '../../vitest.config.ts'

const root = resolve(import.meta.dirname, '../..')

interface Project {
  readonly test?: { readonly name?: string; readonly include?: string[] }
}
const projects: readonly Project[] = Object(config).test.projects
const apart = projects.find(({ test }) => test?.name === 'apart')?.test?.include ?? []

/** The page's files and those named in `apart` have a process each (decision 15). */
const sharing = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map(path => `test/${path.replaceAll('\\', '/')}`)
  .filter(path => path.endsWith('.test.ts') && !path.startsWith('test/renderer/') && !apart.includes(path))

const replaces = /\bvi\.(mock|doMock)\(/

describe('test files that share a process', () => {
  it('put nothing in a package’s place: another file may have loaded it before, or would get the fake', () => {
    const found = sharing.filter(file => replaces.test(readFileSync(join(root, file), 'utf8')))
    expect(found).toEqual([])
  })

  it('are all of them but those that need to replace something', () => {
    expect(sharing.length).toBeGreaterThan(150)
    expect(apart.filter(file => !replaces.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})
