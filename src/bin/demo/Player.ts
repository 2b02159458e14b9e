/** Plays a guide: makes its calls, shows what comes back, and holds each answer against what the guide says of it. */
import { setTimeout as sleep } from "node:timers/promises"
import { isObject, type Json, type JsonObject } from "../../mcp/JsonSchemas.js"
import * as Guide from "./Guide.js"
import * as screen from "./screen.js"
import type { Stage } from "./Stage.js"

interface Entry {
  readonly operation?: string
  readonly status?: number
}

// A call that waits for Habu ends with the next one to make, and when.
const untilItEnds = async (stage: Stage, first: JsonObject): Promise<JsonObject> => {
  const [step] = Array.isArray(first["next_steps"]) ? first["next_steps"] : []
  if (first["status"] !== "running" || !isObject(step) || !isObject(step["arguments"])) return first
  await sleep(Number(step["after_seconds"] ?? 1) * 1000)
  return untilItEnds(stage, await stage.call(String(step["tool"]), step["arguments"]))
}

// How long the server answers reads from copies, in Habu's milliseconds: so late it sees what the other side did.
const copiesLive = 31_000

const object = (value: Json): JsonObject => isObject(value) ? value : {}

const counted = async (stage: Stage): Promise<JsonObject> => {
  const entries = await stage.control("GET", "/requests") as ReadonlyArray<Entry>
  const counts = new Map<string, number>()
  for (const { operation = "token", status = 0 } of entries) {
    if (status >= 200 && status < 300) counts.set(operation, (counts.get(operation) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

/** Fails where an answer lacks what the guide shows of it. */
export const play = async (stage: Stage, { steps, title }: Guide.Guide): Promise<void> => {
  screen.title(title)
  await stage.control("DELETE", "/requests")
  let before: JsonObject = {}
  let last: JsonObject = {}
  const given = (body: JsonObject, answer = last) => object(Guide.filledIn(body, answer, Date.now()))
  for (const step of steps) {
    if (step.kind === "heading") screen.heading(step.text)
    if (step.kind === "call") {
      const args = given(step.arguments)
      screen.call(step.tool, args)
      before = last
      last = await untilItEnds(stage, await stage.call(step.tool, args))
      screen.summary(String(last["summary"]))
    }
    if (step.kind === "sandbox") {
      screen.aside(`the other side: ${step.path} ${JSON.stringify(step.body)}`)
      await stage.control("POST", step.path, given(step.body))
      await sleep(copiesLive / stage.speed)
    }
    if (step.kind === "answer") {
      screen.answer(last, step.holds)
      const problem = Guide.missing(given(step.holds, before), last)
      if (problem !== undefined) throw new Error(problem)
    }
    if (step.kind === "requests") {
      const counts = await counted(stage)
      const problem = Object.entries(step.counts).find(([name, count]) => (counts[name] ?? 0) !== count)
      if (problem !== undefined) throw new Error(`Habu carried out ${problem[0]} ${counts[problem[0]] ?? 0} times`)
      screen.kept(`Habu carried out: ${Object.entries(step.counts).map(([name, n]) => `${name} ${n}×`).join(", ")}`)
    }
  }
}
