import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { openHttp } from './bare-http.ts'

it('http that drains lets nobody in any more, and ends whoever is in', async () => {
  const { http, port } = await openHttp()
  const inside = connect({ port, host: '127.0.0.1' })
  const ended = new Promise(resolve => inside.once('close', resolve))
  await new Promise(resolve => inside.once('connect', resolve))
  await http.drain()
  await ended
  expect(http.url()).toBeUndefined()
  await expect(fetch(`http://127.0.0.1:${port}/echo`)).rejects.toThrow()
})
