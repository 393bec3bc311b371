import { z } from 'zod'
import { type ErrorCode, GantryError } from '../../../contract/error.ts'
import { ownOf } from '../../../lib/own.ts'
import type { SecureToken } from '../../driver/driver.ts'
import type { Rpc } from './rpc.ts'

/** A Moonraker with this component fetches from contents servers itself (docs/contents-server.md, 3DP-1). */
const component = 'dwapi_3dp'

const answer = z.union([
  z.object({ serviceId: z.string(), uri: z.string(), nonce: z.string().optional() }),
  z.object({ error: z.string() }),
])

/** What the contents server told the printer when it refused. */
const refusals: Readonly<Record<string, readonly [code: ErrorCode, sentence: string]>> = {
  'token-unknown': ['contents.token-unknown', 'The contents server does not know this secure token.'],
  'token-used': ['contents.token-unknown', 'This secure token was used already.'],
  'token-other': ['contents.token-unknown', 'This secure token is for another printer or file.'],
  'token-expired': ['contents.token-expired', 'This secure token is past its time. Ask for contents again.'],
  'nothing-selected': ['contents.refused', 'No file was selected with this secure token.'],
}

export const fetchesItself = (components: readonly string[]): boolean => components.includes(component)

export async function takeToken(rpc: Rpc, token: SecureToken, signal: AbortSignal): Promise<void> {
  const said = await rpc.ask(`server.${component}.post_token`, { ...token }, answer, {
    signal,
    timeoutMs: null,
  })
  if ('error' in said) {
    const known = ownOf(refusals, said.error)
    throw known
      ? new GantryError(...known)
      : new GantryError('printer.refused', 'The printer could not get the file from the contents server.')
  }
  if (said.serviceId !== token.serviceId || (said.nonce ?? token.nonce) !== token.nonce) {
    throw new GantryError('wire.malformed', 'The printer answered a question that was not asked.')
  }
}
