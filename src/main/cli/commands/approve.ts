import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Command, CommandContext } from '../command.ts'
import { scopeWords } from '../scope-words.ts'
import { plain, stamp } from '../terminal.ts'

type Question = RouteResult<'GET approvals'>['approvals'][number]
type Decision = 'allow' | 'once' | 'deny' | 'never'

const lookEveryMs = 1_000
const answers: Readonly<Record<string, Decision>> = {
  y: 'allow',
  yes: 'allow',
  allow: 'allow',
  o: 'once',
  once: 'once',
  n: 'deny',
  no: 'deny',
  deny: 'deny',
  v: 'never',
  never: 'never',
}

export const approve: Command = {
  usage: 'approve [--wait] [--allow ID | --once ID | --deny ID | --never ID]',
  about: 'answer the applications that ask to use Gantry',
  mostWords: 0,
  async run(context) {
    const { client, flags, terminal } = context
    const given = decisionOf(context)
    if (given) {
      await client.call('PUT approvals/decision', given)
      return terminal.print(told[given.decision])
    }
    const questions = await listed(context)
    if (flags.json) return terminal.print(JSON.stringify(questions))
    if (questions.length === 0) return terminal.print('Nobody asks for anything now.')
    for (const question of questions) await decide(context, question)
    if (terminal.ask === undefined) {
      terminal.complain(
        'Nobody can be asked here. Answer with: gantry approve --allow ID, --once ID, --deny ID or --never ID.',
      )
    }
  },
}

const told = {
  allow: 'Allowed.',
  once: 'Allowed once.',
  deny: 'Denied.',
  never: 'Denied. It may not ask again, until you say: gantry ask-again ORIGIN',
} as const satisfies Record<Decision, string>

function decisionOf({ flags }: CommandContext): { id: string; decision: Decision } | undefined {
  const given = (['allow', 'once', 'deny', 'never'] as const).flatMap(decision => {
    const id = flags[decision]
    return id === undefined ? [] : [{ id, decision }]
  })
  if (given.length > 1)
    throw new GantryError('request.invalid', 'Use one of --allow, --once, --deny and --never at a time.')
  return given[0]
}

async function listed({ client, flags, pause }: CommandContext): Promise<readonly Question[]> {
  for (;;) {
    const { approvals } = await client.call('GET approvals', {})
    if (approvals.length > 0 || !flags.wait) return approvals
    await pause(lookEveryMs)
  }
}

async function decide({ client, terminal }: CommandContext, question: Question): Promise<void> {
  terminal.print(describe(question))
  if (terminal.ask === undefined) return
  for (;;) {
    const said = await terminal.ask('Allow? [y]es, [o]nce, [n]o, ne[v]er ask again: ')
    if (said === undefined)
      throw new GantryError('cancelled', 'Nothing was answered; the question stays open.')
    const decision = Object.hasOwn(answers, word(said)) ? answers[word(said)] : undefined
    if (decision === undefined) {
      terminal.complain(`“${plain(said.trim())}” is no answer. Type allow, once, deny or never.`)
      continue
    }
    await client.call('PUT approvals/decision', { id: question.id, decision })
    return terminal.print(told[decision])
  }
}

const word = (text: string) => text.trim().toLowerCase()

function describe(question: Question): string {
  const who = `“${plain(question.name)}” from ${plain(question.origin)}${whence(question)}`
  const until = `Unanswered, it is a no at ${stamp(question.expiresAt)}.`
  switch (question.kind) {
    case 'access': {
      const what = scopeWords(question.scopes.map(plain))
      return `${who} asks to: ${what}. Yes holds for ${question.lifeDays} days. ${until} (${question.id})`
    }
    case 'plugin': {
      const { id, name, manufacturer, profiles } = question.plugin
      const by = manufacturer === '' ? '' : ` by ${plain(manufacturer)}`
      const which = `the plug-in “${plain(name)}” (${plain(id)})${by}`
      const holds = 'Yes holds as long as the application itself is allowed.'
      return `${who} asks to use ${which}, which did not come with Gantry and serves: ${profiles.map(plain).join(', ')}. ${holds} ${until} (${question.id})`
    }
    case 'key':
      return `${who} wants to pair a key, by which it knows this Gantry again. ${until} (${question.id})`
    case 'keyword':
      return `${who} asks to see your word, which is: ${question.keyword || 'not chosen yet'}. ${until} (${question.id})`
  }
}

/** On the network anybody can say any origin. */
function whence({ via, address }: Question): string {
  if (via !== 'lan') return ''
  return address === undefined ? ', on another device,' : `, on another device (${plain(address)}),`
}
