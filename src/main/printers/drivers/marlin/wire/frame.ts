/** No firmware line is longer; whatever is has lost its end and would be misread, so it is dropped whole. */
const LINE_LIMIT_BYTES = 4096
const LF = 0x0a
const CR = 0x0d

/** Cuts what a serial line delivers, in pieces of any size, into lines of text. */
export interface LineSplitter {
  push(chunk: Uint8Array): readonly string[]
  /** What stands after the last line end, for a line that closes in the middle of a word. */
  rest(): string
  /** Lines dropped because they had no end within the limit. */
  readonly overlong: number
}

export function createLineSplitter(): LineSplitter {
  let pending: Buffer = Buffer.alloc(0)
  let skipping = false
  let overlong = 0

  const keep = (piece: Buffer) => {
    if (skipping) return
    pending = pending.length === 0 ? Buffer.from(piece) : Buffer.concat([pending, piece])
    if (pending.length <= LINE_LIMIT_BYTES) return
    pending = Buffer.alloc(0)
    skipping = true
    overlong += 1
  }

  const finish = (piece: Buffer): string | undefined => {
    if (skipping) {
      skipping = false
      return undefined
    }
    const whole = pending.length === 0 ? piece : Buffer.concat([pending, piece])
    pending = Buffer.alloc(0)
    if (whole.length <= LINE_LIMIT_BYTES) return decodeLine(whole)
    overlong += 1
    return undefined
  }

  return {
    push(chunk) {
      if (pending.length === 0 && !skipping && isPlainOk(chunk)) return plainOk
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const lines: string[] = []
      let from = 0
      for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
        const line = finish(bytes.subarray(from, at))
        if (line !== undefined) lines.push(line)
        from = at + 1
      }
      if (from < bytes.length) keep(bytes.subarray(from))
      return lines
    },
    rest: () => decodeLine(pending),
    get overlong() {
      return overlong
    },
  }
}

const plainOk: readonly string[] = ['ok']

/** Nearly everything a printing firmware says, in a chunk of its own: read without looking at it twice. */
function isPlainOk(chunk: Uint8Array): boolean {
  return chunk.length === 3 && chunk[0] === 0x6f && chunk[1] === 0x6b && chunk[2] === LF
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** UTF-8, or Latin-1 where that fails: a wrong byte must never swallow the `ok` it stands beside. */
function decodeLine(bytes: Buffer): string {
  const body = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes
  let ascii = true
  let nul = false
  for (const byte of body) {
    if (byte >= 0x80) ascii = false
    else if (byte === 0) nul = true
  }
  const text = ascii ? body.toString('latin1') : decodeForeign(body)
  return nul ? text.replaceAll('\0', '') : text
}

function decodeForeign(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (thrown) {
    if (thrown instanceof TypeError) return body.toString('latin1')
    throw thrown
  }
}

/** True for what a wrong baud rate makes of a banner: mostly bytes no firmware prints. */
export function looksLikeNoise(text: string): boolean {
  if (text.length === 0) return false
  let odd = 0
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    if (code >= 0x80 || (code < 0x20 && code !== 9)) odd += 1
  }
  return odd * 4 > text.length
}
