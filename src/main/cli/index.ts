/**
 * `gantry` in a terminal: asks a running Gantry, and answers for its owner where there is no screen. It is an
 * ordinary GotAPI client of its own origin, let in by a secret that only the owner's account can read. It starts
 * nothing, and it knows nothing a route does not tell.
 */
export { runCli } from './run.ts'
