import { z } from 'zod'

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
