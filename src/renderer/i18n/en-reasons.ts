/** Gantry's codes (contract/error.ts), each as a sentence: what happened and what to do. */
export const reason = {
  data: {
    unwritable: 'Gantry cannot write to its data folder. Check the disk and the rights of the folder.',
    full: 'The disk of Gantry’s data folder is full. Make some room and try again.',
  },
  store: {
    damaged: 'Gantry’s database is damaged. Start Gantry again: it then goes back to its last backup.',
    conflict: 'That clashes with something that is there already. Nothing was changed.',
  },
  port: { taken: 'Gantry may not use this port, or another program holds it. Choose another one.' },
  request: {
    'bad-address':
      'Gantry does not know this address. Open it under the address it printed, or load the page again.',
    unreadable: 'The request arrived broken. Load the page again and try once more.',
    'reserved-name': 'This Gantry does not know what was asked. Load the page again.',
    'unknown-profile': 'Nothing in this Gantry does that. The plug-in for it may be off: look under Apps.',
    'unknown-route':
      'This Gantry does not know what was asked. Page and program may differ in version: load the page again.',
    'wrong-method':
      'This Gantry does not know what was asked. Page and program may differ in version: load the page again.',
    invalid: 'Gantry did not accept this. Nothing was changed; check what you entered.',
    'too-large': 'That is more than Gantry takes at once. Nothing was changed.',
    'too-late': 'The request took too long to arrive. Check the network and try again.',
  },
  bytes: {
    gap: 'A part of the file got lost on its way. Send the file again.',
    'too-many': 'The file grew while it was being sent. Send it again.',
    'out-of-range': 'That part of the file is not there. Load the page again.',
  },
  auth: {
    origin: 'Gantry does not serve pages of this address. Open it under the address it printed.',
    denied: 'This was not allowed. Nothing was changed.',
    'too-often': 'Those were too many requests in a short time. Wait a minute and try again.',
    'too-much': 'This page follows too many things at once. Load it again.',
    'client-unknown': 'This page is not signed in any more. Sign in again to go on.',
    'token-missing': 'This page is not signed in. Sign in to go on.',
    'token-unknown': 'This page is not signed in any more. Sign in again to go on.',
    'token-expired': 'The sign-in of this page has run out. Sign in again to go on.',
    'scope-missing': 'This page may not do that. Whoever signed it in did not allow it.',
  },
  service: {
    missing: 'The request did not say what it is meant for. Load the page again.',
    unknown: 'It is not there any more. Nothing was changed.',
  },
  plugin: {
    invalid: 'This plug-in is not built as Gantry needs it. Ask its maker for another version.',
    unreadable: 'The folder of plug-ins cannot be read. Check the disk and the rights of the folder.',
    unknown: 'This plug-in is not there any more.',
    disabled: 'The plug-in that does this is switched off. Switch it on under Apps.',
    restarting: 'The plug-in is just starting again. Try again in a moment.',
    stopped: 'The plug-in failed too often and is not running. Start it again under Apps.',
    crashed: 'The plug-in failed before it answered. Check whether it was done before you try again.',
    late: 'The plug-in did not answer in time. Check whether it was done before you try again.',
    malformed:
      'The plug-in gave an answer Gantry cannot understand. Check whether it was done before you try again.',
    busy: 'The plug-in has too much to do. Try again in a moment.',
    denied: 'The plug-in does not let this page in.',
    refused: 'The plug-in refused this, for a reason of its own.',
  },
  printer: {
    offline: 'The printer cannot be reached. Check that it is on and connected.',
    busy: 'The printer cannot do that right now. See what it is doing or waiting for, then try again.',
    printing: 'A print is on, and this would spoil it.',
    'not-printing': 'Nothing is being printed.',
    'not-paused': 'The print is not paused.',
    paused: 'The print is paused already.',
    halted: 'The machine has stopped itself. Restart it first.',
    'left-alone':
      'Opening its port would start the printer anew. Connect it yourself when that does no harm.',
    'bed-to-clear': 'The last part may still be on the bed. Clear the bed first.',
    'bed-changed': 'The bed is not as it was when you looked. Look again, then say so.',
    'in-doubt': 'Another printer may answer where this one was. Say under Connection which it is.',
    held: 'The machine had a fault. Look at it first, then say that it is fit to go on.',
    unsupported: 'This printer cannot do that.',
    refused: 'The printer refused this. See what its display says.',
    credentials: 'The printer does not accept the key or password. Enter the right one under Connection.',
    'no-reading': 'The printer has not reported anything yet. Try again in a moment.',
    unknown: 'This printer is not here any more.',
  },
  job: { unknown: 'This job is not there any more.' },
  file: {
    unknown: 'This file is not there any more.',
    unreadable: 'The file cannot be read. Check that it is whole and that its disk is there.',
    'wrong-kind':
      'This printer does not print files of this kind. Slice the model for this printer, as plain G-code.',
  },
  contents: {
    unknown: 'This contents server is not set up here.',
    unreachable: 'The contents server cannot be reached. Check its address and the network.',
    refused: 'The contents server refused this, or offers nothing that can be printed.',
    'login-refused': 'The login at the contents server did not succeed. Sign in there and try again.',
    'token-unknown': 'The contents server does not accept this permission. Choose the file there again.',
    'token-expired':
      'The permission for this file has run out. Choose the file at the contents server again.',
  },
  wire: {
    timeout: 'No answer came in time. Check whether it was done before you try again.',
    malformed: 'What answers there makes no sense to Gantry. Check the address and what runs there.',
    closed: 'The connection broke off. Check whether it was done before you try again.',
    untrusted: 'The certificate of the other side cannot be trusted. Nothing was sent.',
    redirected:
      'The other side points to another address. Gantry does not go there: enter that address yourself.',
    'too-large': 'The answer was larger than Gantry accepts.',
  },
  cancelled: 'It was called off before it was done.',
  internal: {
    bug: 'Something in Gantry went wrong. Save the diagnostics under Settings if it happens again.',
  },
} as const

/** The same where it is known what exactly it is about. */
export const reasonAbout = {
  request: {
    invalid: 'Gantry did not accept “{name}”. Nothing was changed; check what you entered.',
    'unknown-profile':
      'Nothing in this Gantry serves “{profile}”. The plug-in for it may be off: look under Apps.',
  },
  auth: { 'scope-missing': 'This page may not use “{profile}”. Whoever signed it in did not allow it.' },
  printer: {
    busy: 'The printer cannot do that right now. It says: “{said}”',
    refused: 'The printer refused this. It says: “{said}”',
  },
  file: {
    'wrong-kind':
      'This printer does not print {kind} files. Slice the model for this printer, as plain G-code.',
  },
} as const
