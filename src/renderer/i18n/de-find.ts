import type { Messages } from './messages.ts'

export const why = {
  'may-be-anything': 'Eine Adresse kann zu allem führen; eine Anfrage zeigt es.',
  announces: 'Meldet sich als {what}.',
  'announces-borrowed': 'Meldet sich als {what}, wie es auch PrusaLink tut.',
  'named-like': 'Der Name spricht von {what}.',
  answers: 'Antwortet wie {what}.',
  says: 'Nennt sich {what}.',
  'asks-password': 'Fragt wie {what} nach einem Passwort.',
  'serial-bridge': 'Die Adresse einer seriellen Brücke; dahinter kann ein Drucker sein.',
  'serial-port': 'Das ist ein serieller Anschluss.',
  'usb-board': 'Der Anschluss gehört zu {what}.',
  'usb-chip': 'Der Anschluss hat einen {what}-Chip, wie ihn {makes} verwenden.',
  'usb-unknown': 'Ein serieller Anschluss; was daran hängt, ist nicht bekannt.',
  'usb-unknown-of': 'Ein serieller Anschluss von {what}; was daran hängt, ist nicht bekannt.',
  'usb-klipper':
    'Eine Platine, die Klipper steuert. Verbinden Sie sich stattdessen über das Netz mit Moonraker.',
  'usb-boot-loader':
    'Eine Platine, die auf ihre Firmware wartet ({what}). Starten Sie sie neu oder flashen Sie sie.',
  'usb-helper-board': '{what}: Zubehör eines Druckers, selbst keiner.',
  'usb-other-language': '{what}: Diese Sprache spricht Gantry nicht.',
  'usb-modem': 'Ein Modem oder Empfänger ({what}), kein Drucker.',
} as const satisfies Messages['why']

export const foreign = {
  text: 'Diese Bauart kann Gantry noch nicht steuern. Was geht:',
  usb: 'Über USB anschließen: Seinen seriellen Anschluss spricht Gantry an.',
  octoprint: 'OctoPrint danebenstellen und das hinzufügen.',
  moonraker: 'Moonraker darauf betreiben und das hinzufügen, an Port 7125.',
  slicer: 'Aus dem Slicer oder der App des Herstellers drucken.',
  stick: 'Dateien auf einem Stick oder einer Karte hintragen.',
  'web-page': 'Seine eigene Seite im Browser öffnen.',
  twin: 'Zwei Geräte geben sich als dieses aus. Zieht es um, folgt Gantry keinem von beiden.',
} as const satisfies Messages['foreign']

export const whoNote = {
  moved: 'Am {at} von {from} hierher umgezogen; Gantry ist gefolgt.',
  'other-device':
    'Hier antwortet ein anderes Gerät: Es nennt sich {now}, dieser Drucker nannte sich {was}. Prüfen Sie Adresse und Kabel.',
  'other-printer': 'Hier antwortet {owner}. Sind Kabel oder Adressen vertauscht?',
  'same-as':
    '{name} nennt dieselbe Seriennummer, {serial}. Ist es derselbe Drucker, entfernen Sie einen von beiden.',
  'maybe-swapped':
    'Dieser Drucker und {name} waren zugleich ausgesteckt. Sie haben keine Seriennummer: Sehen Sie nach, ob jeder an seinem Anschluss steckt.',
  'by-socket':
    'Er hat keine Seriennummer. Gantry erkennt ihn an seinem USB-Anschluss: Lassen Sie ihn an diesem stecken.',
  swapped: 'Sie sind vertauscht',
  right: 'Es stimmt so',
} as const satisfies Messages['whoNote']
