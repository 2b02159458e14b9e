import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import type { HabuError, ReferenceError } from "../../src/habu/HabuError.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Progress from "../support/Progress.js"

const stack = (habu: FakeHabu.FakeHabu) => Layer.provideMerge(HabuDirectory.layer, Client.client({ habu }))

const ask = <A>(use: (directory: HabuDirectory.Service) => Effect.Effect<A, HabuError | ReferenceError>) =>
  Effect.flatMap(HabuDirectory.HabuDirectory, use).pipe(Effect.provideService(RetryPolicy, Schedule.stop))

/** Asks a directory that knows nothing yet. */
const against = <A>(
  habu: FakeHabu.FakeHabu,
  use: (directory: HabuDirectory.Service) => Effect.Effect<A, HabuError | ReferenceError>
) => Effect.provide(ask(use), stack(habu))

const question = (habu: FakeHabu.FakeHabu, reference: string, cleanRoom?: string) =>
  against(habu, (directory) =>
    cleanRoom === undefined
      ? directory.question(reference)
      : Effect.flatMap(directory.cleanRoom(cleanRoom), (room) => directory.question(reference, room)))

const failureOf = (habu: FakeHabu.FakeHabu, reference: string, cleanRoom?: string) =>
  Effect.flip(question(habu, reference, cleanRoom))

const optionsOf = (error: HabuError | ReferenceError) => "options" in error ? error.options : []

const uuid = (number: number) => `0000000${number}-aaaa-4aaa-8aaa-00000000000${number}`

const room = (number: number, more: object = {}) => ({
  id: `room-${number}`,
  displayId: `CR-${number}`,
  name: `Clean room ${number}`,
  ...more
})

const item = (number: number, more: object = {}) => ({
  id: uuid(number),
  displayId: `CRQ-${number}`,
  name: `Question ${number}`,
  status: "READY",
  ...more
})

const questionsOf = (number: number) => `GET /cleanrooms/room-${number}/cleanroom-questions`

// Three clean rooms with a question each.
const threeRooms = () => {
  const habu = FakeHabu.make()
  habu.on("GET /cleanrooms", { json: [room(1), room(2), room(3)] })
  for (const number of [1, 2, 3]) habu.on(questionsOf(number), { json: [item(number)] })
  return habu
}

const paths = (habu: FakeHabu.FakeHabu) => habu.calls().map(({ path }) => path)

// Serves a list as Habu does.
const paged = (all: ReadonlyArray<unknown>) => ({ query }: FakeHabu.Sent): FakeHabu.Answer => {
  const offset = Number(query.get("offset"))
  return { json: all.slice(offset, offset + Number(query.get("limit"))) }
}

const forbidden = { status: 403, json: { code: "FORBIDDEN", message: "No role here" } }

