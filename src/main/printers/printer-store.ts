import { z } from 'zod'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Store } from '../store/index.ts'

export type PrinterConfig = Readonly<Record<string, string | number>>

/** Of a config what its driver knows: what is unknown may be a secret, and would lie on the disk for all to read. */
export function ownFields(config: PrinterConfig, fields: readonly string[]): PrinterConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => fields.includes(key)))
}

/** A printer as it is kept. Secrets are apart from the rest in the database and only together here. */
export interface StoredPrinter {
  readonly id: string
  readonly driver: string
  readonly name: string
  readonly identity: string | undefined
  readonly config: PrinterConfig
  readonly simulated: boolean
  readonly addedAt: number
  /** What it says it is: see `acquaintance.ts`. */
  readonly told?: string | undefined
  readonly movedFrom?: string | undefined
  readonly movedAt?: number | undefined
}

export interface PrinterStore {
  all(): StoredPrinter[]
  /** `secretKeys` names the fields of the config that are kept unreadable. */
  save(printer: StoredPrinter, secretKeys: readonly string[]): void
  remove(id: string): void
  /** What was written over is on the disk in its old form, too, until this: in SQLite's log and in the file behind it. */
  settle(): void
}

const fields = z.record(z.string(), z.union([z.string(), z.number()]))
const json = z.string().transform((text, ctx) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    ctx.addIssue('not JSON')
    return z.NEVER
  }
})
const row = z.object({
  id: z.string(),
  driver: z.string(),
  name: z.string(),
  identity: z.string().nullable(),
  config: json.pipe(fields),
  secrets: z.string().nullable(),
  simulated: z.number(),
  added_at: z.number(),
  told: z.string().nullable(),
  moved_from: z.string().nullable(),
  moved_at: z.number().nullable(),
})

export function createPrinterStore(store: Store, box: SecretBox): PrinterStore {
  const reveal = (secrets: string | null): PrinterConfig => {
    if (secrets === null) return {}
    try {
      return json.pipe(fields).parse(box.reveal(secrets))
    } catch {
      // Another machine's key ring: the printer asks for its key anew, which says it better than we could.
      return {}
    }
  }
  return {
    all: () =>
      store.all('SELECT * FROM printer ORDER BY added_at, id', [], row).map(found => ({
        id: found.id,
        driver: found.driver,
        name: found.name,
        identity: found.identity ?? undefined,
        config: { ...found.config, ...reveal(found.secrets) },
        simulated: found.simulated === 1,
        addedAt: found.added_at,
        told: found.told ?? undefined,
        movedFrom: found.moved_from ?? undefined,
        movedAt: found.moved_at ?? undefined,
      })),
    save(printer, secretKeys) {
      const entries = Object.entries(printer.config)
      const isSecret = ([key]: readonly [string, unknown]) => secretKeys.includes(key)
      const secrets = entries.filter(isSecret)
      store.run(
        `INSERT INTO printer (id, driver, name, identity, config, secrets, simulated, added_at,
  told, moved_from, moved_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, identity = excluded.identity, config = excluded.config,
  secrets = excluded.secrets, told = excluded.told, moved_from = excluded.moved_from, moved_at = excluded.moved_at`,
        [
          printer.id,
          printer.driver,
          printer.name,
          printer.identity ?? null,
          JSON.stringify(Object.fromEntries(entries.filter(entry => !isSecret(entry)))),
          secrets.length === 0 ? null : box.protect(JSON.stringify(Object.fromEntries(secrets))),
          printer.simulated ? 1 : 0,
          printer.addedAt,
          printer.told ?? null,
          printer.movedFrom ?? null,
          printer.movedAt ?? null,
        ],
      )
    },
    remove(id) {
      store.run('DELETE FROM printer WHERE id = ?', [id])
    },
    settle() {
      store.run('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}
