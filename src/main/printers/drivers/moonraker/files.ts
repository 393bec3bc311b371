import { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext, PrinterSession } from '../../driver/driver.ts'
import type { HttpReply } from '../../wire/http-client.ts'
import { formOf } from '../../wire/multipart.ts'
import { known, parseJson, readReply } from '../../wire/readings.ts'
import { remoteName } from '../../wire/remote-name.ts'
import type { Access } from './access.ts'
import { fileList, uploaded } from './reply.ts'

const uploadStallMs = 60_000
const nameRule = { longestBytes: 180, respells: false }

/** The HTTP side: files go around the socket, with their hash behind them. */
export function fileRoom(parts: {
  readonly access: Access
  readonly ctx: DriverContext
  readonly signal: AbortSignal
}): Required<Pick<PrinterSession, 'put' | 'listFiles'>> {
  const { access, ctx } = parts
  return {
    async put(file, progress, own) {
      const name = remoteName(file.name, nameRule)
      const boundary = `gantry-${Math.floor(ctx.random() * 2 ** 48).toString(16)}`
      const form = formOf(file, {
        name,
        fields: { root: 'gcodes' },
        boundary,
        hashed: true,
        onSent: progress,
      })
      const reply = await access.request({
        method: 'POST',
        path: 'server/files/upload',
        lane: 'bulk',
        headers: { 'content-type': form.contentType },
        body: form.body,
        timeoutMs: uploadStallMs,
        signal: AbortSignal.any([parts.signal, own]),
      })
      accept(reply)
      const answer = z.union([uploaded, z.object({ result: uploaded })])
      const said = readReply(reply.text, answer, 'the file')
      const { path } = 'result' in said ? said.result.item : said.item
      return { path, name, sizeBytes: file.sizeBytes }
    },
    async listFiles(own) {
      const reply = await access.request({
        method: 'GET',
        path: 'server/files/list?root=gcodes',
        signal: AbortSignal.any([parts.signal, own]),
      })
      accept(reply)
      const { result } = readReply(reply.text, z.object({ result: fileList }), 'the files')
      return result.map(({ path, size, modified }) => ({
        path,
        name: path.split('/').at(-1) ?? path,
        ...known({ sizeBytes: size, modifiedAt: modified === undefined ? undefined : modified * 1000 }),
      }))
    },
  }
}

function accept({ status, text }: HttpReply): void {
  if (status >= 200 && status < 300) return
  const told = z.object({ error: z.object({ message: z.string() }) }).safeParse(parseJson(text)).data
  const said = told?.error.message.slice(0, 300)
  // Moonraker asks for a key with 401; its own 403 is of a file that is printing. Without its words it is a proxy's.
  if (status === 403 && said !== undefined) {
    throw new GantryError('printer.busy', 'This file is being printed and stays as it is.', { status, said })
  }
  if (status === 401 || status === 403) {
    throw new GantryError('printer.credentials', 'Moonraker wants a key, or the key is wrong.', { status })
  }
  const why: Readonly<Record<number, string>> = {
    413: 'The file is larger than this printer takes.',
    422: 'The file arrived damaged; send it again.',
    507: 'The printer has no space left for the file.',
  }
  throw new GantryError('printer.refused', why[status] ?? `The printer did not take it (${status}).`, {
    status,
    ...known({ said }),
  })
}
