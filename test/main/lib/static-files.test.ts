import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStaticFiles } from '../../../src/main/lib/static-files.ts'

let dir: string
const text = async (path: string) => {
  const file = await createStaticFiles(join(dir, 'page')).read(path)
  return file && new TextDecoder().decode(file.bytes)
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gantry-static-'))
  await mkdir(join(dir, 'page/assets'), { recursive: true })
  await writeFile(join(dir, 'page/index.html'), 'the page')
  await writeFile(join(dir, 'page/assets/index-x1.js'), 'the script')
  await writeFile(join(dir, 'page/.secret.js'), 'hidden')
  await writeFile(join(dir, 'page/key.pem'), 'no type')
  await writeFile(join(dir, 'outside.js'), 'outside')
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('the files of a page', () => {
  it('gives the page for the bare path', async () => {
    expect(await text('/')).toBe('the page')
    expect(await text('/index.html')).toBe('the page')
  })

  it('lets hashed files be kept for good and asks again for the page', async () => {
    const files = createStaticFiles(join(dir, 'page'))
    expect(await files.read('/assets/index-x1.js')).toMatchObject({
      contentType: 'text/javascript; charset=utf-8',
      cacheControl: 'public, max-age=31536000, immutable',
    })
    expect(await files.read('/index.html')).toMatchObject({ cacheControl: 'no-cache' })
  })

  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/..\\outside.js',
    '/assets//index-x1.js',
    '/.secret.js',
    '/key.pem',
    '/assets',
    '/assets/',
    '//etc/hosts',
    'outside.js',
    '/outside.js\0.html',
    '/C:/outside.js',
    '/index.html/more.js',
    `/${'a'.repeat(300)}.js`,
    `/${'a'.repeat(600)}.js`,
    '',
  ])('has nothing at %j', async path => {
    expect(await text(path)).toBeUndefined()
  })

  it('never reads outside its folder, whatever is asked', async () => {
    const piece = fc.constantFrom('..', '.', '%2e', '%2f', '/', '\\', 'outside.js', 'assets', '\0', '...')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async pieces => {
        expect(await text(`/${pieces.join('')}`)).not.toBe('outside')
      }),
    )
  })
})
