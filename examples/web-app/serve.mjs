// Serves this folder on an address of its own, so that the page is a stranger to Gantry: node serve.mjs [port]

import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
/** @type {Record<string, [file: string, type: string]>} */
const files = {
  '/': ['index.html', 'text/html'],
  '/index.html': ['index.html', 'text/html'],
  '/app.js': ['app.js', 'text/javascript'],
  '/words.js': ['words.js', 'text/javascript'],
  '/gotapi-client.js': ['gotapi-client.js', 'text/javascript'],
  '/style.css': ['style.css', 'text/css'],
}

const policy = "default-src 'self'; connect-src http: ws: https: wss:; base-uri 'none'; form-action 'none'"

/**
 * @param {number} port 0 for any free one
 * @returns {Promise<import('node:http').Server>}
 */
export function serveExample(port) {
  const server = createServer((request, response) => {
    const known = files[new URL(request.url ?? '/', 'http://localhost').pathname]
    if (known === undefined) {
      response.writeHead(404).end()
      return
    }
    const [name, type] = known
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-cache',
    })
    createReadStream(join(folder, name)).pipe(response)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serveExample(Number(process.argv[2] ?? 8080))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : address
  process.stdout.write(`The example app: http://127.0.0.1:${port}/\n`)
}
