import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { renderApi } from './render-api.ts'

const root = resolve(import.meta.dirname, '../..')

/** Files of the tree that are made from others. `npm run docs` sets UPDATE_DOCS, and then they are written. */
function expectMade(path: string, text: string): void {
  const file = join(root, path)
  if (process.env.UPDATE_DOCS) writeFileSync(file, text)
  // One number instead of a page of differences.
  const isSame = readFileSync(file, 'utf8') === text
  expect(isSame, `${path} is stale: run "npm run docs" and commit what it writes`).toBe(true)
}

async function buildClient(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: join(root, 'src/renderer/gotapi-client/index.ts'), formats: ['es'] },
    },
  })
  const [output] = [result].flat().flatMap(part => ('output' in part ? part.output : []))
  if (output?.type !== 'chunk') throw new Error('the client was not built into one file')
  return `// Gantry's GotAPI client, made from src/renderer/gotapi-client by "npm run docs".\n${output.code}`
}

describe('what is made from the sources', () => {
  it('docs/api.md says what the route map says', () => {
    expectMade('docs/api.md', renderApi())
  })

  it('the example app has the client of today', async () => {
    expectMade('examples/web-app/gotapi-client.js', await buildClient())
  }, 30_000)
})
