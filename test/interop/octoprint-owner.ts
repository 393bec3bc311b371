import { z } from 'zod'
import { owner } from './octoprint-server.ts'

/** The person in front of OctoPrint's own page: signed in with a password, a session and its CSRF token. */
export interface Owner {
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>
  /** Answers the one request for a key that is waiting; false when there is none. */
  decide(allow: boolean): Promise<boolean>
}

const waiting = z.object({ pending: z.record(z.string(), z.object({ user_token: z.string() })) })

export async function signIn(url: string): Promise<Owner> {
  const cookies = new Map<string, string>()
  const ask = async (method: string, path: string, body?: unknown) => {
    const token = [...cookies].find(([name]) => name.startsWith('csrf_token'))?.[1] ?? ''
    const reply = await fetch(new URL(path, url), {
      method,
      headers: {
        cookie: [...cookies].map(pair => pair.join('=')).join('; '),
        'x-csrf-token': token,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    return text
  }
  const call: Owner['call'] = async (method, path, body) => {
    const text = await ask(method, path, body)
    return text === '' ? undefined : JSON.parse(text)
  }
  await ask('GET', '/login/')
  await call('POST', '/api/login', owner)
  return {
    call,
    async decide(allow) {
      const { pending } = waiting.parse(await call('GET', '/api/plugin/appkeys'))
      const [request] = Object.values(pending)
      if (request === undefined) return false
      await call('POST', `/plugin/appkeys/decision/${request.user_token}`, { decision: allow })
      return true
    },
  }
}
