import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from '../lib/log.ts'
import { goesToUs } from './host-guard.ts'
import type { Mounts } from './mounts.ts'
import { type FaultAnswer, faultStatus, type HttpFault, type Place, type VisitHandler } from './place.ts'

export interface RequestDeps {
  readonly log: Logger
  readonly mounts: Mounts
  /** What is under no mount: the dashboard. */
  readonly page: VisitHandler
  readonly extraNames: () => readonly string[]
  readonly tellFault: (fault: HttpFault) => FaultAnswer
}

/** Every request goes these steps: host, mount, and else the page. */
export function createRequestListener(deps: RequestDeps, place: Place): RequestListener {
  return (request, response) => {
    const fail = (error: unknown) => {
      deps.log.error('request failed', { error })
      if (response.headersSent) response.destroy()
      else refuse(request, response, deps.tellFault, 'failed')
    }
    try {
      respond(deps, place, request, response)?.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
}

function respond(
  deps: RequestDeps,
  place: Place,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  const { url = '' } = request
  place.onRequest?.(request.socket.remoteAddress ?? 'unknown')
  if (!goesToUs(request, place, deps.extraNames)) {
    refuse(request, response, deps.tellFault, 'host-unknown')
    return undefined
  }
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  const visit = { request, response, place, path, query: at < 0 ? '' : url.slice(at + 1) }
  return (deps.mounts.find(path) ?? deps.page)(visit)
}

/** RFC 9110 10.1.1: an expectation nobody here meets. Node itself would answer with nothing to read. */
export function createExpectationListener(deps: RequestDeps, place: Place): RequestListener {
  return (request, response) => {
    const fault = goesToUs(request, place, deps.extraNames) ? 'expectation-unknown' : 'host-unknown'
    refuse(request, response, deps.tellFault, fault)
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  tellFault: RequestDeps['tellFault'],
  fault: HttpFault,
): void {
  const { contentType, text } = tellFault(fault)
  request.resume()
  response.writeHead(faultStatus[fault], {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}
