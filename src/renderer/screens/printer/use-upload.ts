import type { GotapiBridge, Refusal } from '@contract/client.ts'
import { shallowRef } from 'vue'
import { type SendBytes, uploadBytes } from '../../api/bytes.ts'

interface Upload {
  readonly name: string
  /** Handed to Gantry; the way from there to the printer is told by the printer's own state. */
  readonly share: number
  readonly isHandedOver: boolean
}

const pause = (delayMs: number) => new Promise<void>(resolve => setTimeout(resolve, delayMs))

/** A file's way to a printer, over Gantry: never more than a slice of it in memory. */
export function useUpload(bridge: GotapiBridge, send: SendBytes) {
  const upload = shallowRef<Upload>()
  const refusal = shallowRef<Refusal>()
  let life = new AbortController()
  let uploading: { readonly serviceId: string; readonly uploadId: string } | undefined

  async function hand(serviceId: string, file: File, print: boolean): Promise<Refusal | undefined> {
    const { signal } = life
    const { name } = file
    const begun = await bridge.call('POST printerfiles/upload', { serviceId, name, sizeBytes: file.size })
    if (begun.result !== 0) return begun
    uploading = { serviceId, uploadId: begun.uploadId }
    const broken = await uploadBytes(send, begun.bytes, file, {
      signal,
      pause,
      onProgress(sentBytes) {
        upload.value = { name, share: sentBytes / file.size, isHandedOver: false }
      },
    })
    if (broken || signal.aborted) return broken
    upload.value = { name, share: 1, isHandedOver: true }
    const sent = await bridge.call('POST printerfiles/send', { ...uploading, print })
    return sent.result === 0 ? undefined : sent
  }

  /** Resolves when the file is on its way to the printer, was refused or cancelled: `refusal` says which. */
  async function start(serviceId: string, file: File, print: boolean): Promise<void> {
    refusal.value = undefined
    life = new AbortController()
    const { signal } = life
    upload.value = { name: file.name, share: 0, isHandedOver: false }
    const refused = await hand(serviceId, file, print)
    uploading = undefined
    if (signal.aborted) return
    refusal.value = refused
    upload.value = undefined
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
