// A contents server for one folder. See README.md, or: node serve.mjs --help

import { readFile, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { createContentsServer } from './contents-server.mjs'
import { hashPassword } from './passwords.mjs'

const help = `node serve.mjs [options]              serves a folder
node serve.mjs add-user NAME          reads a password from standard input and keeps its hash

  --folder DIR    the files (files)
  --users FILE    names and hashed passwords (users.json); without the file nobody needs to log in
  --name NAME     as people read it (Contents)
  --host HOST     127.0.0.1: this machine only
  --port PORT     4080
  --cert FILE --key FILE    speak https
`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: 'files' },
    users: { type: 'string', default: 'users.json' },
    name: { type: 'string', default: 'Contents' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4080' },
    cert: { type: 'string' },
    key: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** @param {string} line */
const say = line => void process.stdout.write(`${line}\n`)

/** @returns {Promise<Record<string, string>>} */
async function readUsers() {
  try {
    return JSON.parse(await readFile(values.users, 'utf8'))
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return {}
    throw thrown
  }
}

/** @param {string} user */
async function addUser(user) {
  const password = (await text(process.stdin)).trimEnd()
  if (password.length < 8) throw new Error('A password has at least 8 characters.')
  const users = { ...(await readUsers()), [user]: await hashPassword(password) }
  await writeFile(values.users, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 })
  say(`${user} may log in.`)
}

async function serve() {
  const { cert, key, folder, name } = values
  const users = await readUsers()
  const server = createContentsServer({
    folder,
    users,
    name,
    say,
    ...(cert && key && { tls: { cert: await readFile(cert), key: await readFile(key) } }),
  })
  say(`${name}: ${await server.listen(Number(values.port), values.host)}`)
  if (Object.keys(users).length === 0)
    say('Nobody needs to log in: node serve.mjs add-user NAME changes that.')
}

const [command, user] = positionals
if (values.help) process.stdout.write(help)
else if (command === 'add-user' && user) await addUser(user)
else await serve()
