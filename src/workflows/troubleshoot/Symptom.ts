/**
 * What a description in words or an error of ours points at in the catalogue.
 *
 * @since 0.1.0
 */
import * as Text from "../../habu/Text.js"
import type { Entry, Id } from "./Catalogue.js"
import * as Catalogue from "./Catalogue.js"
import type { Pointers } from "./Finding.js"

/**
 * The words of a text, folded. "does not", "isn't" and the like all read as "not"; "cannot" stays, as entries name it.
 *
 * @since 0.1.0
 * @category getters
 */
export const tokens = (text: string): ReadonlyArray<string> =>
  Text.folded(text).replace(/n['’]t\b/g, " not").replace(/[^\p{L}\p{N}_.-]+/gu, " ").split(" ")
    .map((token) => token.replace(/^[.-]+|[.-]+$/g, "")).filter((token) => token !== "")

const holds = (words: ReadonlyArray<string>) => (phrase: string): boolean =>
  phrase.split(" ").every((stem) => words.some((word) => word.startsWith(stem)))

const size = (phrase: string) => phrase.split(" ").length

const score = (entry: Entry, words: ReadonlyArray<string>) => {
  const matched = entry.words.filter(holds(words)).map(size).sort((a, b) => b - a)
  const [most = 0, ...rest] = matched
  return most === 0 ? 0 : most + rest.length / 2
}

/**
 * The entries whose words a description holds, each with how well they fit next to the best of them.
 *
 * @since 0.1.0
 * @category getters
 */
export const read = (symptom: string): Pointers => {
  const words = tokens(symptom)
  const scored = Catalogue.all.map((entry) => [entry.id, score(entry, words)] as const).filter(([, score]) => score > 0)
  const best = Math.max(0, ...scored.map(([, score]) => score))
  return new Map(scored.map(([id, score]): [Id, number] => [id, score / best]))
}

/**
 * Two readings as one: the stronger pointer counts.
 *
 * @since 0.1.0
 * @category combinators
 */
export const both = (a: Pointers, b: Pointers): Pointers =>
  new Map([...a, ...b].map(([id]) => [id, Math.max(a.get(id) ?? 0, b.get(id) ?? 0)]))
