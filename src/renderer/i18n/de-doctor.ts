import type { Messages } from './messages.ts'

export const finding = {
  'no-network': 'Dieser Rechner ist in keinem Netz.',
  network: 'Dieser Rechner ist im Netz: {interfaces}.',
  'not-listening': 'Gantry wurde gestartet, ohne ins Netz zu schauen.',
  multicast: 'Im Netz sind Meldungen zu hören: {count}.',
  'no-multicast': 'Im Netz meldet sich nichts.',
  foreign: '{title} ({make}) unter {address} ist zu sehen. Diese Bauart kann Gantry noch nicht steuern.',
  'not-address': 'Das Eingegebene ist keine Adresse.',
  'other-network': '{host} liegt in keinem Netz dieses Rechners.',
  'port-open': '{host} antwortet an Port {port}.',
  'port-closed': '{host}, Port {port}: {reason}',
  http: '{why} Gantry spricht {make}.',
  'http-nothing': 'Dort antwortet etwas, aber keine Bauart, die Gantry spricht.',
  'http-failed': 'Es antwortet nicht wie ein Drucker. {reason}',
  'line-up': 'Gantry ist mit ihm verbunden, sein Schlüssel gilt.',
  'line-connecting': 'Gantry verbindet sich gerade.',
  'line-down': 'Gantry ist nicht mit ihm verbunden. {reason}',
  ports: 'Serielle Anschlüsse: {ports}.',
  'no-ports': 'Es gibt keinen seriellen Anschluss.',
  'ports-unknown': 'Die seriellen Anschlüsse lassen sich nicht auflisten.',
  'not-printer': '{port}: {why}',
  'may-open': 'Dieser Benutzer darf serielle Anschlüsse öffnen (Gruppe {group}).',
  'may-not-open':
    'Dieser Benutzer ist nicht in der Gruppe {group} und darf serielle Anschlüsse nicht öffnen.',
  'port-held': '{port} ist von {holder} belegt.',
  'port-grabbed': '{port} ist von {holder} belegt, das sich jeden neuen Anschluss nimmt.',
  'no-udevadm': 'udevadm fehlt; Gantry liest die Anschlüsse stattdessen aus dem Kernel.',
} as const satisfies Messages['finding']

export const findingTodo = {
  'no-network': 'Stecken Sie das Netzkabel ein oder gehen Sie in das WLAN der Drucker.',
  'not-listening': 'Starten Sie es ohne „discovery: false“ oder geben Sie Adressen von Hand ein.',
  'no-multicast':
    'Ein Gäste-WLAN oder eine Firewall hält Meldungen zurück: Erlauben Sie UDP-Port 5353 oder geben Sie die Adresse von Hand ein.',
  foreign: 'Unter „Drucker hinzufügen“ steht, was mit ihm geht.',
  'not-address': 'Übernehmen Sie sie vom Bildschirm des Druckers, ohne Namen oder Passwort.',
  'other-network': 'Gehen Sie in das Netz des Druckers oder sorgen Sie dafür, dass ein Router dorthin führt.',
  'http-nothing': 'Ist es die Adresse des Druckers selbst?',
  'line-connecting': 'Warten Sie eine halbe Minute und prüfen Sie noch einmal.',
  'no-ports': 'Ist der Drucker an? Manche USB-Kabel führen nur Strom: Nehmen Sie ein anderes.',
  'ports-unknown': 'Starten Sie Gantry neu.',
  'may-not-open': 'Führen Sie „sudo usermod -aG {group} $USER“ aus und melden Sie sich ab und wieder an.',
  'port-held': 'Schließen Sie {holder}.',
  'port-grabbed': 'Entfernen oder beenden Sie {holder} und stecken Sie den Drucker neu ein.',
} as const satisfies Messages['findingTodo']

export const linkReason = {
  refused: 'Das Gerät ist da, aber an diesem Port antwortet nichts.',
  'no-name': 'Niemand in diesem Netz heißt so.',
  unreachable: 'Er ist nicht zu erreichen.',
  silent: 'Er antwortet nicht rechtzeitig.',
  key: 'Er nimmt den Schlüssel nicht an.',
  'something-else': 'Dort antwortet etwas anderes.',
  broke: 'Die Verbindung ist abgerissen.',
  certificate: 'Seinem Zertifikat ist nicht zu trauen.',
  redirected: 'Er verweist auf eine andere Adresse; dorthin folgt Gantry nie.',
  'too-large': 'Die Antwort ist größer als die eines Druckers.',
  'port-missing': 'Sein Anschluss ist nicht da.',
  'port-forbidden': 'Gantry darf seinen Anschluss nicht öffnen.',
  'port-busy': 'Ein anderes Programm benutzt seinen Anschluss.',
  unplugged: 'Sein Kabel wurde gezogen, oder er wurde ausgeschaltet.',
  'left-printing':
    'Er druckt vielleicht von seiner eigenen Karte, und seinen Anschluss zu öffnen würde ihn neu starten.',
  'left-halted': 'Er hatte sich selbst angehalten, und seinen Anschluss zu öffnen würde ihn neu starten.',
  busy: 'Er ist mit etwas anderem beschäftigt.',
  bug: 'Gantry hat einen Fehler gemacht.',
  other: 'Die Verbindung ist unterbrochen.',
} as const satisfies Messages['linkReason']

export const linkTodo = {
  refused:
    'Prüfen Sie den Port und ob der Dienst läuft: OctoPrint hat 80 oder 5000, Moonraker 7125, PrusaLink 80 oder 8080.',
  'no-name': 'Stimmt der Name, und ist der Drucker an?',
  unreachable: 'Ist der Drucker an und im selben Netz, und stimmt die Adresse noch?',
  silent: 'Wenn er nicht gerade startet, starten Sie ihn neu.',
  key: 'Geben Sie den Schlüssel hier in den Einstellungen des Druckers neu ein.',
  'something-else': 'Öffnen Sie die Adresse im Browser und sehen Sie nach, was dort ist.',
  broke: 'Prüfen Sie sein Netz oder seinen Strom.',
  certificate: 'Prüfen Sie die Adresse, oder nehmen Sie http, wenn es Ihr eigener Drucker ist.',
  redirected: 'Geben Sie die Adresse ein, auf die er verweist.',
  'too-large': 'Ist es die Adresse des Druckers selbst?',
  'port-missing': 'Ist der Drucker eingesteckt und eingeschaltet?',
  'port-forbidden':
    'Schließen Sie andere Programme, die ihn benutzen; unter Linux treten Sie der Gruppe dialout oder uucp bei und melden sich neu an.',
  'port-busy': 'Schließen Sie den Slicer oder das Programm, das ihn hält.',
  unplugged: 'Stecken Sie ihn wieder ein.',
  'left-printing': 'Verbinden Sie ihn selbst, wenn er fertig ist.',
  'left-halted': 'Sehen Sie sich zuerst die Maschine an, dann verbinden Sie ihn selbst.',
  busy: 'Warten Sie, bis er fertig ist.',
  bug: 'Sichern Sie die Diagnose unter Einstellungen und melden Sie es.',
  other: 'Prüfen Sie Strom und Kabel.',
} as const satisfies Messages['linkTodo']
