import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { type Ask, Asker, type Question, type Reply } from "../../src/workflows/Asker.js"
import * as Confirmation from "../../src/workflows/Confirmation.js"
import * as Plans from "../support/Plans.js"

const invite: Confirmation.Change = {
  tool: "onboard_partner",
  effects: [
    { grade: "ordinary", preview: "watch the invitation" },
    { grade: "outward", preview: "invite ana@example.com: a mail goes out" }
  ],
  subject: { cleanRoom: "cr-1", email: "ana@example.com" }
}

const removal: Confirmation.Change = {
  tool: "manage_cleanroom_lifecycle",
  effects: [{ grade: "destructive", preview: "delete Summer Campaign with 4 questions" }],
  name: "Summer Campaign",
  subject: { cleanRoom: "cr-1", questions: 4 }
}

const consent: Confirmation.Change = {
  tool: "establish_data_connection",
  effects: [{ grade: "contractual", preview: "consent to RampID as a join key" }],
  subject: {}
}

const waiting = (change: Confirmation.Change, code?: string) =>
  Confirmation.waitingFor(change, code === undefined ? { dataset: "d" } : { dataset: "d", confirmation: code })

const codeOf = (answer: Confirmation.Waiting | undefined) => answer?.confirmation.code ?? ""

const replying = (reply: Reply, asked: Array<Question> = []): Ask => (question) =>
  Effect.sync(() => {
    asked.push(question)
    return reply
  })

const withHost = (ask: Ask) => Effect.provideService(Asker, ask)

describe("where nobody can be asked", () => {
  it.effect("lets what is ordinary pass, and previews what reaches others", () =>
    Effect.gen(function*() {
      const ordinary = { ...invite, effects: invite.effects.slice(0, 1) }
      assert.isUndefined(yield* waiting(ordinary))
      const answer = yield* waiting(invite)
      assert.strictEqual(answer?.status, "needs_confirmation")
      assert.deepStrictEqual(answer?.confirmation.changes, [
        "invite ana@example.com: a mail goes out",
        "watch the invitation"
      ])
      assert.strictEqual(answer?.confirmation.grade, "outward")
      assert.deepStrictEqual(answer?.next_steps?.[0]?.arguments, { dataset: "d", confirmation: codeOf(answer) })
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("takes a code once, as people type it", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* waiting(invite))
      assert.isUndefined(yield* waiting(invite, ` ${code.toLowerCase()} `))
      const again = yield* Effect.flip(waiting(invite, code))
      assert.match(again.message, /was used already/)
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("refuses a code that was never given out", () =>
    Effect.gen(function*() {
      yield* waiting(invite)
      const forged = yield* Effect.flip(waiting(invite, "ABCDEFGHJK"))
      assert.match(forged.message, /not a code that was given out/)
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("refuses a code of another store, and one that was altered by a character", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* waiting(invite))
      const elsewhere = yield* Effect.flip(Effect.provide(waiting(invite, code), Layer.fresh(Plans.layer())))
      assert.match(elsewhere.message, /not a code that was given out/)
      const altered = `${code.slice(0, -1)}${code.endsWith("2") ? "3" : "2"}`
      assert.match((yield* Effect.flip(waiting(invite, altered))).message, /not a code that was given out/)
      assert.isUndefined(yield* waiting(invite, code))
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("refuses a code once it has expired", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* waiting(invite))
      yield* TestClock.adjust("10 minutes")
      assert.match((yield* Effect.flip(waiting(invite, code))).message, /has expired/)
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("refuses a code for anything but what was previewed, and keeps it for that", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* waiting(invite))
      const others: ReadonlyArray<Confirmation.Change> = [
        { ...invite, subject: { cleanRoom: "cr-2", email: "ana@example.com" } },
        { ...invite, tool: "setup_cleanroom_workspace" },
        { ...invite, effects: [...invite.effects, { grade: "outward", preview: "invite bob@example.com" }] }
      ]
      for (const other of others) {
        assert.match((yield* Effect.flip(waiting(other, code))).message, /stands for another change/)
      }
      assert.isUndefined(yield* waiting(invite, code))
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("gives no code for what cannot be undone or binds the organisation, unless started to allow it", () =>
    Effect.gen(function*() {
      for (const [change, flag] of [[removal, "--allow-destructive"], [consent, "--allow-contractual"]] as const) {
        const answer = yield* waiting(change)
        assert.strictEqual(answer?.status, "denied")
        assert.isUndefined(answer?.confirmation.code)
        assert.include(answer?.summary, flag)
      }
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("each allowance stands for its own grade alone, also in a change of both", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* waiting(removal, codeOf(yield* waiting(removal))))
      assert.include((yield* waiting(consent))?.summary, "--allow-contractual")
      const both = { ...removal, effects: [...removal.effects, ...consent.effects] }
      assert.include((yield* waiting(both))?.summary, "--allow-contractual")
    }).pipe(Effect.provide(Plans.layer({ allowDestructive: true }))))
})

describe("where a host can ask", () => {
  it.effect("asks the person, with everything that will be done, and gives no code", () =>
    Effect.gen(function*() {
      const asked: Array<Question> = []
      assert.isUndefined(
        yield* waiting(invite).pipe(withHost(replying({ _tag: "Accepted", typed: undefined }, asked)))
      )
      assert.deepInclude(asked[0]?.changes ?? [], "invite ana@example.com: a mail goes out")
      const declined = yield* waiting(invite).pipe(withHost(replying({ _tag: "Declined" })))
      assert.deepStrictEqual([declined?.status, declined?.confirmation.code], ["denied", undefined])
      const unanswered = yield* waiting(invite).pipe(withHost(replying({ _tag: "Unanswered" })))
      assert.deepStrictEqual([unanswered?.status, unanswered?.confirmation.code], ["needs_confirmation", undefined])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("has the name typed where something is destroyed", () =>
    Effect.gen(function*() {
      const asked: Array<Question> = []
      const typing = (typed: string) => withHost(replying({ _tag: "Accepted", typed }, asked))
      assert.isUndefined(yield* waiting(removal).pipe(typing("summer campaign ")))
      assert.strictEqual(asked[0]?.typed, "Summer Campaign")
      assert.strictEqual((yield* waiting(removal).pipe(typing("yes")))?.status, "denied")
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("does not take a code instead of the person", () =>
    Effect.gen(function*() {
      const code = codeOf(yield* waiting(invite))
      const answer = yield* waiting(invite, code).pipe(withHost(replying({ _tag: "Declined" })))
      assert.strictEqual(answer?.status, "denied")
    }).pipe(Effect.provide(Plans.layer())))
})
