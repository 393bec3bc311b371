import { configKeys, flagOf } from './config.ts'

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(configKeys).map(([key, { about, allowed }]) => [
    allowed === 'true or false' ? flagOf(key) : `${flagOf(key)} …`,
    about,
  ])
  rows.push(['--help', 'print this'], ['--version', 'print the version'])
  const width = Math.max(...rows.map(([flag = '']) => flag.length)) + 2
  return [
    'Gantry: one program for every 3D printer in the room.',
    '',
    ...rows.map(([flag = '', about = '']) => `  ${flag.padEnd(width)}${about}`),
    '',
    'Each also works in the environment (GANTRY_HTTPS_PORT=4036) and in config.json in the data folder.',
  ].join('\n')
}
