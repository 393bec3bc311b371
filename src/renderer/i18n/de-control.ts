import type { Messages } from './messages.ts'

export const control: Messages['control'] = {
  move: 'Bewegen',
  home: 'Referenzfahrt',
  homeAxis: '{axis} referenzieren',
  step: 'Schritt',
  mm: '{step} mm',
  position: 'Position',
  notHomed: 'nicht referenziert',
  extrude: '{step} mm fördern',
  retract: '{step} mm zurückziehen',
  heat: 'Heizen und Lüfter',
  goal: '{name}, Ziel in °C',
  set: 'Setzen',
  off: 'Aus',
  allOff: 'Alles aus',
  preset: '{name} {nozzle} / {bed}',
  presets: 'Voreinstellungen',
  asked: '{value} verlangt. Der Drucker hat es noch nicht bestätigt.',
  fanSpeed: 'Lüfter in %',
  macros: 'Makros',
  coolDown: 'Abkühlen',
  motorsOff: 'Motoren aus',
  levelBed: 'Bett vermessen',
  saveSettings: 'Einstellungen sichern',
  lockGone: 'Gesperrt: Der Drucker ist nicht erreicht.',
  lockUnknown: 'Gesperrt: Der Drucker hat nicht gesagt, was er tut.',
}

export const terminal: Messages['terminal'] = {
  title: 'Terminal',
  open: 'Terminal öffnen',
  close: 'Schließen',
  filter: 'Nur Zeilen mit',
  quiet: 'Temperaturen und Lebenszeichen weglassen',
  line: 'Eine Zeile G-Code',
  send: 'Senden',
  none: 'Noch nichts gesagt.',
  refused: 'Das Terminal lässt sich nicht verfolgen: {why}',
}

export const files: Messages['files'] = {
  title: 'Dateien auf dem Drucker',
  streamTitle: 'Eine Datei drucken',
  none: 'Auf dem Drucker liegt keine Datei.',
  asking: 'Der Drucker wird gefragt …',
  again: 'Neu lesen',
  print: 'Drucken',
  printName: '{name} drucken',
  remove: '{name} löschen',
  sure: '{name} endgültig löschen?',
  yes: 'Löschen',
  no: 'Behalten',
  add: 'Datei übertragen',
  addPrint: 'Datei wählen und drucken',
  andPrint: 'Drucken, sobald sie da ist',
  reading: '{name}: {percent} an Gantry übergeben',
  sending: '{name}: {percent} auf dem Drucker',
  begun: '{name}: der Drucker wird gefragt …',
  cancel: 'Abbrechen',
  failed: 'Die letzte Datei kam nicht an: {why}',
}

export const manage: Messages['manage'] = {
  title: 'Dieser Drucker in Gantry',
  name: 'Name',
  rename: 'Umbenennen',
  remove: 'Aus Gantry entfernen',
  sure: '{name} entfernen?',
  sureText:
    'Sein Schlüssel und sein Verlauf in Gantry werden endgültig gelöscht. Der Drucker selbst und seine Dateien bleiben, wie sie sind; ein laufender Druck geht weiter.',
  keep: 'Behalten',
}

export const practice: Messages['practice'] = {
  title: 'Etwas schiefgehen lassen',
  text: 'Dieser Drucker ist simuliert: Nichts schmilzt.',
  runout: 'Filament geht aus',
  load: 'Filament einlegen',
  runaway: 'Heizung geht durch',
  cable: 'Kabel ziehen',
  cableBack: 'Wieder einstecken',
  move: 'Adresse wechseln',
  slow: 'Langsam antworten',
  rubbish: 'Unsinn reden',
  well: 'Alles wieder gut',
}
