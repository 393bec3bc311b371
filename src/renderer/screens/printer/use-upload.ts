import type { GotapiBridge, Refusal } from '@contract/client.ts'
import { shallowRef } from 'vue'

interface Upload {
  readonly name: string
  /** Handed to Gantry; the way from there to the printer is told by the printer's own state. */
  readonly share: number
  readonly isHandedOver: boolean
}

/** A file's way to a printer, piece by piece: never more than one piece of it in memory. */
export function useUpload(bridge: GotapiBridge) {
  const upload = shallowRef<Upload>()
  const refusal = shallowRef<Refusal>()
  let life = new AbortController()
  let uploading: { readonly serviceId: string; readonly uploadId: string } | undefined

  async function hand(serviceId: string, file: File, print: boolean): Promise<void> {
    const { signal } = life
    const begun = await bridge.call('POST printerfiles/upload', {
      serviceId,
      name: file.name,
      sizeBytes: file.size,
    })
    if (begun.result !== 0) return refuse(begun)
    const { uploadId, pieceBytes } = begun
    uploading = { serviceId, uploadId }
    for (let offset = 0; offset < file.size && !signal.aborted; offset += pieceBytes) {
      const data = await base64(file.slice(offset, offset + pieceBytes))
      const answer = await bridge.call('POST printerfiles/piece', { serviceId, uploadId, offset, data })
      if (answer.result !== 0) return refuse(answer)
      if (!signal.aborted) {
        upload.value = { name: file.name, share: answer.receivedBytes / file.size, isHandedOver: false }
      }
    }
    if (signal.aborted) return
    upload.value = { name: file.name, share: 1, isHandedOver: true }
    const sent = await bridge.call('POST printerfiles/send', { serviceId, uploadId, print })
    if (sent.result !== 0 && !signal.aborted) refuse(sent)
  }

  const refuse = (why: Refusal) => {
    refusal.value = why
  }

  /** Resolves when the file is on its way to the printer, was refused or cancelled: `refusal` says which. */
  async function start(serviceId: string, file: File, print: boolean): Promise<void> {
    refusal.value = undefined
    life = new AbortController()
    const { signal } = life
    upload.value = { name: file.name, share: 0, isHandedOver: false }
    await hand(serviceId, file, print)
    uploading = undefined
    if (!signal.aborted) upload.value = undefined
  }

  /** Wherever the file is on its way: what of it lies with Gantry goes too. */
  async function cancel(): Promise<void> {
    life.abort()
    upload.value = undefined
    const known = uploading
    uploading = undefined
    if (known) await bridge.call('DELETE printerfiles/send', known)
  }

  return { upload, refusal, start, cancel }
}

const stepBytes = 0x8000

async function base64(piece: Blob): Promise<string> {
  const bytes = new Uint8Array(await piece.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += stepBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + stepBytes))
  }
  return btoa(text)
}
