import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Memory from "../../src/state/Memory.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as HandClock from "../support/HandClock.js"

const hour = Duration.toMillis("1 hour")
const day = 24 * hour
const patience = Duration.toMillis("30 seconds")

const reserve = (budget: HabuBudget.Budget) =>
  Effect.flatMap(HabuBudget.HabuBudget, (budgets) => budgets.reserve(budget, "createCleanroomQuestionRun"))

const spend = (budget: HabuBudget.Budget) =>
  Effect.flatMap(HabuBudget.HabuBudget, (budgets) => Effect.flatMap(reserve(budget), budgets.confirm))

const spendAll = (budget: HabuBudget.Budget, times: number) => Effect.replicateEffect(spend(budget), times)

const refusal = (budget: HabuBudget.Budget) =>
  Effect.map(Effect.either(reserve(budget)), (taken) => Option.getOrThrow(Either.getLeft(taken)))

describe("HabuBudget", () => {
  it.effect("gives as many slots as Habu has, then tells when the next is free", () =>
    Effect.gen(function*() {
      yield* spend("token")
      yield* TestClock.adjust("1 hour")
      yield* spend("token")
      yield* TestClock.adjust("1 hour")
      expect(yield* refusal("token")).toMatchObject({
        _tag: "BudgetExhausted",
        budget: "token",
        limit: 2,
        windowSeconds: 86_400,
        retryAt: day
      })
      yield* TestClock.setTime(day - 1)
      yield* refusal("token")
      yield* TestClock.setTime(day)
      yield* spend("token")
      expect(yield* refusal("token")).toMatchObject({ retryAt: day + hour })
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("keeps the budgets apart", () =>
    Effect.gen(function*() {
      yield* spendAll("question_run_start", 20)
      yield* refusal("question_run_start")
      yield* spendAll("flow_run_start", 20)
      yield* refusal("flow_run_start")
      yield* spend("token")
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("counts a slot from the moment at which Habu can have counted last", () =>
    Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      const first = yield* budget.reserve("token", "token")
      yield* TestClock.adjust("20 seconds")
      yield* budget.confirm(first)
      yield* spend("token")
      expect(yield* refusal("token")).toMatchObject({ retryAt: day + 20_000 })
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("counts a slot that nobody settled as if Habu had answered at the last moment", () =>
    Effect.gen(function*() {
      yield* reserve("token")
      yield* reserve("token")
      expect(yield* refusal("token")).toMatchObject({ retryAt: day + patience })
      yield* TestClock.setTime(day + patience)
      yield* reserve("token")
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("frees the slot first that was counted first, in whatever order they were taken", () =>
    Effect.gen(function*() {
      yield* reserve("token")
      yield* TestClock.adjust("10 seconds")
      yield* spend("token")
      expect(yield* refusal("token")).toMatchObject({ retryAt: day + 10_000 })
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("frees the slot that is given back, and no other", () =>
    Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      yield* spend("token")
      const second = yield* budget.reserve("token", "token")
      yield* refusal("token")
      yield* budget.giveBack(second)
      yield* budget.giveBack(second)
      yield* spend("token")
      yield* refusal("token")
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("is shared by all that share the store", () =>
    Effect.gen(function*() {
      const backend = yield* Memory.make
      const one = Effect.provide(spendAll("question_run_start", 10), Layer.fresh(Client.budget({ backend })))
      yield* Effect.all([one, one], { concurrency: 2 })
      yield* Effect.provide(refusal("question_run_start"), Client.budget({ backend }))
    }))

  it.effect("never sells one slot twice to many at once", () =>
    Effect.gen(function*() {
      const taken = yield* Effect.all(Array.from({ length: 100 }, () => Effect.either(reserve("question_run_start"))), {
        concurrency: "unbounded"
      })
      expect(taken.filter(Either.isRight)).toHaveLength(20)
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("takes one slot where the engine loses an answer and changes the value again", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.forgetful
      yield* Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* spendAll("question_run_start", 19)
        expect((yield* budget.status)[1]).toMatchObject({ remaining: 1 })
        yield* reserve("question_run_start")
        expect((yield* budget.status)[1]).toMatchObject({ remaining: 0 })
        yield* reserve("token")
        expect((yield* budget.status)[0]).toMatchObject({ remaining: 1 })
        expect(yield* budget.poll("run/1", Duration.minutes(5))).toEqual(Option.none())
        expect(yield* budget.poll("run/1", Duration.minutes(5))).toEqual(Option.some(30_000 + 5 * 60_000))
      }).pipe(Effect.provide(Client.budget({ backend })))
    }))

  describe("after Habu answered 429", () => {
    it.effect("is closed until the first of our last 20 starts is an hour old", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* spend("question_run_start")
        yield* TestClock.adjust("40 minutes")
        yield* spendAll("question_run_start", 3)
        expect(yield* budget.close("question_run_start")).toBe(hour)
        expect(yield* refusal("question_run_start")).toMatchObject({ retryAt: hour })
        yield* TestClock.setTime(hour)
        yield* spend("question_run_start")
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("is closed for an hour where we started none: others use the same API user", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* TestClock.adjust("1 minute")
        expect(yield* budget.close("question_run_start")).toBe(hour + 60_000)
        expect(yield* refusal("question_run_start")).toMatchObject({ retryAt: hour + 60_000 })
        yield* spend("flow_run_start")
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("is closed for an hour at most, also while a start is under way", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* reserve("question_run_start")
        expect(yield* budget.close("question_run_start")).toBe(hour)
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("stays closed where its own limit is used up for longer", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* budget.close("token")
        yield* TestClock.adjust("1 hour")
        const slots = yield* Effect.either(reserve("token"))
        expect(Either.isLeft(slots)).toBe(true)
        expect((yield* budget.status)[0]).toEqual({
          budget: "token",
          limit: 2,
          windowSeconds: 86_400,
          remaining: 0,
          nextAt: day
        })
      }).pipe(Effect.provide(Client.budget({}))))
  })

  describe("the poll gate", () => {
    it.effect("lets one read of an object through in each interval", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        const poll = budget.poll("run/1", Duration.minutes(5))
        expect(yield* poll).toEqual(Option.none())
        yield* budget.polled("run/1", 0)
        yield* TestClock.adjust("2 minutes")
        expect(yield* poll).toEqual(Option.some(5 * 60_000))
        expect(yield* budget.poll("run/2", Duration.minutes(5))).toEqual(Option.none())
        yield* TestClock.adjust("3 minutes")
        expect(yield* poll).toEqual(Option.none())
        yield* budget.polled("run/1", 5 * 60_000)
        expect(yield* poll).toEqual(Option.some(10 * 60_000))
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("counts from the answer, however long the read waited for its turn", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        const poll = budget.poll("run/1", Duration.minutes(5))
        yield* poll
        yield* TestClock.adjust("4 minutes")
        yield* budget.polled("run/1", 4 * 60_000)
        yield* TestClock.adjust("4 minutes")
        expect(yield* poll).toEqual(Option.some(9 * 60_000))
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("counts from a request's time-out where the reader died", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        const poll = budget.poll("run/1", Duration.minutes(5))
        yield* poll
        expect(yield* poll).toEqual(Option.some(5 * 60_000 + 30_000))
        yield* TestClock.adjust("330 seconds")
        expect(yield* poll).toEqual(Option.none())
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("stays open where it is told of an answer that it did not let through", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* budget.polled("run/1", 0)
        expect(yield* budget.poll("run/1", Duration.minutes(5))).toEqual(Option.none())
      }).pipe(Effect.provide(Client.budget({}))))

    it.effect("opens again for a read that never left", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* budget.poll("run/1", Duration.minutes(5))
        yield* budget.reopen("run/1")
        expect(yield* budget.poll("run/1", Duration.minutes(5))).toEqual(Option.none())
      }).pipe(Effect.provide(Client.budget({}))))
  })

  describe("against a sandbox whose time passes faster", () => {
    const config = { apiUrl: "http://127.0.0.1:9", sandboxSpeed: 7_200 }

    it.effect("scales windows and polling", () =>
      Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        yield* spendAll("token", 2)
        expect(yield* refusal("token")).toMatchObject({ windowSeconds: 12, retryAt: 12_000 })
        expect((yield* budget.status)[1]).toMatchObject({ windowSeconds: 1 })
        yield* TestClock.adjust("12 seconds")
        yield* spend("token")
        yield* budget.poll("run/1", Duration.minutes(6))
        yield* budget.polled("run/1", 12_000)
        expect(yield* budget.poll("run/1", Duration.minutes(6))).toEqual(Option.some(12_050))
      }).pipe(Effect.provide(Client.budget({ config }))))
  })

  it.effect("tells what is left", () =>
    Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      yield* spend("token")
      yield* spendAll("question_run_start", 20)
      expect(yield* budget.status).toEqual([
        { budget: "token", limit: 2, windowSeconds: 86_400, remaining: 1 },
        { budget: "question_run_start", limit: 20, windowSeconds: 3_600, remaining: 0, nextAt: hour },
        { budget: "flow_run_start", limit: 20, windowSeconds: 3_600, remaining: 20 }
      ])
    }).pipe(Effect.provide(Client.budget({}))))

  it.effect("gives nothing out while the store fails", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* Effect.gen(function*() {
        const budget = yield* HabuBudget.HabuBudget
        const taken = yield* reserve("token")
        backend.fail(["modify"])
        const poll = budget.poll("run/1", Duration.minutes(5))
        const failed = yield* Effect.all([
          Effect.flip(reserve("token")),
          Effect.flip(budget.confirm(taken)),
          Effect.flip(budget.giveBack(taken)),
          Effect.flip(budget.close("token")),
          Effect.flip(budget.reopen("run/1")),
          Effect.flip(budget.status),
          Effect.flip(poll)
        ])
        for (const error of failed) expect(error._tag).toBe("StateUnavailable")
      }).pipe(Effect.provide(Client.budget({ backend })))
    }))
})

describe("HabuBudget.layerConfig", () => {
  it.effect("takes the speed from the environment", () =>
    Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      expect((yield* budget.status)[0]).toMatchObject({ windowSeconds: 8_640 })
    }).pipe(
      Effect.provide(
        HabuBudget.layerConfig.pipe(Layer.provide(HabuState.layer), Layer.provide(HabuConfig.layerConfig))
      ),
      Effect.provide(Layer.merge(Memory.layer, NodeFileSystem.layer)),
      Effect.withConfigProvider(
        ConfigProvider.fromMap(new Map([["HABU_API", "http://localhost:9"], ["HABU_SANDBOX_SPEED", "10"]]))
      )
    ))
})

/** What happens so many times over, as far as it can. */
type Step =
  | { readonly _tag: "Reserve"; readonly times: number }
  /** Settles the newest or the oldest request under way; `counted` is when, from its start to its end, Habu counted. */
  | { readonly _tag: "Confirm" | "Abandon"; readonly times: number; readonly newest: boolean; readonly counted: number }
  | { readonly _tag: "GiveBack"; readonly times: number; readonly newest: boolean }
  | { readonly _tag: "Close"; readonly times: 1 }
  | { readonly _tag: "Advance"; readonly times: 1; readonly by: number }
  /** Until the moment at which the next slot is promised. */
  | { readonly _tag: "Wait"; readonly times: 1 }

const steps = (limit: number, window: number) => {
  const times = FastCheck.oneof(FastCheck.constant(1), FastCheck.integer({ min: 1, max: limit }))
  const newest = FastCheck.boolean()
  const counted = FastCheck.constantFrom(0, 0.5, 1)
  const once = FastCheck.constant(1 as const)
  const by = FastCheck.oneof(FastCheck.nat(patience), FastCheck.nat(window))
  const step = <Tag extends Step["_tag"]>(...tags: [Tag, ...Array<Tag>]) => FastCheck.constantFrom(...tags)
  return FastCheck.array(
    FastCheck.oneof<Array<FastCheck.WeightedArbitrary<Step>>>(
      { weight: 6, arbitrary: FastCheck.record({ _tag: step("Reserve"), times }) },
      { weight: 4, arbitrary: FastCheck.record({ _tag: step("Confirm"), times, newest, counted }) },
      { weight: 1, arbitrary: FastCheck.record({ _tag: step("Abandon"), times, newest, counted }) },
      { weight: 1, arbitrary: FastCheck.record({ _tag: step("GiveBack"), times, newest }) },
      { weight: 1, arbitrary: FastCheck.record({ _tag: step("Close"), times: once }) },
      { weight: 3, arbitrary: FastCheck.record({ _tag: step("Advance"), times: once, by }) },
      { weight: 3, arbitrary: FastCheck.record({ _tag: step("Wait"), times: once }) }
    ),
    { minLength: 5, maxLength: 50 }
  )
}

interface UnderWay {
  readonly reservation: HabuBudget.Reservation
  readonly at: number
}

/** Plays the steps and tells when Habu counted what, in order. */
const play = Effect.fnUntraced(
  function*(clock: HandClock.HandClock, budget: HabuBudget.Budget, all: ReadonlyArray<Step>) {
    const budgets = yield* HabuBudget.HabuBudget
    const { limit, window } = HabuBudget.limits[budget]
    let underWay: ReadonlyArray<UnderWay> = []
    let closedUntil = 0
    const counted: Array<number> = []
    const count = (one: UnderWay, share: number) =>
      counted.push(one.at + Math.min(clock.now - one.at, patience) * share)
    const advance = (by: number) => {
      clock.now += by
      // A request is given up in time; one that nobody settled then is as good as abandoned.
      for (const one of underWay.filter(({ at }) => clock.now - at > patience)) count(one, 1)
      underWay = underWay.filter(({ at }) => clock.now - at <= patience)
    }
    const status = Effect.map(budgets.status, (known) => known.find((one) => one.budget === budget))

    for (const step of all.flatMap((one) => Array.from({ length: one.times }, () => one))) {
      if (step._tag === "Reserve") {
        const taken = yield* Effect.either(budgets.reserve(budget, "x"))
        if (Either.isRight(taken)) {
          expect(clock.now).toBeGreaterThanOrEqual(closedUntil)
          underWay = [...underWay, { reservation: taken.right, at: clock.now }]
        } else {
          assert(taken.left._tag === "BudgetExhausted")
          expect(taken.left.retryAt).toBeGreaterThan(clock.now)
        }
      } else if (step._tag === "Advance") {
        advance(step.by)
      } else if (step._tag === "Wait") {
        advance(((yield* status)?.nextAt ?? clock.now) - clock.now)
      } else if (step._tag === "Close") {
        closedUntil = yield* budgets.close(budget)
        expect(closedUntil).toBeGreaterThan(clock.now)
        expect(closedUntil).toBeLessThanOrEqual(clock.now + Duration.toMillis(window))
      } else {
        const one = underWay.at(step.newest ? -1 : 0)
        if (one === undefined) continue
        underWay = underWay.filter((each) => each !== one)
        if (step._tag === "GiveBack") yield* budgets.giveBack(one.reservation)
        else count(one, step.counted)
        if (step._tag === "Confirm") yield* budgets.confirm(one.reservation)
      }
    }
    const remaining = (yield* status)?.remaining ?? limit
    expect(remaining).toBeGreaterThanOrEqual(0)
    expect(remaining + underWay.length).toBeLessThanOrEqual(limit)
    return [...counted].sort((a, b) => a - b)
  }
)

describe("whatever happens in whatever order", () => {
  for (const budget of ["token", "question_run_start"] as const) {
    const { limit } = HabuBudget.limits[budget]
    const window = Duration.toMillis(HabuBudget.limits[budget].window)
    it.effect.prop(
      `Habu never counts more than ${limit} of ${budget} in any window`,
      [steps(limit, window)],
      ([all]) => {
        const clock = HandClock.make()
        return play(clock, budget, all).pipe(
          Effect.map((counted) => {
            counted.forEach((at, index) => {
              const later = counted[index + limit]
              if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(window)
            })
          }),
          Effect.provide(Client.budget({})),
          Effect.withClock(clock)
        )
      },
      { fastCheck: { numRuns: 40 } }
    )
  }

  it.effect.prop(
    "a slot is free again at the time that was told",
    [FastCheck.array(FastCheck.nat(day), { minLength: 2, maxLength: 6 })],
    ([pauses]) => {
      const clock = HandClock.make()
      return Effect.gen(function*() {
        for (const pause of pauses) {
          clock.now += pause
          const taken = yield* Effect.either(reserve("token"))
          if (Either.isRight(taken)) continue
          assert(taken.left._tag === "BudgetExhausted")
          clock.now = taken.left.retryAt - 1
          yield* refusal("token")
          clock.now = taken.left.retryAt
          yield* spend("token")
        }
      }).pipe(Effect.provide(Client.budget({})), Effect.withClock(clock))
    }
  )
})
