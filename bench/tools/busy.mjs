import { createHash } from 'node:crypto'

/** Keeps one processor busy until it is ended, as a window that reloads or the analysis of a large file does. */
const block = Buffer.alloc(4_000_000, 'G1 X10.5 Y20 E0.4 F3000\n')
for (;;) createHash('sha256').update(block).digest()
