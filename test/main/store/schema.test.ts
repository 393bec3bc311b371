import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { migrations } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { openTestStore } from '../../fakes/store.ts'

const docs = resolve(import.meta.dirname, '../../../docs')
const part = z.object({ sql: z.string() })

describe('the schema', () => {
  it('has steps in the order of their numbers, each once', () => {
    const versions = migrations.map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  it('is what docs/schema.md shows; `npx vitest run --project unit test/main/store/schema.test.ts -u` renews it', async () => {
    const store = await openTestStore(createFakeClock())
    const parts = store.all(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`,
      [],
      part,
    )
    const text = [
      '# The schema of the database',
      '',
      `Version ${store.schemaVersion}, made by the steps in \`src/main/store/migrations\`. Instants (\`..._at\`) are epoch`,
      'milliseconds. This page is written by the tests and held true by them.',
      '',
      '```sql',
      parts.map(({ sql }) => `${sql};`).join('\n\n'),
      '```',
      '',
    ].join('\n')
    await expect(text).toMatchFileSnapshot(join(docs, 'schema.md'))
  })
})
