/** Keeps secrets unreadable at rest: what `protect` gives may lie in the database or in a file. */
export interface SecretBox {
  protect(text: string): string
  /** Throws `internal.bug` for what this box, or a box with this key, did not make. */
  reveal(protectedText: string): string
}
