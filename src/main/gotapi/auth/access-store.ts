import { z } from 'zod'
import type { Via } from '../../handlers/caller.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Store } from '../../store/index.ts'
import type { Client, Grant, PluginPermission } from './client.ts'

const viaColumn = z.enum(['inside', 'loopback', 'lan'])
const clientRow = z.object({
  id: z.string(),
  origin: z.string(),
  device: z.string(),
  name: z.string(),
  token_hash: z.string(),
  answer_key: z.string().nullable(),
  issued_at: z.number(),
  used_at: z.number(),
  invited: z.number(),
  via: viaColumn,
  keeps_line: z.number(),
})
const scopeRow = z.object({ client_id: z.string(), scope: z.string(), expires_at: z.number() })
const pluginRow = z.object({
  client_id: z.string(),
  plugin_id: z.string(),
  name: z.string(),
  identity: z.string(),
  since_at: z.number(),
})
const useRow = z.object({ client_id: z.string(), requests: z.number() })
const keyRow = z.object({ origin: z.string(), key: z.string(), since_at: z.number() })
const silencedRow = z.object({ origin: z.string(), via: viaColumn, since_at: z.number() })
const factRow = z.object({ value: z.string() })

const USE_KEPT_DAYS = 31

export interface StoredClient {
  readonly client: Client
  readonly grant: Grant
  readonly answerKey: string | undefined
  readonly keepsLine: boolean
  readonly requestsToday: number
  readonly plugins: readonly PluginPermission[]
}

export interface PairedKey {
  readonly origin: string
  readonly key: string
  readonly since: number
}

/** Who is not to ask the owner again. */
export interface Silenced {
  readonly origin: string
  readonly via: Via
  readonly since: number
}

export interface AccessStore {
  clients(day: string): StoredClient[]
  /** In the place of whoever had its identity. */
  save(known: Omit<StoredClient, 'requestsToday'>): void
  saveKeepsLine(clientId: string, keepsLine: boolean): void
  savePlugin(clientId: string, permission: PluginPermission): void
  /** All of them or none: a client with everything it may do, or only its use of a plug-in. */
  remove(ends: readonly { readonly clientId: string; readonly plugin?: { readonly id: string } }[]): void
  removeIdentity(client: Client): void
  /** What was used since the last time, in one write. */
  count(day: string, uses: readonly { clientId: string; usedAt: number; requests: number }[]): void
  keys(): PairedKey[]
  saveKey(key: PairedKey): void
  removeKey(origin: string): void
  silenced(): Silenced[]
  saveSilenced(silenced: Silenced): void
  removeSilenced(origin: string, via: Via): void
  fact(name: string): string | undefined
  setFact(name: string, value: string): void
}

