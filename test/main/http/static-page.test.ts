import { mkdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createStaticFiles } from '../../../src/main/lib/static-files.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { openHttp } from './bare-http.ts'

const script = 'export const words = "many words"'

async function openPage() {
  const dir = join(makeTempDir(), 'page')
  mkdirSync(join(dir, 'assets'), { recursive: true })
  writeFileSync(join(dir, 'index.html'), '<!doctype html>')
  writeFileSync(join(dir, 'assets/a.js'), script)
  writeFileSync(join(dir, 'assets/a.js.br'), brotliCompressSync(script))
  writeFileSync(join(dir, 'assets/a.js.gz'), gzipSync(script))
  const { port } = await openHttp({ page: createStaticFiles(dir) })
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, string>; bytes: Buffer }>((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path, method, headers, agent: false }, response => {
        const chunks: Buffer[] = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            bytes: Buffer.concat(chunks),
          }),
        )
      })
        .on('error', reject)
        .end()
    })
}

describe('The dashboard’s files', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5, br;q=0', 'gzip'],
    ['br;q=0.0, gzip;q=0', undefined],
    ['brotli', undefined],
    ['', undefined],
  ])('for a browser that takes “%s” come packed as %s', async (accepted, encoding) => {
    const get = await openPage()
    const { status, headers, bytes } = await get('/assets/a.js', { 'accept-encoding': accepted })
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, encoding, 'accept-encoding'])
    const packed = { br: brotliCompressSync(script), gzip: gzipSync(script) }
    expect(bytes).toEqual(encoding === undefined ? Buffer.from(script) : packed[encoding as 'br' | 'gzip'])
    expect(headers['content-length']).toBe(String(bytes.length))
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('come as they are where there is no packed copy', async () => {
    const { headers, bytes } = await (await openPage())('/', { 'accept-encoding': 'br, gzip' })
    expect([headers['content-encoding'], String(bytes)]).toEqual([undefined, '<!doctype html>'])
  })

  it('are not sent again to a browser that has them', async () => {
    const get = await openPage()
    const { headers } = await get('/')
    const again = await get('/', { 'if-none-match': headers.etag ?? '' })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('a packed copy is nothing anybody can ask for by name', async () => {
    expect((await (await openPage())('/assets/a.js.br')).status).toBe(404)
  })
})
