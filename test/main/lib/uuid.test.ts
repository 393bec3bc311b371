import fc from 'fast-check'
import { expect, it } from 'vitest'
import { uuidFrom } from '../../../src/main/lib/uuid.ts'

it('a uuid of any bytes is one of version 4', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), bytes => {
      expect(uuidFrom(bytes)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }),
  )
})