export function createAccessStore(store: Store, secrets: SecretBox): AccessStore {
  const reveal = (protectedText: string): string | undefined => {
    try {
      return secrets.reveal(protectedText)
    } catch {
      // Another machine's key ring: what was protected there is lost here, and is paired anew.
      return undefined
    }
  }

  const savePlugin: AccessStore['savePlugin'] = (clientId, { pluginId, name, identity, since }) => {
    store.run('INSERT OR REPLACE INTO client_plugin VALUES (?, ?, ?, ?, ?)', [
      clientId,
      pluginId,
      name,
      identity,
      since,
    ])
  }

  const removeIdentity: AccessStore['removeIdentity'] = ({ origin, device, via }) => {
    store.run('DELETE FROM client WHERE origin = ? AND device = ? AND via = ?', [origin, device, via])
  }

  return {
    clients(day) {
      const scopes = new Map<string, Map<string, number>>()
      for (const row of store.all('SELECT * FROM client_scope', [], scopeRow)) {
        const own = scopes.get(row.client_id) ?? new Map()
        scopes.set(row.client_id, own.set(row.scope, row.expires_at))
      }
      const plugins = store.all('SELECT * FROM client_plugin', [], pluginRow)
      const uses = new Map(
        store
          .all('SELECT client_id, requests FROM client_use WHERE day = ?', [day], useRow)
          .map(row => [row.client_id, row.requests]),
      )
      return store.all('SELECT * FROM client', [], clientRow).map(row => ({
        client: { id: row.id, origin: row.origin, device: row.device, via: row.via, name: row.name },
        grant: {
          tokenHash: row.token_hash,
          issuedAt: row.issued_at,
          usedAt: row.used_at,
          isVisit: false,
          isInvited: row.invited === 1,
          scopes: scopes.get(row.id) ?? new Map(),
        },
        answerKey: row.answer_key === null ? undefined : reveal(row.answer_key),
        keepsLine: row.keeps_line === 1,
        requestsToday: uses.get(row.id) ?? 0,
        plugins: plugins.filter(each => each.client_id === row.id).map(toPermission),
      }))
    },
    savePlugin,
    removeIdentity,
    save({ client, grant, answerKey, keepsLine, plugins }) {
      store.transaction(() => {
        removeIdentity(client)
        store.run('INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
          client.id,
          client.origin,
          client.device,
          client.via,
          client.name,
          grant.tokenHash,
          answerKey === undefined ? null : secrets.protect(answerKey),
          grant.issuedAt,
          grant.usedAt,
          grant.isInvited ? 1 : 0,
          keepsLine ? 1 : 0,
        ])
        for (const [scope, expiresAt] of grant.scopes) {
          store.run('INSERT INTO client_scope VALUES (?, ?, ?)', [client.id, scope, expiresAt])
        }
        for (const permission of plugins) savePlugin(client.id, permission)
      })
    },
    saveKeepsLine(clientId, keepsLine) {
      store.run('UPDATE client SET keeps_line = ? WHERE id = ?', [keepsLine ? 1 : 0, clientId])
    },
    remove(ends) {
      store.transaction(() => {
        for (const { clientId, plugin } of ends) {
          if (plugin) {
            store.run('DELETE FROM client_plugin WHERE client_id = ? AND plugin_id = ?', [
              clientId,
              plugin.id,
            ])
          } else store.run('DELETE FROM client WHERE id = ?', [clientId])
        }
      })
    },
    count(day, uses) {
      store.transaction(() => {
        for (const { clientId, usedAt, requests } of uses) {
          const known = store.run('UPDATE client SET used_at = ? WHERE id = ?', [usedAt, clientId])
          if (known === 0) continue
          store.run(
            'INSERT INTO client_use VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET requests = excluded.requests',
            [clientId, day, requests],
          )
        }
        store.run("DELETE FROM client_use WHERE day < date(?, '-' || ? || ' days')", [day, USE_KEPT_DAYS])
      })
    },
    keys: () =>
      store.all('SELECT * FROM paired_key', [], keyRow).flatMap(row => {
        const key = reveal(row.key)
        return key === undefined ? [] : [{ origin: row.origin, key, since: row.since_at }]
      }),
    saveKey({ origin, key, since }) {
      store.run('INSERT OR REPLACE INTO paired_key VALUES (?, ?, ?)', [origin, secrets.protect(key), since])
    },
    removeKey(origin) {
      store.run('DELETE FROM paired_key WHERE origin = ?', [origin])
    },
    silenced: () =>
      store
        .all('SELECT * FROM silenced', [], silencedRow)
        .map(({ origin, via, since_at: since }) => ({ origin, via, since })),
    saveSilenced({ origin, via, since }) {
      store.run('INSERT OR REPLACE INTO silenced VALUES (?, ?, ?)', [origin, via, since])
    },
    removeSilenced(origin, via) {
      store.run('DELETE FROM silenced WHERE origin = ? AND via = ?', [origin, via])
    },
    fact: name => store.get('SELECT value FROM access_fact WHERE name = ?', [name], factRow)?.value,
    setFact(name, value) {
      store.run('INSERT OR REPLACE INTO access_fact VALUES (?, ?)', [name, value])
    },
  }
}

function toPermission(row: z.output<typeof pluginRow>): PluginPermission {
  const { plugin_id: pluginId, name, identity, since_at: since } = row
  return { pluginId, name, identity, since, isOnce: false }
}
