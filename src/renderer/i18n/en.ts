/** The sentences themselves; the shape every other language must fill. Plural forms stand beside each other: `one | many`. */
export const en = {
  app: { name: 'Gantry', skip: 'Skip to the content', sections: 'Sections' },
  nav: {
    printers: 'Printers',
    queue: 'Queue',
    library: 'Library',
    fleet: 'Fleet',
    apps: 'Apps',
    settings: 'Settings',
  },
  engine: {
    asking: 'Asking whether Gantry runs…',
    here: 'Gantry runs on this computer',
    there: 'Gantry runs on {host}',
    gone: 'Not reached since {time}',
  },
  palette: {
    find: 'Find',
    title: 'Find and do',
    about: 'Type the name of a screen or of something to do.',
    placeholder: 'Where to, or what to do?',
    nothing: 'Nothing is called that.',
    screens: 'Screens',
    actions: 'Do',
    theme: 'Look',
    language: 'Language',
  },
  theme: { system: 'As the system', light: 'Light', dark: 'Dark' },
  printers: {
    emptyTitle: 'No printers yet',
    emptyText:
      'Every printer of this room will stand here, with what it does, until when, and whether it needs you.',
  },
  queue: {
    emptyTitle: 'The queue is empty',
    emptyText:
      'Jobs that wait or print will stand here, in the order they start. A job needs a printer first.',
    toPrinters: 'Go to the printers',
  },
  library: {
    emptyTitle: 'The library is empty',
    emptyText:
      'Models and sliced files you keep will stand here, ready to print. Printing needs a printer first.',
  },
  fleet: {
    emptyTitle: 'Only this computer so far',
    emptyText:
      'When one Gantry looks after several computers with printers, they will stand here. This one looks after itself.',
  },
  apps: {
    emptyTitle: 'No app has access',
    emptyText:
      'When a web page or a program asks to see or use your printers, Gantry asks you first. What you allowed stands here, and you can take it back at any time.',
  },
  settings: {
    look: 'Look and language',
    theme: 'Theme',
    language: 'Language',
  },
  signIn: {
    title: 'Sign in',
    outTitle: 'This browser is not signed in',
    outText:
      'On the computer that runs Gantry, type {command} in a terminal. It prints a link that signs one browser in, once.',
    refusedTitle: 'This link was used already, or is too old',
    awayTitle: 'Gantry does not answer',
    awayText:
      'The program is not running, or this computer cannot reach it. Start it, then load this page again.',
    noPrinters: 'Prints that run are not touched by this.',
  },
  shortcuts: {
    title: 'Keys',
    about: 'What the keyboard does, wherever you are.',
    open: 'Show these keys',
    palette: 'Find and do',
    goTo: 'Go to {screen}',
  },
  problem: {
    title: 'There is no such screen',
    text: 'The address "{address}" leads nowhere in Gantry. Perhaps a link is old or was cut short.',
    back: 'Back to the printers',
    crashTitle: 'This screen stopped working',
    crashText:
      'Something in this page went wrong. Printers and jobs are not touched by it: Gantry itself goes on. Load the page again.',
    reload: 'Load again',
  },
} as const
