import type { Messages } from './messages.ts'

export const de = {
  app: { name: 'Gantry', skip: 'Zum Inhalt springen', sections: 'Bereiche' },
  nav: {
    printers: 'Drucker',
    queue: 'Warteschlange',
    library: 'Bibliothek',
    fleet: 'Flotte',
    apps: 'Apps',
    settings: 'Einstellungen',
  },
  engine: {
    asking: 'Frage, ob Gantry läuft …',
    here: 'Gantry läuft auf diesem Rechner',
    there: 'Gantry läuft auf {host}',
    gone: 'Nicht erreicht seit {time}',
  },
  palette: {
    find: 'Suchen',
    title: 'Suchen und tun',
    about: 'Tippen Sie den Namen eines Bereichs oder einer Aktion.',
    placeholder: 'Wohin, oder was tun?',
    nothing: 'Nichts heißt so.',
    screens: 'Bereiche',
    actions: 'Tun',
    theme: 'Aussehen',
    language: 'Sprache',
  },
  theme: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  printers: {
    emptyTitle: 'Noch keine Drucker',
    emptyText: 'Hier steht jeder Drucker dieses Raums: was er tut, bis wann, und ob er Sie braucht.',
  },
  queue: {
    emptyTitle: 'Die Warteschlange ist leer',
    emptyText:
      'Hier stehen Aufträge, die warten oder drucken, in der Reihenfolge ihres Starts. Zuerst braucht es einen Drucker.',
    toPrinters: 'Zu den Druckern',
  },
  library: {
    emptyTitle: 'Die Bibliothek ist leer',
    emptyText:
      'Hier stehen aufbewahrte Modelle und geslicte Dateien, bereit zum Drucken. Zuerst braucht es einen Drucker.',
  },
  fleet: {
    emptyTitle: 'Bisher nur dieser Rechner',
    emptyText:
      'Betreut ein Gantry mehrere Rechner mit Druckern, stehen sie hier. Dieser betreut nur sich selbst.',
  },
  apps: {
    emptyTitle: 'Keine App hat Zugriff',
    emptyText:
      'Will eine Webseite oder ein Programm Ihre Drucker sehen oder benutzen, fragt Gantry zuerst Sie. Was Sie erlaubt haben, steht hier und lässt sich jederzeit zurücknehmen.',
  },
  settings: {
    look: 'Aussehen und Sprache',
    theme: 'Farben',
    language: 'Sprache',
  },
  signIn: {
    title: 'Anmelden',
    outTitle: 'Dieser Browser ist nicht angemeldet',
    outText:
      'Geben Sie auf dem Rechner, auf dem Gantry läuft, {command} in ein Terminal ein. Es erscheint ein Link, der einen Browser einmal anmeldet.',
    refusedTitle: 'Dieser Link ist schon benutzt oder zu alt',
    awayTitle: 'Gantry antwortet nicht',
    awayText:
      'Das Programm läuft nicht, oder dieser Rechner erreicht es nicht. Starten Sie es und laden Sie die Seite neu.',
    noPrinters: 'Laufende Drucke sind davon nicht berührt.',
  },
  shortcuts: {
    title: 'Tasten',
    about: 'Was die Tastatur tut, wo immer Sie sind.',
    open: 'Diese Tasten zeigen',
    palette: 'Suchen und tun',
    goTo: 'Zu {screen}',
  },
  problem: {
    title: 'Diese Seite gibt es nicht',
    text: 'Die Adresse „{address}“ führt in Gantry nirgendwohin. Vielleicht ist ein Link alt oder abgeschnitten.',
    back: 'Zurück zu den Druckern',
    crashTitle: 'Diese Seite funktioniert nicht mehr',
    crashText:
      'In dieser Seite ist etwas schiefgegangen. Drucker und Aufträge sind nicht betroffen: Gantry selbst läuft weiter. Laden Sie die Seite neu.',
    reload: 'Neu laden',
  },
} as const satisfies Messages
