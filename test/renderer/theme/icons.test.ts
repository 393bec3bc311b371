import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const page = resolve(import.meta.dirname, '../../../src/renderer')
const lucide: { icons: object; aliases?: object } = createRequire(import.meta.url)(
  '@iconify-json/lucide/icons.json',
)

it('names no icon that the bundled set lacks: nothing could fetch it', () => {
  const code = readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(vue|ts)$/.test(path))
    .map(path => readFileSync(join(page, path), 'utf8'))
    .join('\n')
  const names = [...code.matchAll(/i-lucide-([\w-]+)/g)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter(name => !(name in lucide.icons) && !(name in (lucide.aliases ?? {})))).toEqual([])
})
