import type { en } from './en.ts'

type Shape<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Shape<Tree[Key]> }

/** What every language must say: all that English says, and nothing else. */
export type Messages = Shape<typeof en>

type Paths<Tree, Prefix extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Prefix}${Key}`
    : Paths<Tree[Key], `${Prefix}${Key}.`>
}[keyof Tree & string]

/** The name of a sentence: `nav.printers`. */
export type MessageKey = Paths<typeof en>

type At<Tree, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Tree
    ? At<Tree[Head], Rest>
    : never
  : Path extends keyof Tree
    ? Tree[Path]
    : never

type Holes<Text> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never

type HolesOf<Key extends MessageKey> = Holes<At<typeof en, Key>>

/** What a sentence wants filled in; nothing where it has no holes. */
export type Fillings<Key extends MessageKey> = [HolesOf<Key>] extends [never]
  ? []
  : [fillings: Readonly<Record<HolesOf<Key>, string | number>>]

/** A sentence without holes, as tables of words hold them. */
export type PlainKey = {
  [Key in MessageKey]: [HolesOf<Key>] extends [never] ? Key : never
}[MessageKey]
