import type { Messages } from './messages.ts'

export const make: Messages['make'] = {
  marlin: 'Marlin',
  marlinLong: 'USB-Drucker (Marlin, RepRap)',
  moonraker: 'Klipper',
  moonrakerLong: 'Klipper (Moonraker)',
  octoprint: 'OctoPrint',
  prusalink: 'PrusaLink',
  filament: 'Schmelzschichtung',
}

export const faultName: Messages['faultName'] = {
  'thermal-runaway': 'Heizung außer Kontrolle',
  'heating-failed': 'Heizt nicht',
  'sensor-fault': 'Temperaturfühler',
  killed: 'Selbst abgeschaltet',
  'filament-runout': 'Filament leer',
  clog: 'Düse verstopft',
  'door-open': 'Tür offen',
  'probe-failed': 'Abtasten misslungen',
  motion: 'Achse blockiert',
  fan: 'Lüfter',
  media: 'Datei nicht lesbar',
  network: 'Netzwerk',
  'link-lost': 'Verbindung verloren',
  resend: 'Verbindung gestört',
  'printer-reset': 'Neu gestartet',
  auth: 'Schlüssel abgelehnt',
  'unsupported-command': 'Unbekannter Befehl',
  'firmware-fatal': 'Firmware angehalten',
  'user-stop': 'Not-Halt',
  other: 'Störung',
}

export const form: Messages['form'] = {
  address: 'Adresse',
  port: 'Anschluss',
  speed: 'Geschwindigkeit',
  apiKey: 'API-Schlüssel',
  appKey: 'Anwendungsschlüssel',
  user: 'Benutzer',
  password: 'Passwort',
  automatic: 'Selbst finden',
  portHelp: 'Der Anschluss, an dem der Drucker steckt, oder tcp://host:port einer seriellen Brücke.',
  speedHelp: 'Meist findet Gantry sie selbst.',
  moonrakerHelp: 'Die von Moonraker, meist Port 7125: http://mainsail.local:7125',
  apiKeyHelp:
    'Nur wenn Moonraker diesem Rechner nicht vertraut. Mainsail und Fluidd zeigen ihn in ihren Einstellungen.',
  octoprintHelp: 'Wie Sie OctoPrint im Browser öffnen: http://octopi.local',
  appKeyHelp:
    'Von hier aus bei OctoPrint erbitten oder aus seinen Einstellungen unter „Anwendungsschlüssel“ kopieren.',
  prusalinkHelp: 'Der Drucker zeigt sie unter Einstellungen, Netzwerk: http://192.168.1.20',
  userHelp:
    '„maker“ bei Druckern mit eigenem Bildschirm; auf einem Raspberry Pi der im Assistenten gewählte Name.',
  passwordHelp: 'Der Drucker zeigt es unter Einstellungen, Netzwerk, PrusaLink.',
  moonrakerUserHelp: 'Nur wo Moonraker oder ein Proxy davor eine Anmeldung verlangt.',
  proxyUserHelp: 'Nur wo ein Proxy vor OctoPrint einen verlangt.',
  loginPasswordHelp: 'Das Passwort dieses Benutzers.',
  prusalinkKeyHelp:
    'Statt Benutzer und Passwort, wenn PrusaLink auf einem Raspberry Pi in seinen Einstellungen einen bekommen hat.',
}
