import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Forbidden, OutcomeUnknown, Unavailable } from "../../src/habu/HabuError.js"
import * as Plan from "../../src/workflows/Plan.js"
import * as Plans from "../support/Plans.js"

const lost = new OutcomeUnknown({ operation: "createCleanroom", reason: "no answer came" })

/** A Habu that holds what was made, and whose answers a test chooses. */
const world = () => {
  const held: Array<string> = []
  const made = (name: string) =>
    Effect.sync(() => {
      held.push(name)
    })
  return { held, made, shows: (name: string) => Effect.sync(() => held.includes(name)) }
}

const results = (steps: ReadonlyArray<Plan.Step>) => steps.map(({ result, step }) => `${step}: ${result}`)

const creating = <R = never>(habu: ReturnType<typeof world>, over: Partial<Plan.Change<R>> = {}): Plan.Change<R> => ({
  step: "create A",
  grade: "ordinary",
  makes: "clean room/a",
  write: habu.made("a"),
  shown: habu.shows("a"),
  ...over
})

describe("Plan.carryOut", () => {
  it.effect("is done when Habu answered and shows it", () =>
    Effect.gen(function*() {
      const habu = world()
      const steps = yield* Plan.carryOut([creating(habu, { write: Effect.as(habu.made("a"), "CR-1") })])
      assert.deepStrictEqual(steps, [{ step: "create A", result: "done", detail: "CR-1" }])
      assert.strictEqual(Plan.statusOf(steps), "done")
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("does not take success for done where Habu does not show it", () =>
    Effect.gen(function*() {
      const habu = world()
      const steps = yield* Plan.carryOut([creating(habu, { write: Effect.void })])
      assert.deepStrictEqual(results(steps), ["create A: unknown"])
      assert.strictEqual(Plan.statusOf(steps), "unknown")
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("finds what was made although the answer was lost", () =>
    Effect.gen(function*() {
      const habu = world()
      const steps = yield* Plan.carryOut([
        creating(habu, { write: Effect.zipRight(habu.made("a"), Effect.fail(lost)) })
      ])
      assert.deepStrictEqual(results(steps), ["create A: done"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("does not send again what may still be carried out, until that time is over", () =>
    Effect.gen(function*() {
      const habu = world()
      const first = yield* Plan.carryOut([creating(habu, { write: Effect.fail(lost) })])
      assert.deepStrictEqual(results(first), ["create A: unknown"])
      yield* TestClock.adjust("4 minutes")
      const second = yield* Plan.carryOut([creating(habu)])
      assert.deepStrictEqual([results(second), habu.held], [["create A: unknown"], []])
      habu.held.push("a")
      assert.deepStrictEqual(results(yield* Plan.carryOut([creating(habu)])), ["create A: skipped"])
      habu.held.pop()
      yield* TestClock.adjust("1 minutes")
      assert.deepStrictEqual(results(yield* Plan.carryOut([creating(habu)])), ["create A: done"])
      assert.deepStrictEqual(habu.held, ["a"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("two at the same moment send once", () =>
    Effect.gen(function*() {
      const habu = world()
      const seen: Array<string> = []
      const other = Effect.map(Plan.carryOut([creating(habu)]), (steps) => seen.push(...results(steps)))
      const steps = yield* Plan.carryOut([creating(habu, { write: Effect.zipRight(other, habu.made("a")) })])
      assert.deepStrictEqual([results(steps), seen], [["create A: done"], ["create A: unknown"]])
      assert.deepStrictEqual(habu.held, ["a"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("a process that died in the middle is waited for", () =>
    Effect.gen(function*() {
      const habu = world()
      const sending = yield* Deferred.make<void>()
      const write = Effect.zipRight(Deferred.succeed(sending, undefined), Effect.never)
      const dying = yield* Effect.fork(Plan.carryOut([creating(habu, { write })]))
      yield* Deferred.await(sending)
      yield* Fiber.interrupt(dying)
      assert.deepStrictEqual(results(yield* Plan.carryOut([creating(habu)])), ["create A: unknown"])
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(results(yield* Plan.carryOut([creating(habu)])), ["create A: done"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("what was refused may be tried again at once", () =>
    Effect.gen(function*() {
      const habu = world()
      const denied = creating(habu, { write: Effect.fail(new Forbidden({ operation: "createCleanroom" })) })
      const steps = yield* Plan.carryOut([denied])
      assert.deepStrictEqual([results(steps), Plan.statusOf(steps)], [["create A: denied"], "denied"])
      const away = creating(habu, {
        write: Effect.fail(new Unavailable({ operation: "createCleanroom", reason: "unreachable", neverSent: true }))
      })
      assert.deepStrictEqual(results(yield* Plan.carryOut([away])), ["create A: failed"])
      assert.deepStrictEqual(results(yield* Plan.carryOut([creating(habu)])), ["create A: done"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("tells every step: what it needs comes first, what misses its need is not tried, the rest goes on", () =>
    Effect.gen(function*() {
      const habu = world()
      const step = (name: string, over: Partial<Plan.Change> = {}): Plan.Change => ({
        step: name,
        grade: "ordinary",
        write: habu.made(name),
        ...over
      })
      const steps = yield* Plan.carryOut([
        step("run", { needs: ["assign"] }),
        step("assign", { needs: ["room"], write: Effect.fail(new Forbidden({ operation: "assign" })) }),
        step("invite", { needs: ["room", "mapped"] }),
        step("room")
      ], [Plan.already("mapped")])
      assert.deepStrictEqual(results(steps), [
        "mapped: skipped",
        "room: done",
        "assign: denied",
        "invite: done",
        "run: skipped"
      ])
      assert.deepStrictEqual(habu.held, ["room", "invite"])
      assert.strictEqual(Plan.statusOf(steps), "partial")
      assert.strictEqual(Plan.remaining(steps), "Not done: assign (denied), run (skipped).")
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("an answer that says in its body that nothing was done is a failure", () =>
    Effect.gen(function*() {
      const said = Plan.confirmed("createQuestion")({ success: false, message: "no such macro" })
      const steps = yield* Plan.carryOut([creating(world(), { write: Effect.asVoid(said) })])
      assert.deepStrictEqual([steps[0]?.result, steps[0]?.code], ["failed", "NOT_CONFIRMED"])
      assert.include(steps[0]?.detail, "no such macro")
    }).pipe(Effect.provide(Plans.layer())))
})

describe("Plan.run", () => {
  it.effect("plans, waits for agreement, and carries out", () =>
    Effect.gen(function*() {
      const habu = world()
      const changes = [creating(habu, { grade: "outward", preview: "create A and mail everyone" })]
      const run = (input: Plan.Options["input"]) => Plan.run(changes, { tool: "t", input })
      const plan = yield* run({ dry_run: true })
      assert.deepStrictEqual(plan.steps, [{
        step: "create A",
        result: "planned",
        detail: "create A and mail everyone. Needs agreement (outward)."
      }])
      const waiting = yield* run({})
      assert.strictEqual(waiting._tag, "Waiting")
      assert.deepStrictEqual(habu.held, [])
      const code = waiting._tag === "Waiting" ? waiting.answer.confirmation.code ?? "" : ""
      assert.strictEqual((yield* run({ confirmation: code }))._tag, "CarriedOut")
      assert.deepStrictEqual(habu.held, ["a"])
    }).pipe(Effect.provide(Plans.layer())))

  it.effect("a code does not fit once what it rests on has changed", () =>
    Effect.gen(function*() {
      const habu = world()
      const run = (subject: unknown, confirmation?: string) =>
        Plan.run([creating(habu, { grade: "outward" })], {
          tool: "t",
          input: confirmation === undefined ? {} : { confirmation },
          subject
        })
      const waiting = yield* run({ questions: 4 })
      const code = waiting._tag === "Waiting" ? waiting.answer.confirmation.code ?? "" : ""
      assert.match((yield* Effect.flip(run({ questions: 5 }, code))).message, /another change/)
      assert.deepStrictEqual(habu.held, [])
    }).pipe(Effect.provide(Plans.layer())))
})
