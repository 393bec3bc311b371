import type { Refusal } from '@contract/client.ts'
import { type App, type InjectionKey, inject } from 'vue'
import { type BytesInit, toAnswer, unreachable } from '../gotapi-client/index.ts'
import { toRefusal } from './refusal.ts'

/** Sends one request to the byte channel; in Gantry's window the engine's side adds the token. */
export type SendBytes = (path: string, init: BytesInit) => Promise<Response>

const key: InjectionKey<SendBytes> = Symbol('bytes')

export const provideBytes = (send: SendBytes) => ({
  install(app: App): void {
    app.provide(key, send)
  },
})

export function useBytes(): SendBytes {
  const send = inject(key)
  if (!send) throw new Error('no byte channel was provided to the page')
  return send
}

export interface UploadOptions {
  readonly onProgress: (sentBytes: number) => void
  readonly signal: AbortSignal
  /** Lets a moment pass before the next try. */
  readonly pause: (delayMs: number) => Promise<void>
}

/** Sent at a time: what a broken line costs at most, and how often a person sees the bar move. */
const sliceBytes = 4 * 1024 * 1024
const mostTries = 8
const firstPauseMs = 250
const CONFLICT = 409

/**
 * A file's way to Gantry. A line that breaks is tried again from where the bytes had got to.
 *
 * @returns undefined when all of it is there, or when it was called off.
 */
export async function uploadBytes(
  send: SendBytes,
  path: string,
  file: Blob,
  { onProgress, signal, pause }: UploadOptions,
): Promise<Refusal | undefined> {
  let offset = 0
  let failures = 0
  while (offset < file.size) {
    if (signal.aborted) return undefined
    const step = await sendSlice(send, path, file, offset, signal)
    if (signal.aborted) return undefined
    if (step.kind === 'refused') return step.refusal
    if (step.kind === 'sent') {
      failures = step.offset > offset ? 0 : failures + 1
      offset = step.offset
      onProgress(offset)
    } else failures += 1
    if (failures >= mostTries) return notReached
    if (failures > 0) await pause(firstPauseMs * 2 ** (failures - 1))
  }
  return undefined
}

type Step =
  | { readonly kind: 'sent'; readonly offset: number }
  | { readonly kind: 'broken' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

const notReached: Refusal = { result: 1, errorCode: unreachable, errorMessage: 'The line broke off.' }

async function sendSlice(
  send: SendBytes,
  path: string,
  file: Blob,
  offset: number,
  signal: AbortSignal,
): Promise<Step> {
  try {
    const response = await send(path, {
      method: 'PUT',
      headers: { 'upload-offset': String(offset) },
      body: file.slice(offset, offset + sliceBytes),
      signal,
    })
    const told = response.headers.get('upload-offset')
    // The server has more, or less, than this page knows of: it goes on from there.
    if (told !== null && (response.ok || response.status === CONFLICT)) {
      return { kind: 'sent', offset: Number(told) }
    }
    const answer = toAnswer(await response.json())
    return answer.result === 0 ? { kind: 'broken' } : { kind: 'refused', refusal: toRefusal(answer) }
  } catch {
    return { kind: 'broken' }
  }
}

/** The whole of something that lies with Gantry. */
export async function downloadBytes(send: SendBytes, path: string): Promise<Blob | Refusal> {
  try {
    const response = await send(path, { method: 'GET' })
    if (response.ok) return await response.blob()
    const answer = toAnswer(await response.json())
    return answer.result === 0 ? notReached : toRefusal(answer)
  } catch {
    return notReached
  }
}
