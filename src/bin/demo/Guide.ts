/**
 * A guide as something to be played: its headings, and what stands in its blocks of JSON.
 *
 * The first word after `json` says what a block is: the name of a tool, with the arguments of a call; `answer`, what the
 * answer to the last call must hold; `sandbox PATH`, what is sent to the sandbox's control endpoint to play the partner;
 * `requests`, how often operations have reached Habu since the guide began.
 */
import { isObject, type Json, type JsonObject } from "../../mcp/JsonSchemas.js"

export type Step =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "call"; readonly tool: string; readonly arguments: JsonObject }
  | { readonly kind: "answer"; readonly holds: JsonObject }
  | { readonly kind: "sandbox"; readonly path: string; readonly body: JsonObject }
  | { readonly kind: "requests"; readonly counts: JsonObject }

export interface Guide {
  readonly title: string
  readonly steps: ReadonlyArray<Step>
}

const block = (info: string, body: JsonObject): Step => {
  const [kind = "", path = ""] = info.trim().split(" ")
  if (kind === "answer") return { kind, holds: body }
  if (kind === "requests") return { kind, counts: body }
  return kind === "sandbox" ? { kind, path, body } : { kind: "call", tool: kind, arguments: body }
}

/** Reads a guide. Fails with a SyntaxError where a block is no JSON. */
export const parse = (markdown: string): Guide => {
  const found = [...markdown.matchAll(/^(?:## (.+)|```json (.+)\n([^]*?)^```)$/gm)]
  return {
    title: /^# (.+)$/m.exec(markdown)?.[1] ?? "",
    steps: found.map(([, heading, info = "", body = ""]) =>
      heading === undefined ? block(info, JSON.parse(body) as JsonObject) : { kind: "heading", text: heading }
    )
  }
}

const at = (value: Json | undefined, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>(
    (inner, key) => Array.isArray(inner) ? inner[Number(key)] : isObject(inner) ? inner[key] : undefined,
    value
  )

const day = 24 * 60 * 60 * 1000

/**
 * Puts values in place of what stands between angle brackets: a date for `<31 days ago>`, and for `<proposals.0.mark>`
 * what the last answer has there.
 */
export const filledIn = (value: Json, lastAnswer: Json, now: number): Json => {
  if (typeof value === "string") {
    return value.replaceAll(/<([^<>]+)>/g, (_, name: string) => {
      const days = /^(\d+) days ago$/.exec(name)?.[1]
      const put = days === undefined
        ? at(lastAnswer, name)
        : new Date(now - Number(days) * day).toISOString().slice(0, 10)
      if (typeof put !== "string") throw new Error(`The answer before has no ${name}`)
      return put
    })
  }
  if (Array.isArray(value)) return value.map((item: Json) => filledIn(item, lastAnswer, now))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filledIn(inner, lastAnswer, now)]))
}

/**
 * Where an answer does not hold what is shown of it; undefined where it does. Of a list, these items in any order; `…`
 * is anything.
 */
export const missing = (shown: Json, said: Json | undefined, where = "answer"): string | undefined => {
  if (shown === "…") return said === undefined ? `${where} is not there` : undefined
  if (Array.isArray(shown) && Array.isArray(said)) {
    const absent = shown.find((item: Json) => !said.some((one: Json) => missing(item, one) === undefined))
    return absent === undefined ? undefined : `${where} has no ${JSON.stringify(absent)}: ${JSON.stringify(said)}`
  }
  if (isObject(shown) && isObject(said)) {
    return Object.keys(shown)
      .map((key) => missing(shown[key] ?? null, said[key], `${where}.${key}`))
      .find((problem) => problem !== undefined)
  }
  return shown === said ? undefined : `${where} is ${JSON.stringify(said)}, not ${JSON.stringify(shown)}`
}
