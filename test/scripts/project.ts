import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that lives as long as the test, filled with these files. */
export function temporaryProject(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'gantry-scripts-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFiles(root, files)
  return root
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** Collects what a person would read. */
export function listener() {
  const notes: string[] = []
  const steps: string[] = []
  return {
    notes,
    steps,
    say: {
      note: (sentence: string) => {
        notes.push(sentence)
      },
      step: <T>(title: string, _waitsFor: string, work: () => Promise<T>): Promise<T> => {
        steps.push(title)
        return work()
      },
    },
  }
}