describe("what a reference names", () => {
  it.effect("is found by id, display id or name, however it is written", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on("GET /cleanrooms", { json: [room(1), room(2, { name: "Summer  Campaign - Global " }), room(3)] })
      for (const reference of ["room-2", " cr-2 ", "SUMMER campaign -\u200B global"]) {
        const found = yield* against(habu, ({ cleanRoom }) => cleanRoom(reference))
        assert.strictEqual(found.id, "room-2")
      }
      for (const reference of ["crq-3", "  QUESTION   3 "]) {
        const found = yield* question(habu, reference)
        assert.deepStrictEqual([found.question.id, found.cleanRoom.id], [uuid(3), "room-3"])
      }
    }))

  it.effect("is looked for in one clean room only where one is given", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      assert.strictEqual((yield* question(habu, "Question 2", "CR-2")).question.displayId, "CRQ-2")
      assert.deepStrictEqual(paths(habu), ["/cleanrooms", "/cleanrooms/room-2/cleanroom-questions"])
      const elsewhere = yield* failureOf(habu, "CRQ-1", "CR-2")
      assert.deepStrictEqual(optionsOf(elsewhere), ["Question 2 (CRQ-2) in Clean room 2 (CR-2)"])
    }))

  it.effect("is nothing where it is blank", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(questionsOf(1), { json: [item(1, { name: " " })] })
      assert.strictEqual((yield* failureOf(habu, " "))._tag, "ReferenceUnknown")
    }))

  it.effect("is told with its clean room where two questions are called the same", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(questionsOf(1), { json: [item(1, { name: "Reach" })] })
      habu.on(questionsOf(2), { json: [item(2, { name: "Reach \u202E" })] })
      const error = yield* failureOf(habu, "reach")
      assert.strictEqual(error._tag, "ReferenceAmbiguous")
      assert.deepStrictEqual(optionsOf(error), [
        "Reach (CRQ-1) in Clean room 1 (CR-1)",
        "Reach (CRQ-2) in Clean room 2 (CR-2)"
      ])
      assert.include(error.advice, "Reach (CRQ-2) in Clean room 2 (CR-2)")
    }))

  it.effect("is told with its display id where two clean rooms are called the same", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("GET /cleanrooms", { json: [room(1, { name: "Shared" }), room(2, { name: "shared " })] })
      const error = yield* Effect.flip(against(habu, ({ cleanRoom }) => cleanRoom("SHARED")))
      assert.deepStrictEqual(optionsOf(error), ["Shared (CR-1)", "shared (CR-2)"])
    }))

  it.effect("is guessed at where it is misspelt, what comes closest first", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(questionsOf(3), { json: [item(3, { name: "Audience overlap by region" })] })
      const error = yield* failureOf(habu, "overlap per region")
      assert.strictEqual(error._tag, "ReferenceUnknown")
      assert.strictEqual(optionsOf(error)[0], "Audience overlap by region (CRQ-3) in Clean room 3 (CR-3)")
      assert.lengthOf(optionsOf(error), 3)
    }))
})

describe("a question's id", () => {
  const one = uuid(2)
  const byId = `GET /cleanroom-questions/${one}`

  it.effect("takes two requests and no survey", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(byId, { json: item(2, { cleanroomId: "ROOM-2" }) })
      for (const reference of [one, ` ${one.toUpperCase()} `]) {
        const found = yield* question(habu, reference)
        assert.deepStrictEqual([found.question.name, found.cleanRoom.name], ["Question 2", "Clean room 2"])
      }
      assert.deepStrictEqual(new Set(paths(habu)), new Set([`/cleanroom-questions/${one}`, "/cleanrooms"]))
    }))

  it.effect("stays known where the answer leaves it out", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(byId, { json: { name: "Question 2", cleanroomId: "room-2" } })
      assert.strictEqual((yield* question(habu, one)).question.id, one)
    }))

  it.effect("names nothing where Habu has no such question", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      const error = yield* failureOf(habu, one)
      assert.deepStrictEqual([error._tag, error.message], ["ReferenceUnknown", `No question is called "${one}".`])
    }))

  it.effect("names nothing where its clean room is none that can be seen, or is not told", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on("GET /cleanrooms", { json: [room(1), { name: "Without an id" }, { id: "", name: "Blank" }] })
      for (const cleanroomId of ["room-2", "", undefined]) {
        habu.on(byId, { json: item(2, { cleanroomId }) })
        const error = yield* failureOf(habu, one)
        assert.deepStrictEqual([error._tag, error.message], ["ReferenceUnknown", `No question is called "${one}".`])
      }
      assert.notInclude(paths(habu).join(), "cleanroom-questions,")
      assert.lengthOf(paths(habu), 6)
    }))

  it.effect("is told as denied where Habu denies it", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(byId, forbidden)
      assert.strictEqual((yield* failureOf(habu, one))._tag, "Forbidden")
    }))

  it.effect("is looked for in the clean room that is given", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      assert.strictEqual((yield* question(habu, one, "CR-2")).cleanRoom.id, "room-2")
      assert.strictEqual((yield* failureOf(habu, one, "CR-3"))._tag, "ReferenceUnknown")
      assert.notInclude(paths(habu), `/cleanroom-questions/${one}`)
    }))
})

