import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Memory from "../../src/state/Memory.js"
import * as FindResources from "../../src/workflows/FindResources.js"

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, clock, url }) =>
    HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed })
))

const stack = Layer.merge(HabuDirectory.layer, RunLedger.layer()).pipe(
  Layer.provideMerge(HabuClient.layerDefault()),
  Layer.provideMerge(config),
  Layer.provideMerge(Layer.merge(Memory.layer, FetchHttpClient.layer)),
  Layer.provideMerge(Sandbox.layer({ rows: 500 }))
)

const find = (input: FindResources.Input) =>
  Effect.flatMap(FindResources.run(input), Schema.encode(FindResources.Output))

const summer = "Fizzwell Summer Campaign"

layer(stack, { excludeTestServices: true })("find_resources against the sandbox", (it) => {
  it.effect("lists the clean rooms with owner, partners and what became of them", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "clean_rooms" })
      assert.deepStrictEqual([answer.status, answer.total], ["done", 7])
      const spring = answer.clean_rooms?.find(({ name }) => name === "Spring Launch")
      assert.deepStrictEqual(
        [spring?.owner, spring?.partners, spring?.expired],
        ["Alder & Pine Retail", ["Fizzwell Beverages", "Lumen Street Media"], true]
      )
      assert.match(spring?.ends ?? "", /^\d{4}-\d{2}-\d{2}$/)
      const [first] = answer.clean_rooms ?? []
      assert.isUndefined(first?.ends)
      assert.deepStrictEqual(answer.next_steps?.[0]?.arguments, {
        kind: "questions",
        clean_room: first?.display_id
      })
    }))

  it.effect("takes expired and open for a status", () =>
    Effect.gen(function*() {
      const expired = yield* find({ kind: "clean_rooms", status: "Expired" })
      assert.deepStrictEqual(expired.clean_rooms?.map(({ name }) => name), ["Spring Launch"])
      assert.strictEqual((yield* find({ kind: "clean_rooms", status: "open" })).total, 6)
    }))

  it.effect("lists the questions of all clean rooms, each with its place, owner and readiness", () =>
    Effect.gen(function*() {
      const { allQuestions } = yield* HabuDirectory.HabuDirectory
      const answer = yield* find({ kind: "questions", limit: 200 })
      assert.deepStrictEqual([answer.status, answer.total], ["done", (yield* allQuestions).questions.length])
      const byName = (name: string) => answer.questions?.filter((question) => question.name === name) ?? []
      const copies = byName("Audience Overlap by Segment and Region - Global")
      assert.deepStrictEqual(copies.map(({ ready, status }) => [ready, status]), [
        [true, "READY"],
        [false, "MISSING_DATASETS"]
      ])
      const [theirs] = byName("Segment Sizes for Retail Partners")
      assert.strictEqual(theirs?.owner, "Lumen Street Media")
      assert.match(theirs?.clean_room ?? "", /^Lumen Street Audience Marketplace \(CR-\d+\)$/)
      assert.isTrue(byName("Spring Launch Reach")[0]?.clean_room_expired)
      const [hero] = byName(Seed.hero)
      assert.deepStrictEqual(answer.next_steps?.map((step) => [step.tool, step.arguments]), [
        ["execute_question_workflow", { question: hero?.display_id, dry_run: true }],
        ["find_resources", { kind: "runs", question: hero?.display_id }]
      ])
    }))

  it.effect("narrows by clean room, folded name and status", () =>
    Effect.gen(function*() {
      const inRoom = yield* find({ kind: "questions", clean_room: ` ${summer.toUpperCase()} ` })
      assert.strictEqual(inRoom.clean_room?.name, summer)
      const everywhere = yield* find({ kind: "questions", limit: 200 })
      const there = everywhere.questions?.filter(({ clean_room }) => clean_room.startsWith(summer)) ?? []
      assert.isAbove(there.length, 1)
      assert.deepStrictEqual(inRoom.questions, there)
      const overlaps = yield* find({ kind: "questions", name: "oVERLap  by", status: "missing datasets" })
      assert.strictEqual(overlaps.total, 1)
      assert.deepStrictEqual(overlaps.questions?.map(({ status }) => status), ["MISSING_DATASETS"])
    }))

  it.effect("says what there is where nothing fits", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "questions", status: "DRAFT" })
      assert.deepStrictEqual([answer.status, answer.total, answer.questions], ["done", 0, undefined])
      assert.match(answer.warnings?.[0] ?? "", /There are \d+, but none fits.*READY, MISSING_DATASETS/)
    }))

  it.effect("shows no more than asked for, and says so", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "questions", limit: 3 })
      assert.lengthOf(answer.questions ?? [], 3)
      const { total } = yield* find({ kind: "questions" })
      assert.isAbove(total ?? 0, 3)
      assert.strictEqual(answer.total, total)
      assert.include(answer.summary, `${total} questions, 3 shown`)
      assert.match(answer.warnings?.[0] ?? "", new RegExp(`first 3 of ${total}.*name or status.*higher limit`))
    }))

  it.effect("finds a question by a name with trailing blanks, and lists both where two are called the same", () =>
    Effect.gen(function*() {
      const profile = yield* find({ kind: "questions", question: "crm profile of shared customers" })
      assert.deepStrictEqual(profile.questions?.map(({ name }) => name), ["CRM Profile of Shared Customers"])
      const error = yield* Effect.flip(
        find({ kind: "runs", question: "Audience Overlap by Segment and Region - Global" })
      )
      assert.strictEqual(error._tag, "ReferenceAmbiguous")
      assert.lengthOf(error._tag === "ReferenceAmbiguous" ? error.options : [], 2)
      const unknown = yield* Effect.flip(find({ kind: "questions", clean_room: "Nowhere" }))
      assert.strictEqual(unknown._tag, "ReferenceUnknown")
    }))

  it.effect("lists a question's runs, the latest first, with how long they took", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "runs", question: Seed.hero })
      assert.strictEqual(answer.question?.name, Seed.hero)
      assert.strictEqual(answer.clean_room?.name, summer)
      const times = answer.runs?.map(({ submitted_at }) => submitted_at ?? "") ?? []
      assert.isAbove(times.length, 1)
      assert.deepStrictEqual(times, [...times].sort().reverse())
      const completed = answer.runs?.find(({ phase }) => phase === "completed")
      assert.strictEqual(completed?.habu_status, "COMPLETED")
      assert.isAbove(completed?.duration_seconds ?? 0, 15 * 60)
      assert.include(
        (answer.next_steps ?? []).map((step) => JSON.stringify([step.tool, step.arguments])),
        JSON.stringify(["execute_question_workflow", { run: completed?.id, question: answer.question?.display_id }])
      )
      const { runs, total } = yield* find({ kind: "runs", question: Seed.hero, status: "completed" })
      assert.strictEqual(total, answer.runs?.filter(({ phase }) => phase === "completed").length)
      assert.strictEqual(runs?.[0]?.id, completed?.id)
    }))

  it.effect("lists the runs started here, with their questions, also by clean room", () =>
    Effect.gen(function*() {
      const directory = yield* HabuDirectory.HabuDirectory
      const ledger = yield* RunLedger.RunLedger
      assert.strictEqual((yield* find({ kind: "runs" })).summary, "No runs started through this server, as last seen.")
      const { cleanRoom, question } = yield* directory.question(Seed.hero)
      const started = yield* ledger.start({
        subject: {
          _tag: "Question",
          questionId: question.id,
          parameters: { "exposures.date_start": "2026-01-01" }
        },
        title: Seed.hero,
        cleanRoom: cleanRoom.name ?? ""
      })
      const answer = yield* find({ kind: "runs" })
      const [run] = answer.runs ?? []
      assert.strictEqual(run?.id, started._tag === "started" ? started.runId : "none")
      assert.deepStrictEqual([run?.phase, run?.question, run?.clean_room], ["queued", Seed.hero, summer])
      assert.deepStrictEqual(answer.next_steps?.[0]?.arguments, { run: run?.id, question: question.id })
      assert.strictEqual((yield* find({ kind: "runs", name: "REACH and sales", status: "queued" })).total, 1)
      assert.strictEqual((yield* find({ kind: "runs", clean_room: summer })).total, 1)
      assert.strictEqual((yield* find({ kind: "runs", clean_room: "Kestrel Reporting" })).total, 0)
    }))

  it.effect("lists datasets with the dates that a run of them needs", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "datasets", clean_room: summer })
      assert.strictEqual(answer.total, 8)
      assert.isAbove((yield* find({ kind: "datasets", clean_room: summer, name: "crm" })).total ?? 0, 0)
      assert.strictEqual((yield* find({ kind: "datasets", clean_room: summer, status: "configured" })).total, 8)
      const exposures = answer.datasets?.find(({ owner, type }) =>
        owner === "Lumen Street Media" && type === "AdExposure"
      )
      assert.deepStrictEqual(exposures?.partition_fields, ["exposure_date"])
    }))

  it.effect("asks in which clean room, with the exact next calls", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "datasets", name: "CRM" })
      assert.strictEqual(answer.status, "needs_input")
      assert.lengthOf(answer.options ?? [], 7)
      const [room] = answer.options ?? []
      assert.deepStrictEqual(answer.next_steps?.[0]?.arguments, {
        kind: "datasets",
        name: "CRM",
        clean_room: room?.display_id
      })
    }))

  it.effect("lists partners and who was invited but has not accepted", () =>
    Effect.gen(function*() {
      const joined = yield* find({ kind: "partners", clean_room: summer, status: "accepted" })
      assert.deepStrictEqual(joined.partners?.map(({ accepted, name, users }) => [name, accepted, users?.length]), [
        ["Fizzwell Beverages", true, 1],
        ["Lumen Street Media", true, 1]
      ])
      const { partners } = yield* find({ kind: "partners", clean_room: "Holiday Planning" })
      const [invited] = partners ?? []
      assert.deepStrictEqual(
        [invited?.accepted, invited?.invited_email, invited?.invitation_status],
        [false, "noah.kim@fizzwell.example", "PENDING"]
      )
      assert.match(invited?.invited_at ?? "", /Z$/)
      assert.strictEqual((yield* find({ kind: "partners", clean_room: summer, name: "fizz" })).total, 1)
      const declined = yield* find({ kind: "partners", clean_room: summer, status: "declined", name: "owen.marsh" })
      assert.strictEqual(declined.total, 1)
    }))

  it.effect("tells denied partners as denied beside what it may see", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "partners", clean_room: "Kestrel Reporting" })
      assert.strictEqual(answer.status, "partial")
      const [denied] = answer.denied ?? []
      assert.deepStrictEqual([denied?.part, denied?.clean_room?.name], ["partners", "Kestrel Reporting"])
      assert.include(denied?.advice, "maren.holt@alderpine.example")
    }))

  it.effect("lists the organisation's users, or a clean room's, and knows the API user", () =>
    Effect.gen(function*() {
      const everyone = yield* find({ kind: "users" })
      assert.strictEqual(everyone.total, 6)
      assert.deepStrictEqual(everyone.users?.filter(({ api_user }) => api_user).map(({ role }) => role), [
        "API Administrator"
      ])
      const { users } = yield* find({ kind: "users", clean_room: summer, name: "maren" })
      assert.deepStrictEqual(users?.map(({ name, role }) => [name, role]), [["Maren Holt", "Administrator"]])
    }))

  it.effect("lists data connections with what their state means and what is next", () =>
    Effect.gen(function*() {
      const answer = yield* find({ kind: "data_connections" })
      assert.strictEqual(answer.total, 23)
      const [failed] = (yield* find({ kind: "data_connections", status: "configuration failed" })).data_connections ??
        []
      assert.deepStrictEqual([failed?.state, failed?.activity], ["CONFIGURATION_FAILED", "ACTIVE"])
      assert.match(failed?.next ?? "", /retry this connection/)
    }))

  it.effect("lists credentials without their values, destinations, and invitations of all clean rooms", () =>
    Effect.gen(function*() {
      const { credentials = [] } = yield* find({ kind: "credentials" })
      const aws = credentials.find(({ name }) => name === "Alder & Pine AWS")
      assert.strictEqual(aws?.kind, "AWS IAM User Credentials", JSON.stringify(credentials))
      assert.isTrue(credentials.find(({ name }) => name === "LiveRamp Service Account")?.managed_by_liveramp)
      assert.notInclude(JSON.stringify(credentials), "AKIA")
      const { destinations = [], total } = yield* find({ kind: "destinations" })
      assert.strictEqual(destinations.length, total)
      assert.isTrue(
        destinations.length > 0 && destinations.every(({ id, status }) => id !== undefined && status !== undefined)
      )
      const { invitations = [] } = yield* find({ kind: "invitations", status: "pending" })
      assert.include(invitations.map(({ email }) => email), "noah.kim@fizzwell.example")
      assert.isTrue(invitations.every(({ clean_room }) => clean_room !== undefined))
      const wrong = yield* Effect.flip(find({ kind: "credentials", clean_room: "Holiday Planning" }))
      assert.strictEqual(wrong._tag, "InputInvalid")
    }))

  it.effect("lists exports in all clean rooms, and those of one question or status", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const all = yield* find({ kind: "exports" })
      assert.deepStrictEqual(
        all.exports?.map(({ id }) => id).sort(),
        world.exportJobs.all().map(({ id }) => id).sort()
      )
      const [hero] = (yield* find({ kind: "exports", question: Seed.hero })).exports ?? []
      assert.deepStrictEqual([hero?.to, hero?.clean_room.startsWith(summer)], ["Alder & Pine S3 Exports", true])
      const paused = yield* find({ kind: "exports", status: "paused" })
      assert.deepStrictEqual([paused.total, paused.next_steps?.[0]?.tool], [1, "manage_data_exports"])
    }))

  it.effect("lists schedules of a clean room or of one question, ended ones told apart", () =>
    Effect.gen(function*() {
      const asked = yield* find({ kind: "schedules" })
      assert.deepStrictEqual([asked.status, asked.next_steps?.[0]?.arguments["kind"]], ["needs_input", "schedules"])
      const agency = yield* find({ kind: "schedules", clean_room: "Kestrel Reporting" })
      assert.includeMembers(agency.schedules?.map(({ name }) => name) ?? [], [
        "Stores every morning",
        "Channels on Mondays"
      ])
      const [weekly] = (yield* find({ kind: "schedules", clean_room: "Kestrel Reporting", status: "weekly" }))
        .schedules ?? []
      assert.match(weekly?.repeats ?? "", /^WEEKLY/)
      const one = yield* find({ kind: "schedules", question: "Weekly Sales by Category" })
      assert.deepStrictEqual(one.schedules?.map(({ name }) => name), ["Weekly sales, every day"])
    }))

  it.effect("stays small for the whole organisation", () =>
    Effect.gen(function*() {
      const { cleanRooms } = yield* HabuDirectory.HabuDirectory
      const rooms = yield* cleanRooms
      const inputs: ReadonlyArray<FindResources.Input> = [
        ...FindResources.Kind.literals.map((kind) => ({ kind })),
        { kind: "runs", question: Seed.hero },
        ...rooms.flatMap(({ id = "" }) =>
          (["datasets", "partners", "users"] as const).map((kind) => ({ kind, clean_room: id }))
        )
      ]
      const sizes = yield* Effect.forEach(inputs, (input) =>
        Effect.map(find(input), (answer) => [Math.round(JSON.stringify(answer).length / 4), input] as const))
      const [most] = [...sizes].sort(([a], [b]) =>
        b - a
      )
      yield* Effect.logInfo(`find_resources: at most ${most?.[0]} tokens, for ${JSON.stringify(most?.[1])}`)
      assert.isBelow(most?.[0] ?? Infinity, 4_000)
    }))
})
