import { describe, expect, it } from 'vitest'
import { createSerialPorts } from '../../../../src/main/printers/serial/node-serial-ports.ts'
import type { SerialLine } from '../../../../src/main/printers/serial/serial-ports.ts'
import { hasPty, openPty } from '../../../fakes/pty.ts'

const openLine = (path: string, signal = new AbortController().signal) =>
  createSerialPorts().open({ path, baudRate: 115200 }, signal)

/** Everything heard until it ends with a text. */
const heardUntil = (on: (listener: (bytes: Uint8Array) => void) => void, end: string) =>
  new Promise<string>(resolve => {
    let text = ''
    on(bytes => {
      text += Buffer.from(bytes).toString('latin1')
      if (text.endsWith(end)) resolve(text)
    })
  })

const closed = (line: SerialLine) => new Promise(resolve => line.onClose(resolve))

describe.skipIf(!hasPty)('a real serial port', () => {
  it('carries bytes both ways as they are, those of noise and those of flow control too', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    const every = Buffer.from(Array.from({ length: 256 }, (_value, byte) => byte))
    const there = heardUntil(listener => pty.onData(listener), '\u00ff')
    line.write(every)
    expect(await there).toBe(every.toString('latin1'))
    const back = heardUntil(listener => line.onData(listener), '\u00ff')
    pty.write(every)
    expect(await back).toBe(every.toString('latin1'))
    await line.close()
  })

  it('keeps the order of what the system has no room for at once', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    const lines = Array.from({ length: 20_000 }, (_value, at) => `N${at} G1 X${at % 200}\n`)
    for (const text of lines) line.write(Buffer.from(text))
    line.write(Buffer.from('end'))
    expect(await heardUntil(listener => pty.onData(listener), 'end')).toBe(`${lines.join('')}end`)
    await line.close()
  })

  it('says that it went away when the cable is pulled, and takes what is written after that to nowhere', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    line.onData(() => undefined)
    const gone = closed(line)
    pty.hangUp()
    expect(await gone).toMatchObject({ code: 'wire.closed', details: { path: pty.path } })
    line.write(Buffer.from('M105\n'))
    await line.close()
  })

  it('says so too when the cable was pulled and somebody writes before it was heard', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    const gone = closed(line)
    pty.hangUp()
    const write = setInterval(() => line.write(Buffer.from('M105\n')), 5)
    expect(await gone).toMatchObject({ code: 'wire.closed' })
    clearInterval(write)
  })

  it('is opened once: who comes second hears that another program has it', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    await expect(openLine(pty.path)).rejects.toMatchObject({
      code: 'printer.busy',
      details: { reason: 'busy' },
    })
    await line.close()
    await (await openLine(pty.path)).close()
  })

  it('is let go of when nobody waits for it any more', async () => {
    const pty = await openPty()
    await expect(openLine(pty.path, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    await (await openLine(pty.path)).close()
  })

  it('closes without a reason when we close it, and hears nothing after', async () => {
    const pty = await openPty()
    const line = await openLine(pty.path)
    const heard: string[] = []
    line.onData(bytes => heard.push(Buffer.from(bytes).toString()))
    const gone = closed(line)
    await line.close()
    expect(await gone).toBeUndefined()
    const again = await openLine(pty.path)
    const next = heardUntil(listener => again.onData(listener), 'ok\n')
    pty.write('ok\n')
    expect(await next).toBe('ok\n')
    expect(heard).toEqual([])
    await again.close()
  })
})