describe("the survey of all questions", () => {
  it.effect("tells denied from failed clean rooms, and neither hides the rest", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on(questionsOf(1), forbidden)
      habu.on(questionsOf(2), { status: 500 })
      const { denied, failed, questions } = yield* against(habu, ({ allQuestions }) => allQuestions)
      assert.deepStrictEqual(denied.map(({ cleanRoom, error }) => [cleanRoom.id, error._tag]), [[
        "room-1",
        "Forbidden"
      ]])
      assert.deepStrictEqual(failed.map(({ cleanRoom, error }) => [cleanRoom.id, error._tag]), [
        ["room-2", "Unavailable"]
      ])
      assert.deepStrictEqual(questions.map((placed) => placed.question.displayId), ["CRQ-3"])
    }))

  it.effect("fails where every clean room fails, and where the clean rooms cannot be read", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      for (const number of [1, 2, 3]) habu.on(questionsOf(number), { status: 502 })
      const error = yield* Effect.flip(against(habu, ({ allQuestions }) => allQuestions))
      assert.deepStrictEqual([error._tag, "status" in error && error.status], ["Unavailable", 502])
      habu.on("GET /cleanrooms", forbidden)
      assert.strictEqual((yield* Effect.flip(against(habu, ({ allQuestions }) => allQuestions)))._tag, "Forbidden")
    }))

  it.effect("holds nothing where every clean room denies or there is none", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      for (const number of [1, 2, 3]) habu.on(questionsOf(number), forbidden)
      const survey = yield* against(habu, ({ allQuestions }) => allQuestions)
      assert.deepStrictEqual([survey.denied.length, survey.failed, survey.questions], [3, [], []])
      habu.on("GET /cleanrooms", { json: [] })
      const empty = yield* against(habu, ({ allQuestions }) => allQuestions)
      assert.deepStrictEqual(empty, { denied: [], failed: [], questions: [] })
    }))

  it.effect("is whole again once the clean room answers", () => {
    const habu = threeRooms()
    habu.on(questionsOf(2), { status: 500 })
    return Effect.gen(function*() {
      assert.lengthOf((yield* ask(({ allQuestions }) => allQuestions)).failed, 1)
      habu.on(questionsOf(2), { json: [item(2)] })
      const { failed, questions } = yield* ask(({ allQuestions }) => allQuestions)
      assert.deepStrictEqual([failed, questions.length], [[], 3])
    }).pipe(Effect.provide(stack(habu)))
  })

  it.effect("asks all clean rooms at once, and again only after a while", () => {
    const habu = threeRooms()
    for (const number of [1, 2, 3]) habu.on(questionsOf(number), { json: [item(number)], delay: "4 seconds" })
    return Effect.gen(function*() {
      yield* ask(({ cleanRooms }) => cleanRooms)
      assert.lengthOf((yield* Progress.run(ask(({ allQuestions }) => allQuestions))).questions, 3)
      assert.strictEqual(yield* Clock.currentTimeMillis, 4_000)
      yield* ask(({ question }) => question("Question 1"))
      assert.lengthOf(habu.calls(), 4)
      yield* TestClock.adjust("1 minute")
      yield* Progress.run(ask(({ question }) => question("Question 1")))
      assert.lengthOf(habu.calls(), 8)
    }).pipe(Effect.provide(stack(habu)))
  })
})

describe("a question, while a clean room does not answer", () => {
  const oneFails = () => {
    const habu = threeRooms()
    habu.on(questionsOf(2), { status: 500 })
    return habu
  }

  it.effect("is found by what only one can have", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* question(oneFails(), "CRQ-1")).cleanRoom.id, "room-1")
    }))

  it.effect("is not taken by a name, which may stand there too", () =>
    Effect.gen(function*() {
      const habu = oneFails()
      for (const reference of ["Question 1", "Question 2", "CRQ-2"]) {
        const error = yield* failureOf(habu, reference)
        assert.deepStrictEqual([error._tag, error.retryable], ["Unavailable", true])
      }
      assert.strictEqual((yield* question(habu, "Question 1", "CR-1")).question.displayId, "CRQ-1")
    }))

  it.effect("is ambiguous all the same where two others have the name", () =>
    Effect.gen(function*() {
      const habu = oneFails()
      habu.on(questionsOf(1), { json: [item(1, { name: "Question 3" })] })
      assert.strictEqual((yield* failureOf(habu, "Question 3"))._tag, "ReferenceAmbiguous")
    }))

  it.effect("is taken by its name where the clean room denies its questions", () =>
    Effect.gen(function*() {
      const habu = oneFails()
      habu.on(questionsOf(2), forbidden)
      assert.strictEqual((yield* question(habu, "Question 1")).cleanRoom.id, "room-1")
      assert.strictEqual((yield* failureOf(habu, "Question 2"))._tag, "ReferenceUnknown")
    }))
})

