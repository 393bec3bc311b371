import { constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What the holder of a data folder tells of itself, in `gantry.lock` there, readable by its owner alone. */
const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  sinceAt: z.number(),
  port: z.number().optional(),
  url: z.string().optional(),
  /** Lets the command line of the same person in. Never leaves that file but to prove itself. */
  cliSecret: z.string(),
})
export type LockHolder = z.infer<typeof holderSchema>

export const holderFile = (dir: string) => join(dir, 'gantry.lock')

/** Undefined when nobody has written there, or not in our form. */
export function readLockHolder(dir: string): LockHolder | undefined {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(readFileSync(holderFile(dir), 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    // Absent, or half written by something else than us: nobody we could name.
    return undefined
  }
}

/** Somebody wrote there, but not for us to read: another user of this machine. */
export function isHolderSealed(dir: string, access: (path: string, mode: number) => void): boolean {
  try {
    access(holderFile(dir), constants.R_OK)
    return false
  } catch (thrown) {
    return (
      thrown instanceof Error && 'code' in thrown && (thrown.code === 'EACCES' || thrown.code === 'EPERM')
    )
  }
}
