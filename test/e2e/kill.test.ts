import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Killing from "./killing.js"

const kills = Number(process.env["HABU_TEST_KILLS"] ?? 20)
const inARound = 20
const seed = Number(process.env["HABU_TEST_SEED"] ?? Math.floor(Math.random() * 1_000_000))

const tally = (words: ReadonlyArray<string>) =>
  [...new Set(words)].sort().map((word) => `${words.filter((one) => one === word).length} ${word}`).join(", ")

const check = ({ held, settled, tokensRefused, victims }: Killing.Round) => {
  for (const { key, told } of victims) {
    expect(held.get(key)?.length, key).toBeLessThanOrEqual(1)
    if (told !== undefined) expect(held.get(key), key).toEqual([told])
  }
  for (const { key, run, runs, untruths } of settled) {
    expect(untruths, key).toEqual([])
    expect(runs, key).toEqual([run])
  }
  expect(tokensRefused).toBe(0)
}

const round = (one: number) =>
  Effect.map(Killing.round(one, Math.min(kills, inARound)), (done) => {
    const { victims } = done
    process.stderr.write(
      `\n${victims.length} kills (HABU_TEST_SEED=${one}): ${tally(victims.map(({ moment }) => moment))}; faults: ${
        tally(victims.map(({ fault }) => fault))
      }\n`
    )
    check(done)
    return victims
  })

describe("the command killed in the middle of a start", () => {
  it.live(`keeps one run for every key: ${kills} kills, HABU_TEST_SEED=${seed}`, () =>
    Effect.gen(function*() {
      const seeds = Array.from({ length: Math.ceil(kills / inARound) }, (_, index) => seed + index)
      const victims = (yield* Effect.forEach(seeds, round)).flat()
      // Otherwise the kills were not about the starts.
      expect(victims.filter(({ moment }) => moment !== "after it was told").length).toBeGreaterThan(kills / 4)
      expect(victims.filter(({ moment }) => moment !== "before it was sent").length).toBeGreaterThan(kills / 10)
    }), 90_000 + 9_000 * kills)
})