describe("what has no id", () => {
  it.effect("is nothing that a reference can name, and no request is made for it", () =>
    Effect.gen(function*() {
      const habu = threeRooms()
      habu.on("GET /cleanrooms", {
        json: [{ displayId: "CR-7", name: "Nameless" }, room(1), { id: " ", name: "Blank" }, { id: null, name: "Null" }]
      })
      habu.on(questionsOf(1), { json: [{ displayId: "CRQ-7", name: "Lost" }, { id: "", name: "Gone" }, item(1)] })
      for (const reference of ["CR-7", "Nameless", "Blank", "Null"]) {
        const error = yield* Effect.flip(against(habu, ({ cleanRoom }) => cleanRoom(reference)))
        assert.deepStrictEqual(optionsOf(error), ["Clean room 1 (CR-1)"])
      }
      for (const reference of ["CRQ-7", "Lost", "Gone"]) {
        assert.deepStrictEqual(optionsOf(yield* failureOf(habu, reference)), [
          "Question 1 (CRQ-1) in Clean room 1 (CR-1)"
        ])
      }
      assert.deepStrictEqual(new Set(paths(habu)), new Set(["/cleanrooms", "/cleanrooms/room-1/cleanroom-questions"]))
    }))
})

describe("a list of several pages", () => {
  const rooms = (count: number) => Array.from({ length: count }, (_, number) => room(number))

  const listed = (habu: FakeHabu.FakeHabu) => against(habu, ({ cleanRooms }) => cleanRooms)

  it.effect("is read to its end", () =>
    Effect.gen(function*() {
      const sizes = [[0, 1], [499, 1], [500, 3], [1_000, 3], [1_234, 3], [1_500, 5]] as const
      yield* Effect.forEach(sizes, ([size, requests]) =>
        Effect.gen(function*() {
          const habu = FakeHabu.make()
          habu.on("GET /cleanrooms", paged(rooms(size)))
          assert.deepStrictEqual((yield* listed(habu)).map(({ id }) => id), rooms(size).map(({ id }) => id))
          assert.lengthOf(habu.calls(), requests)
        }))
    }))

  it.effect("ends where a server ignores the offset", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("GET /cleanrooms", { json: rooms(500) })
      assert.lengthOf(yield* listed(habu), 500)
      assert.lengthOf(habu.calls(), 3)
    }))

  it.effect("ends where a server ignores the limit", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("GET /cleanrooms", { json: rooms(501) })
      assert.lengthOf(yield* listed(habu), 501)
      assert.lengthOf(habu.calls(), 1)
    }))

  it.effect("loses and repeats nothing where it grows at its head in between", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      const [newest, ...before] = rooms(701)
      habu.on("GET /cleanrooms", paged(before), paged([newest, ...before]))
      assert.deepStrictEqual((yield* listed(habu)).map(({ id }) => id), before.map(({ id }) => id))
    }))

  it.effect("is told apart by what its entries hold, where they have no ids", () =>
    Effect.gen(function*() {
      const asked: Array<number> = []
      const read = yield* HabuDirectory.pages(({ offset }) => {
        asked.push(offset)
        return Effect.succeed([{ name: "a" }, { name: offset === 0 ? "b" : "c" }])
      }, 2)
      assert.deepStrictEqual(read, [{ name: "a" }, { name: "b" }, { name: "c" }])
      assert.deepStrictEqual(asked, [0, 2, 4, 6, 8])
    }))
})
