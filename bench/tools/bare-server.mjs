import { createServer } from 'node:http'

/** What nothing but node:http costs: the same bytes for every request. argv: body, as base64. */
const body = Buffer.from(process.argv[2] ?? '', 'base64')
const server = createServer((_request, response) => {
  response.writeHead(200, {
    vary: 'Origin',
    'access-control-allow-origin': 'http://bench.test',
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : 0}\n`)
})
