import type { Readable } from 'node:stream'
import type { Caller } from './caller.ts'

/** One thing made of bytes, as whoever may have it finds it. */
export interface Bytes {
  /** Of the whole, also while a part is still missing. */
  readonly sizeBytes: number
  /** From the beginning, without a gap. */
  readonly receivedBytes: number
  readonly contentType: string
  /** What a browser saves it as. */
  readonly fileName: string
  /** Another one for other bytes. */
  readonly etag: string
  /** From `start` up to, not including, `end`. The reader destroys it. */
  read(start: number, end: number): Readable
  /**
   * Present where bytes are still taken: adds what the stream brings and tells how much there is then. A stream
   * that breaks off leaves what arrived, and its error is thrown.
   */
  append?(source: Readable): Promise<number>
  /** Present where it can be called off. */
  remove?(): Promise<void>
}

/**
 * The bytes of one profile, at `/bytes/{profile}/{id}`: GET reads, PUT hands over, DELETE calls off. The token needs
 * the profile's scope. Files never travel inside the parameters of a call.
 */
export interface ByteChannel {
  readonly kind: 'bytes'
  readonly profile: string
  /** Throws `file.unknown` where there is no such thing, or it is another application's. */
  find(caller: Caller, id: string): Bytes | Promise<Bytes>
}

/** Where a client finds it, relative to the server. */
export const bytesPath = (profile: string, id: string): string =>
  `/bytes/${profile}/${encodeURIComponent(id)}`
