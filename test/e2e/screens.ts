/** Every screen there is, for tests that must look at all of them, in the window as in a browser. */
export const screens = [
  { name: 'Printers', hash: '#/' },
  { name: 'Queue', hash: '#/queue' },
  { name: 'Library', hash: '#/library' },
  { name: 'Fleet', hash: '#/fleet' },
  { name: 'Apps', hash: '#/apps' },
  { name: 'Settings', hash: '#/settings' },
  { name: 'Printers', hash: '#/printers/nobody' },
  { name: 'There is no such screen', hash: '#/nowhere' },
] as const
