/**
 * The composition root: what Gantry is made of and in which order it comes up and goes down. A plain Node
 * program; it knows no window. No rule about printing, tokens or rows lives here.
 */
export { type Config, loadConfig } from './config.ts'
export { createEngine, type Engine } from './engine.ts'
export { helpText } from './help.ts'
export { createNodePlatform } from './node-platform.ts'
export type { Platform } from './platform.ts'
export type { QuitVeto } from './room.ts'
export { signInText } from './sign-in-link.ts'
export { createTerminal } from './terminal.ts'
export type { Trouble } from './trouble.ts'
export { createWayOut, type WayOut } from './way-out.ts'
