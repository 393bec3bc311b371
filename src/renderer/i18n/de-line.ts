/** Was gesagt wird, solange von Gantry nichts zu hören ist. Nie, dass Drucke stehen: Das weiß hier niemand. */
export const line = {
  lost: 'Keine Verbindung zu Gantry seit {since}.',
  valuesThen: 'Alle Werte sind von diesem Zeitpunkt.',
  lostText: 'Drucke laufen möglicherweise weiter. Im Notfall den Schalter am Drucker benutzen.',
  retry: 'Neuer Versuch in <b>{seconds}\u2009s</b>',
  trying: 'Neuer Versuch …',
  tryNow: 'Jetzt versuchen',
  why: 'Ursache suchen',
  back: 'Wieder mit Gantry verbunden. Alle Werte sind von jetzt.',
  locked: 'Keine Verbindung zu Gantry seit {since}. Das geht wieder, sobald Gantry zurück ist.',
  status: 'Keine Verbindung seit {since}',
  old: '{age} alt',
  new: 'unter 1\u00a0min alt',
  at: 'Um {time}:',
  helpTitle: 'Warum gibt es keine Verbindung?',
  helpAbout: 'Was diese Seite ohne Gantry herausfinden kann.',
  looking: 'Gantry wird gesucht …',
  again: 'Noch einmal nachsehen',
  offline: 'Dieses Gerät ist mit keinem Netz verbunden.',
  offlineTodo: 'Das Netz am Gerät einschalten oder dorthin gehen, wo es Empfang hat.',
  nobody: 'Unter {host} antwortet niemand.',
  nobodyTodo:
    'Gantry ist vielleicht beendet, der Computer aus oder im Ruhezustand, oder das Netz dazwischen ist unterbrochen. Am besten dort nachsehen.',
  mute: '{host} wurde gefragt und sagt nichts.',
  muteTodo:
    'Gantry ist vielleicht sehr beschäftigt, oder das Netz verschluckt, was gesendet wird. Hält das an, Gantry neu starten; Drucke über USB laufen von allein weiter.',
  half: 'Gantry antwortet, aber seine laufenden Meldungen kommen nicht durch.',
  halfTodo:
    'Vielleicht hat ein anderer Tab die Verbindung, oder etwas dazwischen hält sie auf. Andere Tabs mit Gantry schließen und diese Seite neu laden.',
  inside: 'Das Fenster ist da, aber das Programm dahinter antwortet nicht.',
  insideTodo:
    'Es ist vielleicht sehr beschäftigt. Hält das an, Gantry beenden und neu starten; Drucke über USB laufen von allein weiter.',
  unfetchedTitle: 'Diese Seite wurde noch nie geöffnet',
  unfetchedText:
    'Gantry müsste sie erst senden und antwortet nicht. Sie öffnet sich von selbst, sobald Gantry zurück ist.',
  unread: 'Noch nicht bekannt. Das kommt, sobald Gantry zurück ist.',
}
