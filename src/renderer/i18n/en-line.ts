/** What is said while nothing is heard of Gantry. Never that prints stopped: nobody here knows. */
export const line = {
  lost: 'No connection to Gantry since {since}.',
  valuesThen: 'Values are from then.',
  lostText: 'Prints may still be running. In an emergency, use the switch on the printer.',
  retry: 'Trying again in <b>{seconds}\u2009s</b>',
  trying: 'Trying again…',
  tryNow: 'Try now',
  why: 'Find out why',
  back: 'Connected to Gantry again. All values are of now.',
  locked: 'No connection to Gantry since {since}. This waits until Gantry is back.',
  status: 'No connection since {since}',
  old: '{age} old',
  new: 'under 1\u00a0min old',
  at: 'At {time}:',
  helpTitle: 'Why is there no connection?',
  helpAbout: 'What this page can find out without Gantry.',
  looking: 'Trying to reach Gantry…',
  again: 'Look again',
  offline: 'This device is not connected to any network.',
  offlineTodo: 'Switch its network on, or take it to where it has reception.',
  nobody: 'Nothing answers at {host}.',
  nobodyTodo:
    'Gantry may have been ended, its computer may be off or asleep, or the network between may be interrupted. Go and look at that computer.',
  mute: '{host} was asked and says nothing.',
  muteTodo:
    'Gantry may be very busy, or the network swallows what is sent. If this lasts, restart Gantry; prints over USB go on by themselves.',
  half: 'Gantry answers, but its live news does not come through.',
  halfTodo:
    'Another tab may have taken the connection, or something between holds it back. Close other tabs with Gantry and load this page again.',
  inside: 'The window is there, but the program behind it does not answer.',
  insideTodo:
    'It may be very busy. If this lasts, end Gantry and start it again; prints over USB go on by themselves.',
  unfetchedTitle: 'This screen has not been opened before',
  unfetchedText:
    'Gantry would have to send it first, and does not answer. It opens by itself once Gantry is back.',
  unread: 'Not known yet. This comes once Gantry is back.',
} as const
