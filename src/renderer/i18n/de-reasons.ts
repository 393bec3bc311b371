/** Die Codes von Gantry (contract/error.ts), jeder als Satz: was geschehen ist und was zu tun ist. */
export const reason = {
  data: {
    unwritable:
      'Gantry kann nicht in seinen Datenordner schreiben. Prüfen Sie den Datenträger und die Rechte des Ordners.',
    full: 'Der Datenträger mit dem Datenordner von Gantry ist voll. Schaffen Sie Platz und versuchen Sie es erneut.',
  },
  store: {
    damaged:
      'Die Datenbank von Gantry ist beschädigt. Starten Sie Gantry neu: Es kehrt dann zur letzten Sicherung zurück.',
    conflict: 'Das verträgt sich nicht mit etwas, das es schon gibt. Es wurde nichts geändert.',
  },
  port: {
    taken:
      'Gantry darf diesen Port nicht verwenden, oder ein anderes Programm belegt ihn. Wählen Sie einen anderen.',
  },
  request: {
    'bad-address':
      'Gantry kennt diese Adresse nicht. Öffnen Sie es unter der angezeigten Adresse oder laden Sie die Seite neu.',
    unreadable: 'Die Anfrage kam beschädigt an. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
    'reserved-name': 'Dieses Gantry kennt die Anfrage nicht. Laden Sie die Seite neu.',
    'unknown-profile':
      'Dafür ist in diesem Gantry nichts zuständig. Vielleicht ist die Erweiterung ausgeschaltet: Sehen Sie unter Apps nach.',
    'unknown-route':
      'Dieses Gantry kennt die Anfrage nicht. Seite und Programm haben wohl verschiedene Versionen: Laden Sie die Seite neu.',
    'wrong-method':
      'Dieses Gantry kennt die Anfrage nicht. Seite und Programm haben wohl verschiedene Versionen: Laden Sie die Seite neu.',
    invalid: 'Gantry hat das nicht angenommen. Es wurde nichts geändert; prüfen Sie Ihre Eingabe.',
    'too-large': 'Das ist mehr, als Gantry auf einmal annimmt. Es wurde nichts geändert.',
    'too-late': 'Die Anfrage kam zu langsam an. Prüfen Sie das Netzwerk und versuchen Sie es erneut.',
  },
  bytes: {
    gap: 'Ein Teil der Datei ging unterwegs verloren. Senden Sie sie noch einmal.',
    'too-many': 'Die Datei wurde beim Senden größer. Senden Sie sie noch einmal.',
    'out-of-range': 'Diesen Teil der Datei gibt es nicht. Laden Sie die Seite neu.',
  },
  auth: {
    origin: 'Gantry bedient Seiten dieser Adresse nicht. Öffnen Sie es unter der angezeigten Adresse.',
    denied: 'Das wurde nicht erlaubt. Es wurde nichts geändert.',
    'too-often':
      'Das waren zu viele Anfragen in kurzer Zeit. Warten Sie eine Minute und versuchen Sie es erneut.',
    'too-much': 'Diese Seite verfolgt zu vieles gleichzeitig. Laden Sie sie neu.',
    'client-unknown': 'Diese Seite ist nicht mehr angemeldet. Melden Sie sich neu an.',
    'token-missing': 'Diese Seite ist nicht angemeldet. Melden Sie sich an.',
    'token-unknown': 'Diese Seite ist nicht mehr angemeldet. Melden Sie sich neu an.',
    'token-expired': 'Die Anmeldung dieser Seite ist abgelaufen. Melden Sie sich neu an.',
    'scope-missing': 'Diese Seite darf das nicht. Es wurde ihr beim Anmelden nicht erlaubt.',
  },
  service: {
    missing: 'Die Anfrage sagt nicht, für wen sie bestimmt ist. Laden Sie die Seite neu.',
    unknown: 'Das gibt es nicht mehr. Es wurde nichts geändert.',
  },
  plugin: {
    invalid:
      'Diese Erweiterung ist nicht so gebaut, wie Gantry es braucht. Fragen Sie ihren Hersteller nach einer anderen Version.',
    unreadable:
      'Der Ordner der Erweiterungen ist nicht lesbar. Prüfen Sie den Datenträger und die Rechte des Ordners.',
    unknown: 'Diese Erweiterung gibt es nicht mehr.',
    disabled: 'Die Erweiterung dafür ist ausgeschaltet. Schalten Sie sie unter Apps ein.',
    restarting: 'Die Erweiterung startet gerade neu. Versuchen Sie es gleich noch einmal.',
    stopped: 'Die Erweiterung ist zu oft ausgefallen und läuft nicht mehr. Starten Sie sie unter Apps neu.',
    crashed:
      'Die Erweiterung ist ausgefallen, bevor sie geantwortet hat. Sehen Sie nach, ob es geschehen ist, bevor Sie es wiederholen.',
    late: 'Die Erweiterung hat nicht rechtzeitig geantwortet. Sehen Sie nach, ob es geschehen ist, bevor Sie es wiederholen.',
    malformed:
      'Gantry versteht die Antwort der Erweiterung nicht. Sehen Sie nach, ob es geschehen ist, bevor Sie es wiederholen.',
    busy: 'Die Erweiterung hat zu viel zu tun. Versuchen Sie es gleich noch einmal.',
    denied: 'Die Erweiterung lässt diese Seite nicht zu.',
    refused: 'Die Erweiterung hat das aus einem eigenen Grund abgelehnt.',
  },
  printer: {
    offline: 'Der Drucker ist nicht erreichbar. Prüfen Sie, ob er eingeschaltet und verbunden ist.',
    busy: 'Der Drucker kann das gerade nicht. Sehen Sie nach, was er tut oder worauf er wartet, und versuchen Sie es dann erneut.',
    printing: 'Ein Druck läuft, und das würde ihn verderben.',
    'not-printing': 'Es wird nichts gedruckt.',
    'not-paused': 'Der Druck ist nicht angehalten.',
    paused: 'Der Druck ist schon angehalten.',
    halted: 'Die Maschine hat sich selbst angehalten. Starten Sie sie zuerst neu.',
    'left-alone':
      'Seinen Anschluss zu öffnen würde den Drucker neu starten. Verbinden Sie ihn selbst, wenn das keinen Schaden anrichtet.',
    'bed-to-clear': 'Das letzte Teil liegt vielleicht noch auf dem Bett. Räumen Sie es zuerst ab.',
    'bed-changed': 'Das Bett ist nicht mehr so, wie Sie es gesehen haben. Sehen Sie noch einmal nach.',
    'in-doubt': 'Vielleicht antwortet hier ein anderer Drucker. Sagen Sie unter Verbindung, welcher es ist.',
    held: 'Die Maschine hatte eine Störung. Sehen Sie zuerst nach und geben Sie sie dann frei.',
    unsupported: 'Dieser Drucker kann das nicht.',
    refused: 'Der Drucker hat das abgelehnt. Sehen Sie auf seiner Anzeige nach.',
    credentials:
      'Der Drucker nimmt den Schlüssel oder das Passwort nicht an. Geben Sie unter „Verbindung“ das richtige ein.',
    'no-reading': 'Der Drucker hat noch nichts gemeldet. Versuchen Sie es gleich noch einmal.',
    unknown: 'Diesen Drucker gibt es hier nicht mehr.',
  },
  job: { unknown: 'Diesen Auftrag gibt es nicht mehr.' },
  file: {
    unknown: 'Diese Datei gibt es nicht mehr.',
    unreadable: 'Die Datei ist nicht lesbar. Prüfen Sie, ob sie vollständig und ihr Datenträger da ist.',
    'wrong-kind':
      'Dieser Drucker druckt Dateien dieser Art nicht. Slicen Sie das Modell für diesen Drucker, als einfachen G-Code.',
  },
  contents: {
    unknown: 'Dieser Inhalte-Server ist hier nicht eingerichtet.',
    unreachable: 'Der Inhalte-Server ist nicht erreichbar. Prüfen Sie seine Adresse und das Netzwerk.',
    refused: 'Der Inhalte-Server hat das abgelehnt oder bietet nichts Druckbares an.',
    'login-refused':
      'Die Anmeldung beim Inhalte-Server ist nicht gelungen. Melden Sie sich dort an und versuchen Sie es erneut.',
    'token-unknown':
      'Der Inhalte-Server nimmt diese Freigabe nicht an. Wählen Sie die Datei dort noch einmal aus.',
    'token-expired':
      'Die Freigabe für diese Datei ist abgelaufen. Wählen Sie die Datei beim Inhalte-Server noch einmal aus.',
  },
  wire: {
    timeout:
      'Es kam keine rechtzeitige Antwort. Sehen Sie nach, ob es geschehen ist, bevor Sie es wiederholen.',
    malformed: 'Gantry versteht nicht, was dort antwortet. Prüfen Sie die Adresse und was dort läuft.',
    closed: 'Die Verbindung brach ab. Sehen Sie nach, ob es geschehen ist, bevor Sie es wiederholen.',
    untrusted: 'Dem Zertifikat der Gegenseite ist nicht zu trauen. Es wurde nichts gesendet.',
    redirected:
      'Die Gegenseite verweist auf eine andere Adresse. Gantry folgt dem nicht: Geben Sie diese Adresse selbst ein.',
    'too-large': 'Die Antwort war größer, als Gantry es zulässt.',
  },
  cancelled: 'Es wurde abgebrochen, bevor es fertig war.',
  internal: {
    bug: 'In Gantry ist etwas schiefgegangen. Sichern Sie die Diagnose unter Einstellungen, wenn es wieder geschieht.',
  },
} as const

/** Dasselbe, wenn bekannt ist, worum genau es geht. */
export const reasonAbout = {
  request: {
    invalid: 'Gantry hat „{name}“ nicht angenommen. Es wurde nichts geändert; prüfen Sie Ihre Eingabe.',
    'unknown-profile':
      'Für „{profile}“ ist in diesem Gantry nichts zuständig. Vielleicht ist die Erweiterung ausgeschaltet: Sehen Sie unter Apps nach.',
  },
  auth: {
    'scope-missing':
      'Diese Seite darf „{profile}“ nicht verwenden. Es wurde ihr beim Anmelden nicht erlaubt.',
  },
  printer: {
    busy: 'Der Drucker kann das gerade nicht. Er meldet: „{said}“',
    refused: 'Der Drucker hat das abgelehnt. Er meldet: „{said}“',
  },
  file: {
    'wrong-kind':
      'Dieser Drucker druckt keine {kind}-Dateien. Slicen Sie das Modell für diesen Drucker, als einfachen G-Code.',
  },
} as const
