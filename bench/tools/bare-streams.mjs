import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { pipeline } from 'node:stream/promises'

/** What streams cost by themselves: PUT writes one file, GET reads it. argv: file, PEM with key and certificate or none. */
const [file = '', pem] = process.argv.slice(2)

/** @type {import('node:http').RequestListener} */
const answer = (request, response) => {
  const work =
    request.method === 'PUT'
      ? pipeline(request, createWriteStream(file)).then(() => response.end())
      : pipeline(createReadStream(file), response)
  work.catch(() => response.destroy())
}

const text = pem ? readFileSync(pem, 'utf8') : undefined
const settings = { requestTimeout: 0 }
const server = text
  ? createHttpsServer({ ...settings, key: text, cert: text }, answer)
  : createHttpServer(settings, answer)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : 0}\n`)
})
