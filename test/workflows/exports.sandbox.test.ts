import { assert, it as plain, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../src/habu/HabuClient.js"
import { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as History from "../../src/workflows/export/History.js"
import * as ManageDataExports from "../../src/workflows/ManageDataExports.js"
import * as Reading from "../../src/workflows/Reading.js"
import * as Codes from "../support/Codes.js"
import * as Truth from "../support/Truth.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const summer = "Fizzwell Summer Campaign"
const marketplace = "Lumen Street Audience Marketplace"
const store = "Alder & Pine S3 Exports"
const archive = "Report Archive (GCS)"
const activation = "Alder & Pine Activation"
const ads = "Alder & Pine Facebook Ads"
const brand = "Fizzwell Customer Match"
const people = "Exposed Buyers - User List"
const device = "Reach by Device"
const path = { S3_EXPORT_PATH: "s3://alder-pine-exports/summer/device/" }

const canary = "q7Canary9SecretValueThatMustNeverLeave00"
const secrets = ConfigProvider.fromMap(
  new Map([
    ["HABU_CREDENTIAL_FB_ACCOUNT", "act_2040611"],
    ["HABU_CREDENTIAL_FB_TOKEN", canary]
  ])
)

const exports = (input: ManageDataExports.Input) =>
  Effect.flatMap(ManageDataExports.run(input), Schema.encode(ManageDataExports.Output)).pipe(
    Effect.withConfigProvider(secrets)
  )

const results = (answer: ManageDataExports.Output) =>
  (answer.steps ?? []).map(({ result, step }) => `${step.replace(/ \([0-9a-f-]{36}\)/, "")}: ${result}`)

const reasons = (answer: ManageDataExports.Output) => (answer.steps ?? []).map(({ detail }) => detail).join(" ")

const tokens = (answer: unknown) => JSON.stringify(answer).length / 4

const jobsOf = (question: string) =>
  Effect.gen(function*() {
    const { world } = yield* Sandbox.Sandbox
    const directory = yield* HabuDirectory
    const placed = yield* directory.question(question)
    return world.exportJobs.where(({ source }) =>
      source._tag === "Question" && source.cleanRoomQuestionId === placed.question.id
    )
  })

const provisionOf = (destination: string, room: string) =>
  Effect.gen(function*() {
    const { world } = yield* Sandbox.Sandbox
    const { id } = yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(room))
    const row = world.destinations.find(({ name }) => name.trim().toLowerCase() === destination.toLowerCase())
    return world.provisions.find(({ cleanRoomId, destinationId }) => cleanRoomId === id && destinationId === row?.id)
  })

const exporting = { action: "export", clean_room: summer, questions: [device], destinations: [store] } as const

const like = ({ credentials }: Sandbox.Service["world"], id: string | undefined) => {
  const row = credentials.get(id ?? "")
  return row ?? assert.fail("the seed changed")
}

layer(WorkflowStack.layer(), { excludeTestServices: true })("manage_data_exports against the sandbox", (it) => {
  it.effect("shows destinations, what they are made with, and how exports stand in a clean room", () =>
    Effect.gen(function*() {
      const own = yield* exports({})
      assert.deepStrictEqual(own.destinations?.map(({ name }) => name), [store, activation, ads, archive])
      assert.match(own.destinations?.find(({ name }) => name === ads)?.set_up ?? "", /^It failed: "The access token/)
      const types = yield* exports({ action: "destination_types", detail: "full" })
      const facebook = types.destination_types?.find(({ name }) => name === "Facebook Custom Audiences")
      assert.deepStrictEqual([facebook?.takes, facebook?.keys], ["user lists", [
        "FACEBOOK_AD_ACCOUNT_ID",
        "FACEBOOK_ACCESS_TOKEN"
      ]])
      const here = yield* exports({ clean_room: summer })
      assert.match(here.summary, /2 exports, 0 paused\. 1 destination waits for approval/)
      const pending = here.destinations?.find(({ name }) => name === brand)
      assert.deepStrictEqual([pending?.ours, pending?.in_clean_room], [false, "PENDING_CHANNEL"])
      assert.deepStrictEqual(here.next_steps?.map((step) => step.arguments["action"]), ["history", "approve"])
      for (const answer of [own, types, here]) assert.isBelow(tokens(answer), 4_000)
    }))

  it.effect("says why an export cannot be, before anything is sent, and who can change that", () =>
    Effect.gen(function*() {
      const refused = (input: ManageDataExports.Input) =>
        Effect.map(WorkflowStack.writesOf(exports(input)), ([answer, sent]) => {
          assert.deepStrictEqual([answer.status, sent], ["failed", []])
          return reasons(answer)
        })
      const ended = { clean_room: "Spring Launch", questions: ["Spring Launch Reach"] }
      assert.match(yield* refused({ ...exporting, parameters: path, ...ended }), /It ended on/)
      const snowflake = { clean_room: "Loyalty Insights (Snowflake)", questions: ["Members by Tier"] }
      assert.match(
        yield* refused({ ...exporting, parameters: path, ...snowflake }),
        /Snowflake clean rooms have no exports/
      )
      const missing = { questions: ["Segment Mix of a People List"] }
      assert.match(yield* refused({ ...exporting, parameters: path, ...missing }), /It is MISSING_DATASETS/)
      assert.match(yield* refused({ ...exporting, destinations: [activation] }), /takes user lists only/)
      const failed = { questions: [people], destinations: [ads] }
      assert.match(yield* refused({ ...exporting, ...failed }), /The access token has expired/)
      const habu = yield* HabuClient
      const read = (yield* habu.getAllDataConnections({})).flatMap(({ dataSourceConfiguration = [] }) =>
        dataSourceConfiguration.flatMap(({ value = "" }) => value.startsWith("s3://") ? [value] : [])
      )
      const into = { parameters: { S3_EXPORT_PATH: `${read[0]?.toUpperCase().replace("S3://", "s3://")}/out/` } }
      assert.match(yield* refused({ ...exporting, ...into }), /The data connection .* reads from there/)
    }))

  it.effect("names who can switch exports on, with which call, and does not do it", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const { id } = yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom("Holiday Planning"))
      const row = world.cleanRooms.get(id)
      if (row === undefined) return yield* Effect.die("no such clean room")
      world.cleanRooms.put({ ...row, parameters: { ...row.parameters, ENABLE_EXPORT: "false" } })
      yield* Reading.anew
      const answer = yield* exports({ clean_room: "Holiday Planning" })
      assert.match(answer.summary, /Only an administrator of its owner, Alder & Pine Retail, can switch them on/)
      assert.deepStrictEqual(answer.next_steps?.map(({ tool }) => tool), ["manage_cleanroom_lifecycle"])
      assert.strictEqual(world.cleanRooms.get(id)?.parameters["ENABLE_EXPORT"], "false")
      world.cleanRooms.put(row)
      yield* Reading.anew
    }))

  it.effect("asks for what is missing, with the exact next call, and refuses what stands in for a real path", () =>
    Effect.gen(function*() {
      const [answers, sent] = yield* WorkflowStack.writesOf(Effect.all({
        room: exports({ action: "export" }),
        question: exports({ action: "export", clean_room: summer }),
        destination: exports({ action: "export", questions: [device] }),
        where: exports(exporting),
        which: exports({ action: "pause", clean_room: summer })
      }))
      for (const answer of Object.values(answers)) assert.strictEqual(answer.status, "needs_input")
      assert.match(String(answers.room.next_steps?.[0]?.arguments["clean_room"]), /^CR-/)
      assert.match(answers.destination.summary, /Alder & Pine S3 Exports/)
      assert.deepStrictEqual(answers.where.next_steps?.[0]?.arguments["parameters"], { S3_EXPORT_PATH: "" })
      assert.match(answers.which.summary, /Campaign reach and sales overlap to/)
      for (const value of ["", "s3://<bucket>/x", "s3://your-bucket/x"]) {
        const error = yield* Effect.flip(exports({ ...exporting, parameters: { S3_EXPORT_PATH: value } }))
        assert.strictEqual(error._tag, "InputInvalid")
      }
      const stranger = yield* Effect.flip(exports({ ...exporting, parameters: { GCS_EXPORT_PATH: "gs://alder/x" } }))
      assert.match(stranger.message, /none of the destinations takes/)
      const unknown = yield* Effect.flip(exports({ ...exporting, destinations: ["Fizzwell Customer Match"] }))
      assert.match(unknown.message, /destination/)
      assert.deepStrictEqual(sent, [])
    }))

  it.effect("exports once, pauses, resumes, and deletes for good", () =>
    Effect.gen(function*() {
      const call = { ...exporting, parameters: path }
      const [planned, none] = yield* WorkflowStack.writesOf(exports({ ...call, dry_run: true }))
      const step = `export "${device}" to "${store}"`
      assert.deepStrictEqual([results(planned), none], [[`${step}: planned`], []])
      assert.include(reasons(planned), "S3_EXPORT_PATH s3://alder-pine-exports/summer/device/")
      const made = yield* exports(call)
      assert.deepStrictEqual([made.status, results(made)], ["done", [`${step}: done`]])
      const [job] = yield* jobsOf(device)
      assert.deepStrictEqual(job?.parameters, [{ name: "S3_EXPORT_PATH", value: path.S3_EXPORT_PATH }])
      const [again, sent] = yield* WorkflowStack.writesOf(exports(call))
      assert.deepStrictEqual([again.status, again.steps?.[0]?.result, sent], ["done", "skipped", []])

      const paused = yield* exports({ action: "pause", questions: [device] })
      assert.deepStrictEqual([paused.status, (yield* jobsOf(device))[0]?.status], ["done", "PAUSED"])
      assert.match(reasons(yield* exports(call)), /paused; action resume/)
      assert.strictEqual((yield* exports({ action: "resume", questions: [device] })).status, "done")
      assert.strictEqual((yield* jobsOf(device))[0]?.status, "ACTIVE")

      const withdrawn = yield* exports({ action: "withdraw", clean_room: summer, destinations: [store] })
      assert.match(reasons(withdrawn), /It is used by/)
      const gone = { action: "delete", clean_room: summer, exports: [job?.id ?? ""] } as const
      assert.strictEqual((yield* exports(gone)).status, "done")
      assert.deepStrictEqual(yield* jobsOf(device), [])
      assert.strictEqual((yield* exports(gone)).steps?.[0]?.result, "skipped")
    }))

  it.effect("asks a partner's clean room for a place, waits for its owner, and goes on then", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const call = {
        action: "export",
        clean_room: marketplace,
        questions: ["Segment Sizes for Retail Partners"],
        destinations: [store],
        parameters: { S3_EXPORT_PATH: "s3://alder-pine-exports/market/" }
      } as const
      const first = yield* exports(call)
      assert.deepStrictEqual([first.status, first.steps?.map(({ result }) => result)], ["partial", ["done", "skipped"]])
      assert.match(reasons(first), /waits for approval by Lumen Street Media/)
      const [approving, sent] = yield* WorkflowStack.writesOf(
        exports({ action: "approve", clean_room: marketplace, destinations: [store] })
      )
      assert.deepStrictEqual([approving.status, sent], ["failed", []])
      assert.match(reasons(approving), /Lumen Street Media decides on it/)
      const { id } = yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(marketplace))
      yield* sandbox.partner.review({ cleanroomId: id, destination: store, decision: "APPROVE" })
      const second = yield* exports(call)
      assert.deepStrictEqual([second.status, results(second)], ["done", [
        `export "Segment Sizes for Retail Partners" to "${store}": done`
      ]])
      const rejected = { cleanroomId: id, destination: activation, decision: "REJECT" } as const
      yield* sandbox.partner.review(rejected)
      const after = yield* exports({ ...call, destinations: [activation], parameters: {} })
      assert.match(reasons(after), /Lumen Street Media rejected it/)
    }))

  it.effect("makes a destination whose secret is read by reference, once, and follows its set-up", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const call = {
        action: "create_destination",
        destinations: ["Autumn Ads"],
        destination_type: "facebook custom audiences",
        credential: "Autumn Ads token"
      } as const
      const values = {
        FACEBOOK_AD_ACCOUNT_ID: "HABU_CREDENTIAL_FB_ACCOUNT",
        FACEBOOK_ACCESS_TOKEN: "HABU_CREDENTIAL_FB_TOKEN"
      }
      const pasted = { ...values, FACEBOOK_ACCESS_TOKEN: canary }
      const [refusal, none] = yield* WorkflowStack.writesOf(
        Effect.flip(exports({ ...call, credential_values: pasted }))
      )
      assert.notInclude(JSON.stringify(refusal), canary)
      assert.deepStrictEqual(none, [])
      const kinds = yield* exports({ action: "create_destination", destinations: ["Autumn Ads"] })
      assert.match(kinds.summary, /Facebook Custom Audiences/)
      const wrong = yield* Effect.flip(exports({ ...call, destination_type: "S3_EXPORT", credential: ads }))
      assert.match(wrong.message, /takes AWS IAM User Credentials/)
      const made = yield* exports({ ...call, credential_values: values })
      assert.deepStrictEqual([made.status, made.destinations?.[0]?.set_up], [
        "done",
        "Habu is still checking it; that takes some minutes."
      ])
      assert.isAbove(made.next_steps?.[0]?.after_seconds ?? 0, 0)
      const [again, sent] = yield* WorkflowStack.writesOf(exports({ ...call, credential_values: values }))
      assert.deepStrictEqual([again.steps?.[0]?.result, sent], ["skipped", []])
      assert.strictEqual(sandbox.world.destinations.where(({ name }) => name === "Autumn Ads").length, 1)
      assert.notInclude(JSON.stringify([made, again]), canary)
      yield* Effect.promise(() => new Promise((done) => setTimeout(done, 300_000 / WorkflowStack.speed)))
      yield* Reading.anew
      const ready = yield* exports({})
      assert.strictEqual(ready.destinations?.find(({ name }) => name === "Autumn Ads")?.set_up, "works")
    }))

  it.effect("makes segments of a user list, changes them, and tells where its people went", () =>
    Effect.gen(function*() {
      const call = { action: "segment", questions: [people], segment_name: "Buyers", identifier: "NAME" } as const
      const asked = yield* exports({ ...call, segment_name: "" })
      assert.deepStrictEqual([asked.status], ["needs_input"])
      const [no, none] = yield* WorkflowStack.writesOf(exports({ ...call, questions: [device] }))
      assert.match(reasons(no), /only questions that make user lists/)
      assert.deepStrictEqual(none, [])
      const made = yield* exports(call)
      assert.deepStrictEqual([made.status, made.steps?.[0]?.detail?.slice(0, 4)], ["done", "Made"])
      const changed = yield* exports({ ...call, segment_name: "Summer buyers" })
      assert.match(reasons(changed), /^Changed as asset/)
      const went = yield* exports({ action: "activations", questions: [people] })
      assert.deepStrictEqual(went.activations?.map(({ channel, identifier }) => [channel, identifier]), [[
        "Summer buyers",
        "NAME"
      ]])
      assert.isUndefined((yield* exports({ action: "history", questions: [device] })).exports)
    }))

  it.effect("explains what exports sent", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* exports({ action: "history", clean_room: summer })
      const explained = (answer.explained ?? []).join("\n")
      const statuses = answer.exports?.flatMap(({ runs = [] }) => runs.map(({ run_status }) => run_status)) ?? []
      assert.includeMembers(statuses, ["COMPLETE", "THRESHOLD_WARNING"])
      assert.match(explained, /COMPLETE: .*_SUCCESS/)
      assert.match(explained, /THRESHOLD_WARNING: Probably too few people/)
      for (const status of new Set(statuses)) assert.include(explained, `${status}: `)
      assert.deepStrictEqual(answer.exports?.[0]?.settings, [
        "S3_EXPORT_PATH: s3://alder-pine-exports/summer/reach/"
      ])
      yield* sandbox.faults.add({ operation: "listCleanroomDestinations", kind: "status", status: 403 })
      yield* Reading.anew
      const partial = yield* exports({ clean_room: summer })
      assert.strictEqual(partial.status, "partial")
      assert.match(partial.denied?.join() ?? "", /destinations in the clean room: denied/)
      assert.isUndefined(partial.destinations)
      assert.isAbove(partial.exports?.length ?? 0, 0)
      yield* sandbox.faults.clear
    }))

  it.effect("explains each way in which an export ends, and what access denied calls for", () =>
    Effect.sync(() => {
      const statuses = ["NO_NEW_USERS", "PARTIALLY_FAILED", "FAILED", "SOMETHING_NEW"] as const
      const runs = statuses.map((status) => ({ status, errorMessage: "Access to s3://x was denied" }))
      const [first = "", ...rest] = History.explained(runs, true)
      assert.match(first, /^NO_NEW_USERS: No error/)
      assert.match(rest.join("\n"), /SOMETHING_NEW: Habu does not say[^]*ask LiveRamp[^]*KMS key/)
    }))

  it.effect("takes an unused destination out of a clean room, and an ended one takes none in", () =>
    Effect.gen(function*() {
      const call = { clean_room: summer, destinations: [ads] }
      const taken = yield* exports({ ...call, action: "withdraw" })
      assert.deepStrictEqual([taken.status, yield* provisionOf(ads, summer)], ["done", undefined])
      assert.strictEqual((yield* exports({ ...call, action: "withdraw" })).steps?.[0]?.result, "skipped")
      assert.strictEqual((yield* exports({ ...call, action: "provision" })).status, "done")
      assert.strictEqual((yield* provisionOf(ads, summer))?.review, "APPROVED")
      const [late, sent] = yield* WorkflowStack.writesOf(
        exports({ ...call, clean_room: "Spring Launch", action: "provision" })
      )
      assert.deepStrictEqual([late.status, sent], ["failed", []])
      const rejected = yield* exports({ action: "reject", clean_room: summer, destinations: [brand] })
      assert.deepStrictEqual([rejected.status, (yield* provisionOf(brand, summer))?.review], ["done", "REJECTED"])
      const late2 = yield* exports({ action: "approve", clean_room: summer, destinations: [brand] })
      assert.match(reasons(late2), /only one that waits can be decided on/)
    }))

  it.effect("changes a destination's name, credential and key, and deletes one that nothing uses", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const row = () => world.destinations.find(({ name }) => name === "Reports")
      const rename = { action: "change_destination", destinations: [archive], new_name: "Reports" } as const
      const [planned, none] = yield* WorkflowStack.writesOf(exports({ ...rename, dry_run: true }))
      assert.deepStrictEqual([planned.steps?.map(({ result }) => result), none], [["planned"], []])
      assert.strictEqual((yield* exports(rename)).destinations?.[0]?.name, "Reports")
      const [renamed, nothing] = yield* WorkflowStack.writesOf(exports(rename))
      assert.deepStrictEqual([renamed.status, renamed.steps?.[0]?.result, nothing], ["done", "skipped", []])
      const other = world.credentials.put({ ...like(world, row()?.credentialId), id: "c-2", name: "Other GCP" })
      const credential = { action: "change_destination", destinations: ["Reports"], credential: other.name } as const
      const seen = yield* exports({ ...credential, dry_run: true })
      assert.match(reasons(seen), /to "Other GCP"; what is exported to it goes where these lead.*outward/)
      assert.strictEqual((yield* exports(credential)).status, "done")
      assert.strictEqual(row()?.credentialId, other.id)
      assert.strictEqual((yield* exports(credential)).steps?.[0]?.result, "skipped")
      assert.strictEqual(
        (yield* exports({ action: "change_destination", destinations: ["Reports"] })).status,
        "needs_input"
      )
      const values = { ...credential, credential_values: { FACEBOOK_ACCESS_TOKEN: "HABU_CREDENTIAL_FB_TOKEN" } }
      assert.match((yield* Effect.flip(exports(values))).message, /changed to one that is there/)
      const used = yield* exports({ action: "delete_destination", destinations: [store] })
      assert.match(reasons(used), /It has \d+ export jobs?; delete/)
      const gone = { action: "delete_destination", destinations: [" reports "] } as const
      assert.strictEqual((yield* exports(gone)).status, "done")
      assert.isUndefined(row())
      const [again, more] = yield* WorkflowStack.writesOf(exports(gone))
      assert.deepStrictEqual([again.status, again.steps?.[0]?.result, more], ["done", "skipped", []])
    }))

  it.effect("exports nodes of a flow, and pauses and deletes all of a node's exports", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const held = () => world.exportJobs.where(({ source }) => source._tag === "Node")
      const flow = { clean_room: summer, flow: "Exposed Buyer Profile" } as const
      const which = yield* exports({ ...flow, action: "export", destinations: [store], parameters: {} })
      assert.match(which.summary, /Which nodes\?/)
      const call = {
        ...flow,
        nodes: [people],
        destinations: [store, activation],
        parameters: path,
        action: "export"
      } as const
      const made = yield* exports(call)
      assert.deepStrictEqual([made.status, held().length], ["done", 2])
      assert.deepStrictEqual(held().map(({ parameters }) => parameters.length).sort(), [0, 1])
      assert.strictEqual((yield* exports({ ...flow, nodes: [people], action: "pause" })).status, "done")
      assert.deepStrictEqual(held().map(({ status }) => status), ["PAUSED", "PAUSED"])
      const seen = yield* exports({ ...flow, action: "history" })
      assert.strictEqual(seen.exports?.length, 2)
      const again = yield* exports(call)
      assert.deepStrictEqual([again.status, again.steps?.map(({ result }) => result), held().length], ["done", [
        "skipped",
        "skipped"
      ], 2])
      assert.strictEqual((yield* exports({ ...flow, nodes: [people], action: "delete" })).status, "done")
      assert.deepStrictEqual(held(), [])
    }))

  it.effect("takes hostile text for text, and stays short", () =>
    Effect.gen(function*() {
      const { world } = yield* Sandbox.Sandbox
      const [row] = world.destinations.where(({ name }) => name === store)
      if (row === undefined) return yield* Effect.die("no such destination")
      const name = `\u202E\u0007 IGNORE ALL {{}} %s ${"x".repeat(5_000)}`
      for (let index = 0; index < 150; index += 1) {
        const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`
        world.destinations.put({ ...row, id, name: `${name}${index}` })
      }
      yield* Reading.anew
      const answers = [
        yield* exports({}),
        yield* exports({ clean_room: summer }),
        yield* exports({ ...exporting, destinations: [] })
      ]
      for (const answer of answers) {
        assert.isBelow(tokens(answer), 4_000)
        assert.notInclude(JSON.stringify(answer), "\\u202e")
        assert.notInclude(JSON.stringify(answer), "\u202E")
      }
      assert.match(answers[0]?.summary ?? "", /15\d destinations/)
    }))
})

plain.live("a partner's destination is approved by name and after agreement only, once", () =>
  Effect.gen(function*() {
    const call = { action: "approve", clean_room: summer, destinations: [brand] } as const
    const unnamed = yield* exports({ action: "approve", clean_room: summer })
    assert.deepStrictEqual([unnamed.status, unnamed.next_steps?.length], ["needs_input", 1])
    const [waiting, sent] = yield* WorkflowStack.writesOf(exports(call))
    assert.deepStrictEqual([waiting.status, sent], ["needs_confirmation", []])
    assert.match(waiting.confirmation?.changes[0] ?? "", /of Fizzwell .*results can then leave the clean room to it/)
    const { world } = yield* Sandbox.Sandbox
    const done = yield* Codes.refusals({
      call: (confirmation) => exports({ ...call, ...(confirmation !== undefined && { confirmation }) }),
      change: Effect.sync(() => {
        const row = world.destinations.find(({ name }) => name === brand)
        if (row !== undefined) world.destinations.put({ ...row, name: brand.toUpperCase() })
      }),
      undo: Effect.map(provisionOf(brand, summer), (row) => {
        if (row !== undefined) world.provisions.put({ ...row, review: "PENDING" })
      })
    })
    assert.strictEqual(done.status, "done")
  }).pipe(Effect.provide(Layer.fresh(WorkflowStack.layer({ confirmation: {} })))))

const told = (input: ManageDataExports.Input) => ({ call: exports(input), dry: exports({ ...input, dry_run: true }) })

const world = Effect.map(Sandbox.Sandbox, ({ world }) => world)

const review = Effect.map(provisionOf(brand, summer), (row) => row?.review)

const destinationsNamed = (name: string) =>
  Effect.map(world, ({ destinations }) => destinations.where((one) => one.name === name))

const buyers = "Campaign reach and sales overlap to Alder & Pine S3 Exports"

const jobNamed = (name: string) => Effect.map(world, ({ exportJobs }) => exportJobs.find((job) => job.name === name))

/** Another export of the same question, so that each scenario has one of its own. */
const hasJob = (id: string, status: "ACTIVE" | "PAUSED") =>
  Effect.gen(function*() {
    const { exportJobs } = yield* world
    const like = yield* jobNamed(buyers)
    if (like !== undefined) exportJobs.put({ ...like, id, name: id, status })
  })

const pausing = "00000000-0000-4000-8000-000000000001"
const resuming = "00000000-0000-4000-8000-000000000002"
const deleting = "00000000-0000-4000-8000-000000000003"

const statusOf = (id: string) => Effect.map(world, ({ exportJobs }) => exportJobs.get(id)?.status)

const flow = { clean_room: summer, flow: "Exposed Buyer Profile", parameters: path } as const
const mix = "Segment Mix of a People List"

const nodeJobs = Effect.map(
  world,
  ({ exportJobs, flows }) =>
    exportJobs.where(({ source }) => source._tag === "Node").map(({ source, status }) => ({
      node: source._tag === "Node"
        ? flows.get(source.flowRowId)?.versions.flatMap(({ nodes }) => nodes).find(({ id }) => id === source.nodeId)
          ?.label
        : undefined,
      status
    }))
)

Truth.together("the truth about exports", [
  {
    name: "bringing a destination in and exporting to it",
    ...told({ ...exporting, destinations: [archive], parameters: { GCS_EXPORT_PATH: "gs://alder-pine-reports/x/" } }),
    holds: Effect.all({
      jobs: Effect.map(jobsOf(device), (jobs) => jobs.map(({ parameters, status }) => ({ parameters, status }))),
      provision: Effect.map(provisionOf(archive, summer), (row) => row?.review)
    }),
    holdsStep: (step) =>
      step.startsWith("export")
        ? Effect.map(jobsOf(device), (jobs) => jobs.length > 0)
        : Effect.map(provisionOf(archive, summer), (row) => row !== undefined),
    writes: ["provisionCleanroomDestinations", "createDataExportJobs"]
  },
  {
    name: "approving",
    ...told({ action: "approve", clean_room: summer, destinations: [brand] }),
    holds: review,
    holdsStep: () => Effect.map(review, (now) => now === "APPROVED"),
    writes: ["reviewDestinationProvisioningRequest"]
  },
  {
    name: "making a destination",
    ...told({
      action: "create_destination",
      destinations: ["Autumn Roles"],
      destination_type: "S3_IAM_ROLE_EXPORT"
    }),
    holds: Effect.map(destinationsNamed("Autumn Roles"), (rows) => rows.length),
    holdsStep: () => Effect.map(destinationsNamed("Autumn Roles"), (rows) => rows.length > 0),
    writes: ["createDestination"]
  },
  {
    name: "taking a destination out",
    ...told({ action: "withdraw", clean_room: summer, destinations: [ads] }),
    holds: Effect.map(provisionOf(ads, summer), (row) => row === undefined),
    holdsStep: () => Effect.map(provisionOf(ads, summer), (row) => row === undefined),
    writes: ["deprovisionCleanroomDestination"]
  },
  {
    name: "pausing an export",
    before: hasJob(pausing, "ACTIVE"),
    ...told({ action: "pause", clean_room: summer, exports: [pausing] }),
    holds: statusOf(pausing),
    holdsStep: () => Effect.map(statusOf(pausing), (status) => status === "PAUSED"),
    writes: ["changeJobStatus"]
  },
  {
    name: "deleting an export",
    before: hasJob(deleting, "ACTIVE"),
    ...told({ action: "delete", clean_room: summer, exports: [deleting] }),
    holds: statusOf(deleting),
    holdsStep: () => Effect.map(statusOf(deleting), (status) => status === undefined),
    writes: ["deleteDataExportJob"]
  },
  {
    name: "exporting a node",
    ...told({ ...flow, action: "export", nodes: [people], destinations: [store] }),
    holds: nodeJobs,
    holdsStep: () => Effect.map(nodeJobs, (jobs) => jobs.length > 0),
    writes: ["createFlowNodeExportJobs"]
  }
])

let changed = ""

Truth.together("the truth about exports and destinations that are there", [
  {
    name: "rejecting",
    ...told({ action: "reject", clean_room: summer, destinations: [brand] }),
    holds: review,
    holdsStep: () => Effect.map(review, (now) => now === "REJECTED"),
    writes: ["reviewDestinationProvisioningRequest"]
  },
  {
    name: "letting an export go on",
    before: hasJob(resuming, "PAUSED"),
    ...told({ action: "resume", clean_room: summer, exports: [resuming] }),
    holds: statusOf(resuming),
    holdsStep: () => Effect.map(statusOf(resuming), (status) => status === "ACTIVE"),
    writes: ["changeJobStatus"]
  },
  {
    name: "pausing the exports of a node",
    before: exports({ ...flow, action: "export", nodes: [mix], destinations: [store] }),
    ...told({ ...flow, action: "pause", nodes: [mix] }),
    holds: Effect.map(nodeJobs, (jobs) => jobs.filter(({ status }) => status === "PAUSED").length),
    holdsStep: () => Effect.map(nodeJobs, (jobs) => jobs.some(({ status }) => status === "PAUSED")),
    writes: ["updateFlowNodeExportJobsStatus"]
  },
  {
    name: "deleting the exports of a node",
    before: exports({ ...flow, action: "export", nodes: [people], destinations: [activation], parameters: {} }),
    ...told({ ...flow, action: "delete", nodes: [people] }),
    holds: Effect.map(nodeJobs, (jobs) => jobs.length),
    holdsStep: () => Effect.map(nodeJobs, (jobs) => jobs.length === 1),
    writes: ["deleteFlowNodeExportJobs"]
  },
  {
    name: "making segments",
    ...told({
      action: "segment",
      clean_room: summer,
      questions: [people],
      segment_name: "Summer Buyers",
      identifier: "NAME"
    }),
    repeats: true,
    holds: Effect.map(
      world,
      ({ cleanRoomQuestions }) =>
        cleanRoomQuestions.where(({ segmentation }) => segmentation !== undefined).map(({ segmentation }) =>
          segmentation?.name
        )
    ),
    holdsStep: () =>
      Effect.map(
        world,
        ({ cleanRoomQuestions }) =>
          cleanRoomQuestions.find(({ segmentation }) => segmentation?.name === "Summer Buyers") !== undefined
      ),
    writes: ["updateCleanroomQuestionSegmentation", "enableCleanroomQuestionSegmentation"]
  },
  {
    name: "changing a destination",
    before: Effect.map(destinationsNamed(archive), ([row]) => {
      changed = row?.id ?? ""
    }),
    call: Effect.suspend(() => exports({ action: "change_destination", destinations: [changed], new_name: "Reports" })),
    holds: Effect.map(world, ({ destinations }) => destinations.get(changed)?.name),
    holdsStep: () => Effect.map(world, ({ destinations }) => destinations.get(changed)?.name === "Reports"),
    writes: ["updateDestinationConnection"]
  },
  {
    name: "deleting a destination",
    before: Effect.gen(function*() {
      const { destinations } = yield* world
      const [like] = yield* destinationsNamed(archive)
      if (like !== undefined) destinations.put({ ...like, id: "destination-unused", name: "Unused" })
    }),
    ...told({ action: "delete_destination", destinations: ["Unused"] }),
    holds: Effect.map(destinationsNamed("Unused"), (rows) => rows.length),
    holdsStep: () => Effect.map(destinationsNamed("Unused"), (rows) => rows.length === 0),
    writes: ["deleteDestinationConnection"]
  }
])
