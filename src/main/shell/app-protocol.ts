import type { Protocol } from 'electron'
import { pageHeaders } from '../contract/page-policy.ts'
import { windowOrigin } from '../gotapi/index.ts'
import type { Logger } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import { answerBytes, bytesPrefix } from './app-bytes.ts'
import type { GatewayClient } from './gateway-client.ts'

const scheme = 'app'

/** Before Electron is ready: makes `app:` an origin like https, with none of its exceptions. */
export function declareAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

interface AppOptions {
  readonly files: StaticFiles
  readonly log: Logger
  /** Whose bytes these are; absent where there is no byte channel. */
  readonly client?: GatewayClient
}

/** Serves the built page as `app://gantry/` to the windows of a session: its files, their byte channel, and nothing else. */
export function serveApp(protocol: Pick<Protocol, 'handle'>, { files, log, client }: AppOptions): void {
  protocol.handle(scheme, async request => {
    const { protocol: asked, host, pathname } = new URL(request.url)
    if (`${asked}//${host}` !== windowOrigin) return nothing(404)
    if (pathname.startsWith(bytesPrefix)) return client ? answerBytes(client, request) : nothing(404)
    if (request.method !== 'GET' && request.method !== 'HEAD') return nothing(405)
    try {
      const file = await files.read(pathname)
      if (!file) return nothing(404)
      return new Response(request.method === 'HEAD' ? null : file.bytes, {
        headers: {
          ...pageHeaders(),
          'content-type': file.contentType,
          'cache-control': file.cacheControl,
        },
      })
    } catch (thrown) {
      log.error('a file of the page cannot be read', { pathname, cause: thrown })
      return nothing(500)
    }
  })
}

const nothing = (status: number) => new Response(null, { status, headers: pageHeaders() })
