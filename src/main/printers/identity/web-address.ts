import { z } from 'zod'
import type { NetworkSighting } from './sighting.ts'

/** What a person types for an address: a host, a host with a port, a URL. Becomes an http(s) URL without a tail. */
export const webAddress = z
  .string()
  .trim()
  .min(1, 'an address is needed')
  .max(500)
  .transform((typed, ctx) => {
    const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`
    if (!URL.canParse(text)) {
      ctx.addIssue('this is no address')
      return z.NEVER
    }
    const url = new URL(text)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      ctx.addIssue('an address begins with http:// or https://')
      return z.NEVER
    }
    // A password in an address would end up in logs and on screens.
    if (url.username !== '' || url.password !== '') {
      ctx.addIssue('a name or password does not belong into the address')
      return z.NEVER
    }
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  })

/**
 * Where something that announced itself is asked. Its words come from outside: what it calls its path stays a path,
 * and a host that is none leads nowhere.
 */
export function announcedUrl(
  sighting: Pick<NetworkSighting, 'addresses' | 'host' | 'port'>,
  { path = '', secure = sighting.port === 443 }: { readonly path?: string; readonly secure?: boolean } = {},
): string | undefined {
  const place = `${secure ? 'https' : 'http'}://${sighting.addresses[0] ?? sighting.host}:${sighting.port}`
  if (!URL.canParse(place)) return undefined
  const url = new URL(place)
  if (url.username !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined
  url.pathname = path.slice(0, 200)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The place a printer's config leads to, for people and for comparing: a host with its port, or a serial port. */
export function addressOf({ url, port }: Readonly<Record<string, unknown>>): string {
  if (typeof url === 'string' && URL.canParse(url)) return new URL(url).host
  return typeof port === 'string' ? port : ''
}
