import type { App } from 'electron'

const scheme = 'gotapi'

/** gotapi 10.3: applications hand Gantry their keys as `gotapi://start/...`, which the system delivers to us. */
export function claimScheme(
  app: Pick<App, 'setAsDefaultProtocolClient'>,
  programPath: string | undefined,
): void {
  // Run from source, the system must be told the project beside the runtime.
  if (programPath === undefined) app.setAsDefaultProtocolClient(scheme)
  else app.setAsDefaultProtocolClient(scheme, process.execPath, [programPath])
}

/** The addresses of ours among the words of a command line. */
export const gotapiLinksIn = (words: readonly string[]): string[] =>
  words.filter(word => word.toLowerCase().startsWith(`${scheme}://`) && word.length <= LINK_LIMIT_CHARS)

const LINK_LIMIT_CHARS = 2048
