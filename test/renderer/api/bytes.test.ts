import { describe, expect, it } from 'vitest'
import { downloadBytes, type SendBytes, uploadBytes } from '../../../src/renderer/api/bytes.ts'

const path = '/bytes/printerfiles/u1'
const MiB = 1024 * 1024

/** A byte channel that keeps what it gets, and does what its script says before that. */
function createChannel(script: (request: number) => 'take' | 'break' | 'lose' | Response = () => 'take') {
  let content = ''
  let requests = 0
  const pauses: number[] = []
  const send: SendBytes = async (_path, { headers, body, signal }) => {
    requests += 1
    const now = script(requests)
    if (signal?.aborted) throw new Error('aborted')
    if (now instanceof Response) return now
    if (now === 'break') throw new Error('nothing answers')
    const offset = Number(headers?.['upload-offset'])
    const reply = (status: number) =>
      new Response('{"result":0}', { status, headers: { 'upload-offset': String(content.length) } })
    if (offset !== content.length) return reply(409)
    content += (await body?.text()) ?? ''
    // It arrived, but the answer did not.
    if (now === 'lose') throw new Error('the line broke')
    return reply(200)
  }
  return {
    send,
    pauses,
    content: () => content,
    requests: () => requests,
    pause: async (delayMs: number) => void pauses.push(delayMs),
  }
}

async function upload(
  channel: ReturnType<typeof createChannel>,
  size: number,
  signal = new AbortController().signal,
) {
  const told: number[] = []
  const file = new Blob(['x'.repeat(size)])
  const { send, pause } = channel
  const refusal = await uploadBytes(send, path, file, { signal, pause, onProgress: sent => told.push(sent) })
  return { refusal, told }
}

describe('A file on its way up', () => {
  it('goes in slices, and tells how far it is', async () => {
    const channel = createChannel()
    const { refusal, told } = await upload(channel, 9 * MiB)
    expect(refusal).toBeUndefined()
    expect(told).toEqual([4 * MiB, 8 * MiB, 9 * MiB])
    expect(channel.content().length).toBe(9 * MiB)
    expect(channel.pauses).toEqual([])
  })

  it('goes on where it had got to when its line broke, each time after a longer pause', async () => {
    const channel = createChannel(request => ([2, 3, 4].includes(request) ? 'break' : 'take'))
    const { refusal } = await upload(channel, 5 * MiB)
    expect(refusal).toBeUndefined()
    expect(channel.content().length).toBe(5 * MiB)
    expect(channel.pauses).toEqual([250, 500, 1_000])
  })

  it('sends no byte twice where only the answer was lost', async () => {
    const channel = createChannel(request => (request === 1 ? 'lose' : 'take'))
    const { refusal, told } = await upload(channel, 5 * MiB)
    expect(refusal).toBeUndefined()
    expect(channel.content().length).toBe(5 * MiB)
    expect(told.at(-1)).toBe(5 * MiB)
  })

  it('is given up after eight tries in a row', async () => {
    const channel = createChannel(() => 'break')
    const { refusal } = await upload(channel, 10)
    expect(refusal).toMatchObject({ errorCode: -1 })
    expect(channel.requests()).toBe(8)
  })

  it('does not go round for ever where the server takes nothing', async () => {
    const stuck = () => new Response('{"result":0}', { status: 409, headers: { 'upload-offset': '0' } })
    const { refusal } = await upload(createChannel(stuck), 10)
    expect(refusal).toMatchObject({ errorCode: -1 })
  })

  it('ends with the refusal where the server says no', async () => {
    const no = () => Response.json({ result: 1, errorCode: 14, errorMessage: 'no scope' }, { status: 403 })
    const channel = createChannel(no)
    expect((await upload(channel, 10)).refusal).toMatchObject({ errorCode: 14, errorMessage: 'no scope' })
    expect(channel.requests()).toBe(1)
  })

  it('sends nothing more once it is called off', async () => {
    const stop = new AbortController()
    const channel = createChannel(request => {
      if (request === 2) stop.abort()
      return 'take'
    })
    const { refusal, told } = await upload(channel, 20 * MiB, stop.signal)
    expect(refusal).toBeUndefined()
    expect(told).toEqual([4 * MiB])
    expect(channel.requests()).toBe(2)
  })
})

describe('A file on its way down', () => {
  it('is all of it, or why not', async () => {
    const good: SendBytes = async () => new Response('zip')
    const found = await downloadBytes(good, path)
    expect(found instanceof Blob && (await found.text())).toBe('zip')
    const no: SendBytes = async () =>
      Response.json({ result: 1, errorCode: 13, errorMessage: 'x' }, { status: 403 })
    expect(await downloadBytes(no, path)).toMatchObject({ errorCode: 13 })
    const gone: SendBytes = async () => {
      throw new Error('no line')
    }
    expect(await downloadBytes(gone, path)).toMatchObject({ errorCode: -1 })
  })
})
