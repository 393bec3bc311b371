import { z } from 'zod'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Store } from '../store/index.ts'

/** What a login gave. Kept unreadable; the password it took is kept nowhere. */
export interface SignedIn {
  readonly session: string
  readonly user: string
  readonly expiresAt: number
}

export interface StoredServer {
  readonly id: string
  /** `https://models.example/prints`, without a slash at the end. */
  readonly url: string
  readonly name: string
  readonly login: 'password' | 'none'
  readonly signedIn: SignedIn | undefined
  readonly addedAt: number
}

export interface ServerStore {
  all(): StoredServer[]
  save(server: StoredServer): void
  remove(id: string): void
}

const signedIn = z.object({ session: z.string(), user: z.string(), expiresAt: z.number() })
const row = z.object({
  id: z.string(),
  url: z.string(),
  name: z.string(),
  login: z.enum(['password', 'none']),
  session: z.string().nullable(),
  added_at: z.number(),
})

export function createServerStore(store: Store, box: SecretBox): ServerStore {
  const reveal = (session: string | null): SignedIn | undefined => {
    if (session === null) return undefined
    try {
      return signedIn.parse(JSON.parse(box.reveal(session)))
    } catch {
      // Another machine's key ring: the owner logs in anew, which is all that is lost.
      return undefined
    }
  }
  return {
    all: () =>
      store
        .all('SELECT * FROM contents_server ORDER BY added_at, id', [], row)
        .map(({ session, added_at, ...rest }) => ({
          ...rest,
          signedIn: reveal(session),
          addedAt: added_at,
        })),
    save({ id, url, name, login, signedIn, addedAt }) {
      store.run(
        `INSERT INTO contents_server (id, url, name, login, session, added_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, login = excluded.login, session = excluded.session`,
        [id, url, name, login, signedIn ? box.protect(JSON.stringify(signedIn)) : null, addedAt],
      )
    },
    remove(id) {
      store.run('DELETE FROM contents_server WHERE id = ?', [id])
    },
  }
}
