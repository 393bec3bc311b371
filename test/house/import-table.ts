/**
 * Who may import whom (docs/architecture.md). A room is a folder under `src`; the longest name that fits a file
 * is its room. `door` lists the files other rooms may reach; a room without one is open (plain types and tools).
 * `outside` lists what may be imported that is not ours, beside `node:` where `node` is true.
 */
export interface RoomRule {
  readonly may: readonly string[]
  readonly door?: readonly string[]
  readonly node: boolean
  readonly outside: readonly string[]
}

/** A make each: none knows another. */
const printerDrivers = ['octoprint', 'moonraker', 'prusalink', 'marlin'].map(
  make => `main/printers/drivers/${make}`,
)

const printerGround = [
  'multipart.ts',
  'poller.ts',
  'readings.ts',
  'session-voice.ts',
  'socket-line.ts',
  'web-address.ts',
  'driver.ts',
  'define-driver.ts',
  'capabilities.ts',
  'http-client.ts',
  'serial-ports.ts',
  'sighting.ts',
  'time-stamps.ts',
  'wire-error.ts',
]

export const importTable: Readonly<Record<string, RoomRule>> = {
  'main/contract': { may: [], node: false, outside: ['zod'] },
  'main/lib': { may: [], node: true, outside: ['pino', 'fflate'] },
  'main/store': {
    may: ['main/contract', 'main/lib'],
    door: ['index.ts'],
    node: true,
    outside: ['@photostructure/sqlite'],
  },
  'main/gotapi': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/plugin-host'],
    door: ['index.ts', 'door.ts', 'endpoint.ts'],
    node: true,
    outside: ['ws', 'busboy', 'zod', 'selfsigned', 'qrcode'],
  },
  'main/plugin-host': {
    may: ['main/contract', 'main/lib', 'main/store'],
    door: ['index.ts', 'plugin.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/owner': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/gotapi', 'main/plugin-host'],
    door: ['index.ts'],
    node: true,
    outside: ['zod', 'qrcode'],
  },
  'main/printers': {
    may: [
      'main/contract',
      'main/lib',
      'main/store',
      'main/printers/sim',
      'main/printers/serial',
      ...printerDrivers,
    ],
    // Beside the door: what a driver stands on.
    door: ['index.ts', ...printerGround],
    node: true,
    outside: ['zod', 'ws'],
  },
  'main/printers/sim': {
    may: ['main/contract', 'main/lib', 'main/printers', 'main/printers/serial'],
    node: true,
    outside: ['ws'],
  },
  'main/printers/serial': {
    may: ['main/contract', 'main/lib', 'main/printers'],
    node: true,
    outside: ['serialport'],
  },
  ...Object.fromEntries(
    printerDrivers.map(room => [
      room,
      {
        // The program beside a USB printer opens ports itself.
        may: [
          'main/contract',
          'main/lib',
          'main/printers',
          ...(room.endsWith('/marlin') ? ['main/printers/serial'] : []),
        ],
        door: ['index.ts'],
        node: true,
        outside: ['zod'],
      },
    ]),
  ),
  'main/contents': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/gotapi', 'main/printers'],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/discovery': {
    may: ['main/contract', 'main/lib', 'main/printers'],
    door: ['index.ts'],
    node: true,
    outside: ['bonjour-service', 'zod'],
  },
  'main/plugins/printer3d': {
    may: [
      'main/contents',
      'main/discovery',
      'main/contract',
      'main/lib',
      'main/plugin-host',
      'main/printers',
    ],
    door: ['index.ts'],
    node: true,
    outside: [],
  },
  'main/engine': {
    may: [
      'main/contents',
      'main/discovery',
      'main/plugins/printer3d',
      'main/contract',
      'main/lib',
      'main/store',
      'main/gotapi',
      'main/plugin-host',
      'main/owner',
      'main/printers',
    ],
    // The command line wants to know where Gantry runs, not to load all of it.
    door: ['index.ts', 'lock-holder.ts', 'data-dir.ts', 'nearest-word.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/cli': {
    may: ['main/contract', 'main/lib', 'main/engine'],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/shell': {
    may: ['main/contract', 'main/lib', 'main/engine', 'main/gotapi'],
    door: ['index.ts'],
    node: true,
    outside: ['electron', 'zod'],
  },
  main: {
    may: ['main/contract', 'main/lib', 'main/engine', 'main/shell', 'main/gotapi', 'main/cli'],
    node: true,
    outside: ['electron'],
  },
  preload: { may: ['main/contract'], node: false, outside: ['electron'] },
  renderer: {
    may: ['main/contract'],
    node: false,
    outside: [
      'vue',
      'vue-router',
      'pinia',
      '@nuxt/ui',
      '@vueuse/core',
      'uplot',
      '@fontsource-variable/inter',
    ],
  },
}
